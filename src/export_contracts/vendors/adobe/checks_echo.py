"""Checks of round trips: what was posted is what is read, and nothing else is exported.

Only what was sent is compared. Defaults filled in, further members, the dataset id's two spellings, one
moment written in two ways or to the second only, and a single word for a list of one are all the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import MISSING, Evidence, Finding, Json, Kept
from export_contracts.schema.pointer import resolve
from export_contracts.schema.validation import shorten
from export_contracts.vendors.adobe.checks_story import Sight, story

SPELLINGS: Final = {"datasetId": ("datasetId", "dataSetId")}
COARSEST: Final = timedelta(seconds=1)
"""What a moment may lose on its way: a service keeps milliseconds, or seconds."""
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")


@check("adobe_echo")
def echo(talk: Talk, *, members: Sequence[str], kinds: Sequence[str], owed: bool = False) -> Iterator[Evidence]:
    """Each of the posted `members` (pointers) is read back in sights of `kinds`.

    Where it is absent that breaks the clause only if it is `owed`.
    """
    told = story(talk)
    for sight in told.sights:
        order = told.orders.get(sight.job)
        if sight.kind not in kinds or order is None or order.exchange.index > sight.exchange.index:
            continue
        for member in members:
            sent = resolve(order.body, member)
            if not _blank(sent):
                yield from _compared(sight, member, sent, owed=owed)


@check("adobe_defaults")
def defaults(talk: Talk, *, values: Mapping[str, Json], segments: Mapping[str, Sequence[str]]) -> Iterator[Evidence]:
    """A member (pointer) that was not sent shows its documented default, if it shows at all.

    Members of `segments` are by name; which of several defaults is the present one has changed, each may be there.
    """
    told = story(talk)
    for sight in told.sights:
        order = told.orders.get(sight.job)
        if order is None:
            continue
        for member, default in values.items():
            if _blank(resolve(order.body, member)) and not _blank(read := sight.get(member)):
                yield _expected(sight, member, read, default, right=read == default)
        for name, known in segments.items():
            yield from _segment_defaults(sight, order.body, name, known)


def _segment_defaults(sight: Sight, body: Mapping[str, Json], name: str, known: Sequence[str]) -> Iterator[Evidence]:
    """What segments that were ordered without `name` show; one that was ordered with it, too, may show either."""
    unsaid = [asked.get("segmentId") for _, asked in _segments(body, without=name)]
    said = [asked.get("segmentId") for _, asked in _segments(body) if not _blank(asked.get(name, MISSING))]
    for place, one in _segments(sight.view):
        read = one.get(name)
        if not _blank(read) and one.get("segmentId") in unsaid and one.get("segmentId") not in said:
            right = set(read if isinstance(read, list) else [read]) <= set(known)
            yield _expected(sight, f"/filter/segments/{place}/{name}", read, list(known), right=right)


def _expected(sight: Sight, member: str, read: Json, default: Json, *, right: bool) -> Evidence:
    if right:
        return Kept(sight.at(member))
    return Finding(sight.at(member), f"{shorten(default)}, as nothing else was ordered", shorten(read))


def _segments(job: Mapping[str, Json], without: str | None = None) -> list[tuple[int, Mapping[str, Json]]]:
    """The segments of an order or a job with their places, on request those only that lack a member."""
    found = resolve(job, "/filter/segments")
    listed = [
        (place, one) for place, one in enumerate(found if isinstance(found, list) else []) if isinstance(one, dict)
    ]
    return [(place, one) for place, one in listed if without is None or _blank(one.get(without, MISSING))]


def _blank(value: Json) -> bool:
    return value is MISSING or value is None or value in ("", {}, [])


def _compared(sight: Sight, member: str, sent: Json, *, owed: bool) -> Iterator[Evidence]:
    head, _, name = member.rpartition("/")
    holder = sight.get(head)
    read = _member(holder, name) if isinstance(holder, dict) else MISSING
    if read is MISSING or read is None:
        if owed:
            yield Finding(sight.at(member), f"{shorten(sent)}, as posted", "nothing there")
    elif same(sent, read):
        yield Kept(sight.at(member))
    else:
        yield Finding(sight.at(member), f"{shorten(sent)}, as posted", shorten(read))


def _member(holder: Mapping[str, Json], name: str) -> Json:
    found = (holder.get(one) for one in SPELLINGS.get(name, (name,)))
    return next((one for one in found if one is not None), MISSING)


def same(sent: Json, read: Json) -> bool:
    """Whether `read` says what `sent` said, whatever else it says."""
    if isinstance(sent, dict):
        return isinstance(read, dict) and all(
            _blank(value) or ((found := _member(read, name)) is not MISSING and same(value, found))
            for name, value in sent.items()
        )
    if isinstance(sent, list):
        return _same_list(sent, read if isinstance(read, list) else [read])
    if isinstance(sent, str):
        return isinstance(read, str) and (_plain(sent) == _plain(read) or _instant(sent, read))
    if isinstance(sent, bool) or isinstance(read, bool):
        return sent is read
    return bool(sent == read)


def _same_list(sent: Sequence[Json], read: Sequence[Json]) -> bool:
    """The same things in any order; what was sent twice may be there once, but not the other way."""
    kept = len(read) <= len(sent) and all(any(same(one, other) for other in read) for one in sent)
    return kept and all(any(same(one, other) for one in sent) for other in read)


def _plain(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _instant(one: str, other: str) -> bool:
    if not MOMENT.match(one) or not MOMENT.match(other):
        return False
    try:
        apart = datetime.fromisoformat(one.upper()) - datetime.fromisoformat(other.upper())
    except (ValueError, TypeError, OverflowError):
        return False
    return abs(apart) < COARSEST
