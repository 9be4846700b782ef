"""When two changes are one: found at several places, or in a part that several operations share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from export_contracts.drift.change import Change


def shared(changes: Iterable[Change]) -> Iterator[Change]:
    """A change in a schema or answer that several operations share, once, at the shortest of its paths."""
    found: list[Change] = []
    for one in sorted(changes, key=lambda one: len(one.at)):
        place = next((n for n, old in enumerate(found) if _same_part(old, one)), None)
        if place is None:
            found.append(one)
        else:
            found[place] = replace(found[place], where=f"{found[place].where}; {one.where}")
    yield from found


def _same_part(old: Change, one: Change) -> bool:
    """Whether a change is one told already, of another operation or answer that holds the same part."""
    if (old.area, old.kind, old.was, old.now) != (one.area, one.kind, one.was, one.now):
        return False
    inside = one.at == old.at or one.at.endswith(f".{old.at}")
    return inside and one.where not in old.where.split("; ")


def once(changes: Iterable[Change]) -> Iterator[Change]:
    """The same change found at several places of a page, once, with all of them."""
    merged: dict[tuple[str, ...], Change] = {}
    for one in changes:
        key = (one.area, one.operation, one.kind, one.at)
        if key in merged:
            old = merged[key]
            if one.where not in old.where.split("; "):
                merged[key] = replace(old, where=f"{old.where}; {one.where}")
        else:
            merged[key] = one
    yield from sorted(merged.values(), key=lambda one: (one.area, one.operation, one.at, one.kind))
