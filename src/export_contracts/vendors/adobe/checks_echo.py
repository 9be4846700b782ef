"""Checks of round trips: what was posted is what is read, and nothing else is exported.

Only what was sent is compared. Defaults filled in, further members, the dataset id's two spellings, one
moment written in two ways, and a single word for a list of one are all the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import MISSING, Evidence, Finding, Json, Kept
from export_contracts.schema.pointer import resolve
from export_contracts.schema.validation import shorten
from export_contracts.vendors.adobe.checks_story import Sight, story

SPELLINGS: Final = {"datasetId": ("datasetId", "dataSetId")}
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
def defaults(talk: Talk, *, values: Mapping[str, Json]) -> Iterator[Evidence]:
    """A member (pointer) that was not sent shows its documented default, if it shows at all."""
    told = story(talk)
    for sight in told.sights:
        order = told.orders.get(sight.job)
        for member, default in values.items() if order is not None else ():
            read = sight.get(member)
            if order is None or not _blank(resolve(order.body, member)) or _blank(read):
                continue
            if read == default:
                yield Kept(sight.at(member))
            else:
                yield Finding(sight.at(member), f"{shorten(default)}, as nothing else was ordered", shorten(read))


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
    """The same things in any order; what was sent twice may be there once."""
    kept = all(any(same(one, other) for other in read) for one in sent)
    return kept and all(any(same(one, other) for one in sent) for other in read)


def _plain(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _instant(one: str, other: str) -> bool:
    if not MOMENT.match(one) or not MOMENT.match(other):
        return False
    try:
        return datetime.fromisoformat(one.upper()) == datetime.fromisoformat(other.upper())
    except (ValueError, TypeError, OverflowError):
        return False
