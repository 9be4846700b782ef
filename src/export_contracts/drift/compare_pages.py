"""A publication against the promises of a month: each difference once, and what could not be read beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from export_contracts.drift import (
    compare_headers,
    compare_places,
    notices,
    page_postman,
    placeholders,
    prose,
    relevance,
    sameness,
    whose,
)
from export_contracts.drift.change import Change
from export_contracts.drift.placing import spot
from export_contracts.drift.promises import Group, Promise
from export_contracts.drift.said import Operation, Place, Publication, Unread
from export_contracts.drift.wholeness import UNCOVERED, ends_early

Groups = Mapping[Group, Sequence[Promise]]
SEVERAL: Final = 2
"""Operations that a page has sections on, before one without a section is missed."""
NO_NAMES: Final = frozenset({"status", "limit", "format", "wording"})
"""Areas without members: what they hold is sought in the text."""


LOST: Final = frozenset({"gone", "status-gone", "operation-undescribed", "enumeration-shrank"})
"""Kinds of changes that a page which breaks off cannot tell."""


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
    said = compare_places.Said(_confirmed(page, groups, operations), _last_names(groups))
    for place in page.places:
        _compare_place(place, _of_form(every, place, page), operations, said, read)
    read.unread += _prose(_without_known_answers(page, every, operations), groups, settled, operations, strict, read)
    found = [*_settled_needs(found), *compare_headers.left_out(page, every, operations)]
    covered = {name: key for name, key in operations.items() if name in (settled.found or strict)}
    found = [*placeholders.renamed(found), *notices.of_operations(page, covered)]
    if page.cut or ends_early(page, found, read.unread, operations):
        found = [one for one in found if one.kind not in LOST]
        read.unread.append(
            Unread("the end", "the page breaks off there; what may have stood behind it is not called gone")
        )
    if not relevance.is_about(page, every, settled):
        return Comparison((), (Unread(page.name.rpartition("/")[2], relevance.NOTHING), *dict.fromkeys(read.unread)))
    once = sameness.once(sameness.shared(found) if page.form == "openapi" else found)
    return Comparison(tuple(once), tuple(dict.fromkeys(read.unread)))


def _settled_needs(changes: list[Change]) -> list[Change]:
    """Without needs that only seem conditional because the place that says so plainly no longer names them."""
    gone = {(one.area, one.operation, one.at) for one in changes if one.kind == "gone"}
    return [
        one for one in changes
        if not (one.kind == "need-changed" and one.now == "conditional" and (one.area, one.operation, one.at) in gone)
    ]  # fmt: skip


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
    return frozenset(one.at.rpartition(".")[2].lower() for many in groups.values() for one in many)


def _compare_place(
    place: Place,
    groups: dict[Group, Sequence[Promise]],
    operations: Mapping[str, Operation],
    said: compare_places.Said,
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
    (read.sampled if place.kind in {"sample", "members"} else read.seen).add(where.group)
    read.changes += compare_places.compare(place, where, groups.get(where.group, ()), said)


def _in_lists(at: str, groups: Groups) -> str:
    """A path as the contract writes it, where a page leaves out that something on it is a list."""
    known = [one.at for many in groups.values() for one in many]
    path = ""
    for part in at.split("."):
        listed = path and any(one.startswith(f"{path}[].{part}") for one in known)
        path = f"{path}{'[]' if listed else ''}.{part}" if path else part
    return path


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
            said |= {(where.group, compare_places.under(where, one.at), one.need) for one in place.entries if one.need}
    return said


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
            f"{UNCOVERED} {what} ({sum(not one.rare for one in promises)} names in the contract)",
        )
