"""Two results documents side by side: what changed, worst change first, and what stayed. Knows verdicts, no markup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from export_contracts.model import Json

ORDER: Final = ("retired", "pass", "unsupported", "unexercised", "notice", "warn", "fail", "error")
"""From good to bad for whoever compares: a clause that is no longer put to the test is a loss."""


@dataclass(frozen=True)
class Change:
    """One clause of which the two documents say different things; None where one does not know it."""

    vendor: str
    id: str
    title: str
    before: str | None
    after: str | None
    why: str
    was: str = ""
    """What had been found before."""

    @property
    def worse(self) -> int:
        """How much worse it became; negative where it became better."""
        return _rank(self.after or "unexercised") - _rank(self.before or "pass")


def changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[Change]:
    """Changed verdicts and changed readings; what became worse first, then what is merely different."""
    return sorted(_changes(_by_clause(before), _by_clause(after)), key=lambda one: (-one.worse, one.vendor, one.id))


def unchanged(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """The newer entries of clauses of which both documents say the same."""
    gone = {(one.vendor, one.id) for one in changes(before, after)}
    return [one for one in after["clauses"] if (one["vendor"], one["id"]) not in gone]


Entries = Mapping[tuple[str, str], Mapping[str, Json]]


def _changes(before: Entries, after: Entries) -> Iterator[Change]:
    for vendor, name in dict.fromkeys((*before, *after)):
        old, new = before.get((vendor, name)), after.get((vendor, name))
        was, now = (one["verdict"] if one else None for one in (old, new))
        once, again = (" and ".join(sorted(one["observed"])) if one else "" for one in (old, new))
        title = (new or old or {}).get("title", "")
        if was != now:
            yield Change(vendor, name, title, was, now, _why(new), _why(old) if old else "")
        elif once != again:
            yield Change(vendor, name, title, was, now, f"reading {once or 'none'}, now {again or 'none'}")


def _why(entry: Mapping[str, Json] | None) -> str:
    if entry is None:
        return "not in the newer results"
    if entry["findings"]:
        first = entry["findings"][0]
        return f"expected {first['expected']}; got {first['got']}"
    return entry["reason"] or ""


def _by_clause(results: Mapping[str, Json]) -> dict[tuple[str, str], Mapping[str, Json]]:
    return {(one["vendor"], one["id"]): one for one in results["clauses"]}


def _rank(verdict: str) -> int:
    return ORDER.index(verdict)
