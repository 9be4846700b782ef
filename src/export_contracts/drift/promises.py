"""What a vendor's publications promised at a date (`specs/<vendor>/promises.yaml`); reads no publication.

The contract accepts every edition at once; this file says which edition printed what. A name may stand several times,
with dates that do not overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from export_contracts.catalogue import strict_yaml
from export_contracts.catalogue.contract import Contract
from export_contracts.drift import vocabulary
from export_contracts.errors import ContractError, UsageError
from export_contracts.model import Json

FILE: Final = "promises.yaml"
NUMBER: Final = r"(?<![\w.,-])(\d{1,3}(?:[,. '’\u00a0\u202f]\d{3})+|\d+)(?![\w-])"
"""A number as printed in any country, `N` in the expressions that find limits."""


@dataclass(frozen=True)
class Group:
    """Names that stand together: the members of a body, the parameters of a query, the statuses of an operation.

    area: `request`, `query`, `header`, `path`, `field` (names of the export's fields), `response`, `object` (rows of
    the files), `status`, `limit`. `forms`: which publications print it, of `page` and `openapi`. `sampled`: its whole
    is shown as a sample, so that what a sample lacks is gone.
    """

    operation: str
    area: str
    forms: frozenset[str]
    sampled: bool = False


@dataclass(frozen=True)
class Promise:
    """One name of a group. Dates are months; `until` is the first month without the promise."""

    group: Group
    at: str
    types: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    need: str | None = None
    enum: frozenset[str] = frozenset()
    value: int | str | None = None
    find: tuple[str, ...] = ()
    since: str = ""
    until: str | None = None
    starred: bool = False
    """Whether pages print a star or condition beside a need that they state without one elsewhere."""
    rare: bool = False
    """Whether editions of the same date leave it out."""
    listed: bool = False
    """Whether it stands in a list inside a table's cell, which saved text loses: missed in such lists only."""
    unit: str = ""
    """Of a limit that pages tell in several units: `day`."""
    clauses: tuple[str, ...] = ()
    """Clauses that rest on it, where its name does not tell."""

    def holds(self, month: str | None) -> bool:
        """Whether it is a promise of that month; None is the newest."""
        if month is None:
            return self.until is None
        return self.since <= month and (self.until is None or month < self.until)


def printed(contract: Contract) -> bool:
    """Whether anybody wrote down what the vendor's publications printed when."""
    return (contract.folder / FILE).is_file()


def of(contract: Contract) -> tuple[Promise, ...]:
    """Every dated promise of a vendor's publications; `UsageError` for a vendor whose specs have none."""
    path = contract.folder / FILE
    if not path.is_file():
        raise UsageError(f"The contract of {contract.manifest.slug} has no {FILE}.")
    return _load(str(path))


@cache
def _load(path: str) -> tuple[Promise, ...]:
    from pathlib import Path

    return tuple(one for part in strict_yaml.load(Path(path)) for one in _group(part, path))


def _group(part: dict[str, Json], path: str) -> Iterator[Promise]:
    forms = frozenset(part.get("in", ["page", "openapi"]))
    group = Group(part.get("operation", ""), part["area"], forms, bool(part.get("sampled")))
    for one in part["names"]:
        find = tuple(one.get("find", ()))
        for pattern in find:
            try:
                re.compile(finder(pattern))
            except re.error as error:
                raise ContractError(f"{path}: {pattern!r} is no expression: {error}.") from None
        yield Promise(
            group,
            str(one["at"]),
            _set(one.get("type")),
            _set(one.get("items")),
            one.get("need"),
            _set(one.get("enum")),
            one.get("value"),
            find,
            one.get("since", ""),
            one.get("until"),
            bool(one.get("starred")),
            bool(one.get("rare") or one.get("listed")),
            bool(one.get("listed")),
            one.get("unit", ""),
            tuple(one.get("clauses", ())),
        )


def finder(pattern: str) -> str:
    """The expression with every lone `N` standing for a number as people print it, and `W` for one in words."""
    in_words = rf"\b({'|'.join(vocabulary.NUMERALS)})\b"
    return re.sub(r"(?<!\\)\bW\b", lambda _: in_words, re.sub(r"\bN\b", lambda _: NUMBER, pattern))


def _set(value: Json) -> frozenset[str]:
    return frozenset([value] if isinstance(value, str) else value or ())
