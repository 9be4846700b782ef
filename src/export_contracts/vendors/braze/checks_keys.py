"""Checks of the object keys under which files are delivered into own storage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Finding, Kept, Where
from export_contracts.vendors.braze.checks_files import deliveries
from export_contracts.vendors.braze.clocks import moments
from export_contracts.vendors.braze.exports import exports

PARTS: Final = ("segment-export", "SEGMENT_ID", "YYYY-MM-dd", "RANDOM_UUID-TIMESTAMP", "filename")
DAY: Final = 86_400.0


@check("key_part")
def key_part(talk: Talk, *, part: str, pattern: str, gzip: bool | None = None) -> Iterator[Evidence]:
    """One part of each key, counted from the end so that a part too many does not shift the others, fits a pattern.

    With `gzip`, only keys of exports that asked, or did not ask, for gzip.
    """
    place = PARTS.index(part) - len(PARTS)
    for export in exports(talk):
        for one in export.files if gzip in (None, export.gzip) else ():
            pieces = one.key.split("/")
            found = pieces[place] if len(pieces) >= -place else ""
            if re.fullmatch(pattern, found):
                yield Kept(Where(file=one.key))
            else:
                yield Finding(Where(file=one.key), f"{part} where the layout has it", found or one.key)


@check("key_depth")
def key_depth(talk: Talk) -> Iterator[Evidence]:
    """Each key has the five parts of the layout and nothing before them."""
    for export in exports(talk):
        for one in export.files:
            count = len(one.key.split("/"))
            if count == len(PARTS):
                yield Kept(Where(file=one.key))
            else:
                yield Finding(Where(file=one.key), "/".join(PARTS), one.key)


@check("key_names_segment")
def key_names_segment(talk: Talk) -> Iterator[Evidence]:
    """The second part of each key is the segment that was asked for."""
    for export in exports(talk):
        for one in export.files:
            pieces = one.key.split("/")
            if len(pieces) < len(PARTS):
                continue
            if pieces[-4] == export.segment:
                yield Kept(Where(file=one.key))
            else:
                yield Finding(Where(file=one.key), f"the segment {export.segment}", pieces[-4])


@check("key_name_of_its_own")
def key_name_of_its_own(talk: Talk) -> Iterator[Evidence]:
    """No two files have the same name before its ending: the names are random."""
    seen: dict[str, str] = {}
    for export in exports(talk):
        for one in export.files:
            name = one.key.rpartition("/")[2].partition(".")[0]
            other = seen.setdefault(name, one.key)
            if other != one.key:
                yield Finding(Where(file=one.key), "a random name, as no other file has it", f"the name of {other}")
            elif len(seen) > 1:
                yield Kept(Where(file=one.key))


@check("key_date_is_true")
def key_date_is_true(talk: Talk) -> Iterator[Evidence]:
    """The date in a key lies between the request and the arrival, give or take a time zone."""
    for export in exports(talk):
        for one in export.files:
            date = _date(one.key)
            took = max(0.0, one.at - export.start.started)
            clocks = moments(export.start)
            if date is None and _dated(one.key):
                yield Finding(Where(file=one.key), "a day that is in the calendar", one.key.split("/")[-3])
            if date is None or not clocks:
                continue
            if any(clock - 2 * DAY <= date <= clock + took + 2 * DAY for clock in clocks):
                yield Kept(Where(file=one.key))
            else:
                yield Finding(Where(file=one.key), "the date of the export", one.key.split("/")[-3])


def _dated(key: str) -> bool:
    pieces = key.split("/")
    return len(pieces) >= len(PARTS) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", pieces[-3]) is not None


def _date(key: str) -> float | None:
    pieces = key.split("/")
    if len(pieces) < len(PARTS):
        return None
    try:
        return datetime.strptime(pieces[-3], "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


@check("key_carries_prefix")
def key_carries_prefix(talk: Talk) -> Iterator[Evidence]:
    """The prefix that was announced is found in the keys or among the members of the files."""
    for delivery in deliveries(talk):
        prefix = delivery.export.prefix
        if not delivery.key or not prefix:
            continue
        inside = any(prefix in member.name for member in delivery.archive.members)
        if prefix in delivery.key or inside:
            yield Kept(delivery.where, reading="in-key" if prefix in delivery.key else "inside")
        else:
            yield Finding(delivery.where, f"{prefix} in the key", delivery.key)
