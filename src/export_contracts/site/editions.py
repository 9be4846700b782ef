"""What a vendor's pages printed, and from which month until which (`promises.yaml`), as tables with bars of time.

The contract accepts every edition at once; here stands which edition printed what. Compares nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from export_contracts.catalogue import strict_yaml
from export_contracts.catalogue.contract import Contract
from export_contracts.model import Json
from export_contracts.site.operations import kind

AREAS: Final = {
    "request": "members of the request",
    "query": "parameters of the query",
    "header": "headers of the request",
    "path": "parts of the path",
    "field": "names of fields to ask for",
    "response": "members of the answer",
    "object": "members of a delivered row",
    "status": "statuses",
    "limit": "limits",
    "format": "formats",
    "wording": "other particulars",
}
FORMS: Final = {("page",): "on pages", ("openapi",): "in the vendor's OpenAPI file"}


@dataclass(frozen=True)
class Printed:
    """One name and what was said of it; `start` and `width` are parts of a bar of 100. `rare`: not in all editions."""

    name: str
    what: str
    since: str
    until: str
    rare: bool
    start: float
    width: float


@dataclass(frozen=True)
class Group:
    """Names that stand together; `place` is the anchor of their table."""

    title: str
    place: str
    rows: tuple[Printed, ...]


def months(contract: Contract) -> list[str]:
    """Every month in which a clause or a printed name begins or ends, in order."""
    dated: list[Mapping[str, Json]] = [{"since": one.since, "until": one.until} for one in contract.clauses]
    dated += [one for group in _groups(contract) for one in group["names"]]
    return sorted({month for one in dated for month in (one.get("since"), one.get("until")) if month})


def groups(contract: Contract) -> Iterator[Group]:
    """A table for each operation and part of it; none where nobody wrote down what was printed when."""
    known = months(contract)
    for number, one in enumerate(_groups(contract)):
        forms = FORMS.get(tuple(one.get("in", ())), "")
        words = str(AREAS.get(one["area"], one["area"]))
        operation = f" of {one['operation']}" if "operation" in one else ""
        title = ", ".join(part for part in (words.capitalize() + operation, forms) if part)
        order = {name: place for place, name in reversed(list(enumerate(x["at"] for x in one["names"])))}
        rows = sorted(one["names"], key=lambda row: (order[row["at"]], row.get("since", "")))
        yield Group(title, f"group-{number}", tuple(_printed(row, known) for row in rows))


def _printed(row: Mapping[str, Json], known: list[str]) -> Printed:
    since, until = row.get("since", ""), row.get("until") or ""
    start = _part(since, known) if since else 0.0
    end = _part(until, known) if until else 100.0
    return Printed(row["at"], _what(row), since, until, bool(row.get("rare")), start, round(max(end - start, 1.0), 1))


def _what(row: Mapping[str, Json]) -> str:
    parts = [row["need"]] if "need" in row else []
    if "type" in row:
        items = {"items": {"type": row["items"]}} if "items" in row else {}
        parts.append(kind({"type": row["type"], **items}))
    if "value" in row:
        parts.append(" ".join(str(one) for one in (row["value"], row.get("unit", "")) if one != ""))
    values = [one for one in row.get("enum", ()) if one != "*"]
    if values:
        parts.append(f"one of {', '.join(str(one) for one in values)}")
    return ", ".join(parts)


def _part(month: str, known: list[str]) -> float:
    """Where a month stands between half a year before the first of the known ones and half a year after the last."""
    first, last = _count(known[0]) - 6, _count(known[-1]) + 6
    return round((_count(month) - first) / (last - first) * 100, 1)


def _count(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number)


def _groups(contract: Contract) -> Iterable[Mapping[str, Json]]:
    path = contract.folder / "promises.yaml"
    found: list[Mapping[str, Json]] = strict_yaml.load(path) if path.is_file() else []
    return found
