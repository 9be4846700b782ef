"""A publication against the promises of a month: each difference once, and what could not be read beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from export_contracts.drift import page_postman, prose, whose
from export_contracts.drift.change import Change
from export_contracts.drift.placing import Spot, spot
from export_contracts.drift.promises import Group, Promise
from export_contracts.drift.said import Entry, Operation, Place, Publication, Unread

Groups = Mapping[Group, Sequence[Promise]]
SEVERAL: Final = 2
"""Operations that a page has sections on, before one without a section is missed."""
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
    page: Publication, promises: Iterable[Promise], operations: Mapping[str, Operation], month: str | None
) -> Comparison:
    """The differences of one publication. `operations`: method and path by operation id."""
    every: dict[Group, list[Promise]] = defaultdict(list)
    for one in promises:
        if one.holds(month):
            every[one.group].append(one)
    strict = _strict(page, every) & set(operations)
    settled = whose.settle(page, operations, _names(every, operations), strict)
    page = settled.page
    groups = {group: many for group, many in every.items() if _form(page) in group.forms}
    found: list[Change] = list(settled.changes)
    read = _Read(found, [*page.unread, *settled.unread])
    said = _Said(_confirmed(page, groups, operations), _last_names(groups))
    for place in page.places:
        _compare_place(place, _of_form(every, place, page), operations, said, read)
    read.unread += _prose(_without_known_answers(page, every, operations), groups, settled, operations, strict, read)
    once = _once(_shared(found) if page.form == "openapi" else found)
    return Comparison(tuple(once), tuple(dict.fromkeys(read.unread)))


@dataclass
class _Read:
    """What came out so far."""

    changes: list[Change]
    unread: list[Unread]
    seen: set[Group] = field(default_factory=set)
    sampled: set[Group] = field(default_factory=set)


def _form(page: Publication) -> str:
    return "openapi" if page.form == "openapi" else "page"


def _of_form(every: Groups, place: Place, page: Publication) -> dict[Group, Sequence[Promise]]:
    """The promises a place is measured by: a collection's bodies and parameters follow the API description, if any."""
    form = _form(page)
    if place.area is not None and page.form == "postman":
        described = {
            group: many for group, many in every.items() if group.forms == {"openapi"} and group.area == place.area
        }
        if any(not one.rare for many in described.values() for one in many):
            return described
    return {group: many for group, many in every.items() if form in group.forms}


def _strict(page: Publication, every: Groups) -> frozenset[str]:
    """Operations that publications of this form have."""
    forms = {"openapi"} if page.form == "openapi" else {"page", "openapi"} if page.form == "postman" else {"page"}
    return frozenset(
        group.operation for group, many in every.items() if group.forms & forms and any(not one.rare for one in many)
    )


def _names(every: Groups, operations: Mapping[str, Operation]) -> dict[str, frozenset[str]]:
    """Every name by which an operation may be known again, by its id."""
    told: dict[str, set[str]] = {name: set() for name in operations}
    for group, many in every.items():
        if group.operation in told and group.area in {"query", "request", "response"}:
            told[group.operation] |= {part for one in many for part in re.split(r"\.|\[\]\.?", one.at) if part}
    return {name: frozenset(many) for name, many in told.items()}


def _last_names(groups: Groups) -> frozenset[str]:
    return frozenset(one.at.rpartition(".")[2] for many in groups.values() for one in many)


def _compare_place(
    place: Place,
    groups: dict[Group, Sequence[Promise]],
    operations: Mapping[str, Operation],
    said: _Said,
    read: _Read,
) -> None:
    if place.kind == "members":
        place = replace(place, entries=tuple(replace(one, at=_in_lists(one.at, groups)) for one in place.entries))
    where = spot(place, groups, operations) if place.entries else None
    if where is None:
        if place.entries and place.whole:
            shown = ", ".join(one.at for one in place.entries[:4])
            read.unread.append(Unread(place.where, f"a {place.kind} of names that the contract does not know: {shown}"))
        return
    (read.seen if place.whole and place.kind != "members" else read.sampled).add(where.group)
    read.changes += _place(place, where, groups[where.group], said)


def _in_lists(at: str, groups: Groups) -> str:
    """A path as the contract writes it, where a page leaves out that something on it is a list."""
    known = [one.at for many in groups.values() for one in many]
    above, _, last = at.rpartition(".")
    return f"{above}[].{last}" if any(one.startswith(f"{above}[].") for one in known) else at


def _prose(  # noqa: PLR0917 - the sides of one comparison
    page: Publication,
    groups: Groups,
    settled: whose.Settled,
    operations: Mapping[str, Operation],
    strict: frozenset[str],
    read: _Read,
) -> list[Unread]:
    """What stands outside tables and code: appended to the changes; what is missing comes back."""
    if page.form not in {"openapi", "postman"}:
        read.changes += prose.mentions(page, {one: groups[one] for one in read.sampled - read.seen if one in groups})
        moved = {one.operation for one in settled.changes}
        free = {name: key for name, key in operations.items() if name not in settled.found | moved}
        read.changes += prose.paths(page, free)
        several = len(settled.found) >= SEVERAL
        lost = list(prose.undescribed(settled.found, operations, strict)) if several else []
        read.changes += lost
        groups = {one: many for one, many in groups.items() if one.operation not in {each.operation for each in lost}}
    elif page.form == "openapi" or len(page.operations) > 1:
        read.changes += prose.undescribed(settled.found, operations, strict)
    if page.form != "openapi":
        read.changes += prose.wordings(page, groups)
    read.changes += prose.media_types(page, groups)
    read.changes += prose.statuses(page, groups, operations)
    limits, missing = prose.limits(page, groups)
    read.changes += limits
    return [*missing, *_uncovered(groups, read.seen | read.sampled, page)]


def _confirmed(page: Publication, groups: Groups, operations: Mapping[str, Operation]) -> set[tuple[Group, str, str]]:
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
            if not _parent_among(at, set(entries) - set(known)) and not _open(at, known) and not _scalar(at, known):
                kind = "new-required" if entry.need == "required" else "new"
                yield _change(where, kind, at, None, _told(entry), place)
        else:
            yield from _entry(place, where, promise, entry, said)
    if place.kind == "members":
        yield from _gone_members(place, where, known, set(entries))
    elif place.whole or (where.group.sampled and place.kind == "sample"):
        yield from _gone(place, where, known, set(entries))


def _gone_members(place: Place, where: Spot, known: Mapping[str, Promise], printed: set[str]) -> Iterator[Change]:
    above = {at.rpartition(".")[0] for at in printed}
    for at, promise in known.items():
        if promise.listed and at not in printed and at.rpartition(".")[0] in above:
            yield _change(where, "gone", at, _promised(promise), None, place)


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


def _scalar(at: str, known: Mapping[str, Promise]) -> bool:
    """Whether it lies below something that has no members: that this changed its type is told already."""
    parts = at.split(".")
    above = [known[one] for n in range(1, len(parts)) if (one := ".".join(parts[:n])) in known]
    return any(one.types and not one.types & {"object", "array"} for one in above)


def _entry(place: Place, where: Spot, promise: Promise, entry: Entry, said: _Said) -> Iterator[Change]:
    if place.kind == "sample":
        yield from _sample_type(place, where, promise, entry)
        return
    yield from _types(place, where, promise, entry)
    if (
        entry.need
        and entry.need != promise.need
        and not (place.kind == "members" and not promise.listed)
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


def _sample_type(place: Place, where: Spot, promise: Promise, entry: Entry) -> Iterator[Change]:
    """A value that no type of the promise allows; a sample of a number may be whole."""
    allowed = promise.types | ({"integer"} if "number" in promise.types else set())
    if entry.types and allowed and not promise.rare and not entry.types & (allowed | {"null"}):
        yield _change(where, "type-changed", promise.at, _listed(promise.types), _listed(entry.types), place)


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


def _without_known_answers(page: Publication, every: Groups, operations: Mapping[str, Operation]) -> Publication:
    """Answers saved in a collection are samples: those that any publication has are told by none as new."""
    if page.form != "postman":
        return page
    known = {(operations.get(group.operation), one.at) for group, many in every.items() for one in many}
    kept = (one for one in page.statuses if not (one[2].startswith(page_postman.ANSWER) and one[:2] in known))
    return replace(page, statuses=tuple(kept))


def _uncovered(groups: Groups, seen: set[Group], page: Publication) -> Iterator[Unread]:
    covered = {(one.operation, one.area) for one in seen}
    for group, promises in groups.items():
        printed = _form(page) in group.forms and (group.operation, group.area) not in covered
        if group.area in NO_NAMES or not printed or all(one.rare for one in promises):
            continue
        what = f"{group.area} of {group.operation}" if group.operation else group.area
        yield Unread(
            page.name.rpartition("/")[2],
            f"nothing was read as {what} ({sum(not one.rare for one in promises)} names in the contract)",
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
