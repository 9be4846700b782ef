"""A publication against the promises of a month: each difference once, and what could not be read beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from export_contracts.drift import prose
from export_contracts.drift.change import Change
from export_contracts.drift.placing import Spot, spot
from export_contracts.drift.promises import Group, Promise
from export_contracts.drift.said import Entry, Place, Publication, Unread

Groups = Mapping[Group, Sequence[Promise]]
NO_NAMES: Final = frozenset({"status", "limit", "format", "wording"})
"""Areas without members: what they hold is sought in the text."""


@dataclass(frozen=True)
class _Said:
    """What the rest of the page says: needs that it confirms, and names, which are no values of an enumeration."""

    confirmed: set[tuple[Group, str, str]]
    names: frozenset[str]


@dataclass(frozen=True)
class Comparison:
    """What changed, and what nothing can be said about."""

    changes: tuple[Change, ...]
    unread: tuple[Unread, ...]


def compare(
    page: Publication, promises: Iterable[Promise], operations: Mapping[str, tuple[str, str]], month: str | None
) -> Comparison:
    """The differences of one publication. `operations`: method and path by operation id."""
    form = "openapi" if page.form == "openapi" else "page"
    groups: dict[Group, list[Promise]] = defaultdict(list)
    for one in promises:
        if form in one.group.forms and one.holds(month):
            groups[one.group].append(one)
    found: list[Change] = []
    unread = list(page.unread)
    seen: set[Group] = set()
    sampled: set[Group] = set()
    names = frozenset(one.at.rpartition(".")[2] for many in groups.values() for one in many)
    said = _Said(_confirmed(page, groups, operations), names)
    for place in page.places:
        where = spot(place, groups, operations) if place.entries else None
        if where is None:
            if place.entries and place.whole:
                shown = ", ".join(one.at for one in place.entries[:4])
                unread.append(Unread(place.where, f"a {place.kind} of names that the contract does not know: {shown}"))
            continue
        (seen if place.whole else sampled).add(where.group)
        found += _place(place, where, groups[where.group], said)
    if form == "page":
        found += [*prose.wordings(page, groups), *prose.paths(page, operations)]
        found += prose.mentions(page, {one: groups[one] for one in sampled - seen})
    found += prose.media_types(page, groups)
    if form == "openapi":
        strict = {one.group.operation for many in groups.values() for one in many if not one.rare}
        found += prose.operations_gone(page, operations, frozenset(strict) & set(operations))
    found += prose.statuses(page, groups, operations)
    limits, missing = prose.limits(page, groups)
    found += limits
    unread += [*missing, *_uncovered(groups, seen | sampled, page)]
    once = _once(_shared(found) if form == "openapi" else found)
    return Comparison(tuple(once), tuple(dict.fromkeys(unread)))


def _confirmed(
    page: Publication, groups: Groups, operations: Mapping[str, tuple[str, str]]
) -> set[tuple[Group, str, str]]:
    """(group, name, need) that some place says: a starred `Required*` elsewhere is then a footnote to it."""
    said: set[tuple[Group, str, str]] = set()
    for place in page.places:
        where = spot(place, groups, operations) if place.entries else None
        if where is not None:
            said |= {(where.group, _under(where, one.at), one.need) for one in place.entries if one.need}
    return said


def _under(where: Spot, at: str) -> str:
    return f"{where.root}.{at}" if where.root else at


def _place(place: Place, where: Spot, promises: Sequence[Promise], said: _Said) -> Iterator[Change]:
    known = {one.at: one for one in promises}
    entries = {_under(where, one.at): one for one in place.entries}
    for at, entry in entries.items():
        promise = known.get(at)
        if promise is None:
            if not _parent_among(at, set(entries) - set(known)) and not _open(at, known):
                kind = "new-required" if entry.need == "required" else "new"
                yield _change(where, kind, at, None, _told(entry), place)
        else:
            yield from _entry(place, where, promise, entry, said)
    if place.whole:
        yield from _gone(place, where, known, set(entries))


def _gone(place: Place, where: Spot, known: Mapping[str, Promise], printed: set[str]) -> Iterator[Change]:
    nested = place.kind not in {"table", "list"} or any("." in one.at for one in place.entries)
    missing = set()
    for at, promise in known.items():
        inside = at.removeprefix(f"{where.root}.") if where.root else at
        if (where.root and inside == at) or (not nested and "." in inside) or promise.rare:
            continue
        if at not in printed:
            missing.add(at)
    for at in sorted(missing):
        if not _parent_among(at, missing):
            yield _change(where, "gone", at, _promised(known[at]), None, place)


def _parent_among(at: str, others: set[str]) -> bool:
    parts = at.split(".")
    return any(
        one in others
        for number in range(1, len(parts))
        for one in (".".join(parts[:number]), ".".join(parts[:number]).removesuffix("[]"))
    )


def _open(at: str, known: Mapping[str, Promise]) -> bool:
    """Whether it lies in an object whose names are the client's own (`segment_discriminators.women`)."""
    parts = at.split(".")
    return any("*" in known[one].enum for n in range(1, len(parts)) if (one := ".".join(parts[:n])) in known)


def _entry(place: Place, where: Spot, promise: Promise, entry: Entry, said: _Said) -> Iterator[Change]:
    if place.kind == "sample":
        return
    yield from _types(place, where, promise, entry)
    if (
        entry.need
        and entry.need != promise.need
        and not _same_need(where, promise, entry, said, machine=place.kind in {"schema", "excerpt"})
    ):
        kind = {"required": "now-required", "optional": "now-optional"}.get(entry.need, "need-changed")
        yield _change(where, kind, promise.at, promise.need or "not said", entry.need, place)
    if entry.silent and promise.need and not promise.rare:
        yield _change(where, "need-changed", promise.at, promise.need, "not said", place)
    yield from _enumeration(place, where, promise, entry, said.names)


def _same_need(where: Spot, promise: Promise, entry: Entry, said: _Said, *, machine: bool) -> bool:
    if promise.need is None:
        return entry.need == "optional"
    if entry.need == "conditional" and promise.starred:
        return True
    if promise.need == "conditional" and machine:  # no schema of OpenAPI can say it
        return True
    return entry.need == "conditional" and (where.group, promise.at, promise.need) in said.confirmed


def _types(place: Place, where: Spot, promise: Promise, entry: Entry) -> Iterator[Change]:
    if entry.types and promise.types and not entry.types <= promise.types:
        extra = entry.types - promise.types
        kind = "became-null" if extra == {"null"} and len(entry.types) > 1 else "type-changed"
        yield _change(where, kind, promise.at, _listed(promise.types), _listed(entry.types), place)
    elif entry.items and promise.items and not entry.items <= promise.items:
        was, now = (f"array of {_listed(one.items)}" for one in (promise, entry))
        yield _change(where, "type-changed", promise.at, was, now, place)


def _enumeration(place: Place, where: Spot, promise: Promise, entry: Entry, names: frozenset[str]) -> Iterator[Change]:
    words = entry.words if entry.certain else entry.words - names
    if not words or not promise.enum or "*" in promise.enum:
        return
    if not entry.certain and (len(words) < 2 or not words & promise.enum):
        return
    if more := words - promise.enum:
        yield _change(where, "enumeration-grew", promise.at, None, _listed(more), place)
    if less := promise.enum - words:
        yield _change(where, "enumeration-shrank", promise.at, _listed(less), None, place)


def _uncovered(groups: Groups, seen: set[Group], page: Publication) -> Iterator[Unread]:
    for group, promises in groups.items():
        if group.area in NO_NAMES or group in seen or all(one.rare for one in promises):
            continue
        what = f"{group.area} of {group.operation}" if group.operation else group.area
        yield Unread(
            page.name.rpartition("/")[2], f"nothing was read as {what} ({len(promises)} names in the contract)"
        )


def _change(  # noqa: PLR0917 - was and now are told apart by their order, as everywhere
    where: Spot, kind: str, at: str, was: str | None, now: str | None, place: Place
) -> Change:
    return Change(where.group.area, kind, at, where.group.operation, was, now, place.where)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _told(entry: Entry) -> str:
    said = [*([entry.need] if entry.need else []), *([_listed(entry.types)] if entry.types else [])]
    return ", ".join(said) or "present"


def _promised(promise: Promise) -> str:
    said = [*([promise.need] if promise.need else []), *([_listed(promise.types)] if promise.types else [])]
    return ", ".join(said) or "present"


def _shared(changes: Iterable[Change]) -> Iterator[Change]:
    """A change in a schema or answer that several operations share, once, at the shortest of its paths."""
    found: dict[tuple[str | None, ...], Change] = {}
    for one in sorted(changes, key=lambda one: len(one.at)):
        key = (one.area, one.kind, one.at.rpartition(".")[2], one.was, one.now)
        old = found.setdefault(key, one)
        if old is not one and one.where not in old.where.split("; "):
            found[key] = replace(old, where=f"{old.where}; {one.where}")
    yield from found.values()


def _once(changes: Iterable[Change]) -> Iterator[Change]:
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
