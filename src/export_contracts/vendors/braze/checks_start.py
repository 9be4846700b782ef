"""Checks of the answer that starts an export: acceptance, prefix, URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.checks.outage import says_nothing
from export_contracts.model import Evidence, Exchange, Finding, Kept
from export_contracts.schema.pointer import resolve
from export_contracts.vendors.braze.clocks import moments, stamp
from export_contracts.vendors.braze.exports import exports

SKEW: Final = 7200.0
"""Seconds by which a clock may be wrong before a time is."""
YEAR_2017: Final = 1_483_228_800
"""Seconds from 1970 to 2017: the documents name the later year and print examples that count from the earlier."""
LIST_DECLARED: Final = ("segment_id", "second_segment_id", "large_segment_id")


@check("start_accepted")
def start_accepted(talk: Talk, *, ref: str) -> Iterator[Evidence]:
    """A request that every edition calls valid, for a segment known to exist, starts an export."""
    known = {talk.facts.get(name) for name in LIST_DECLARED} - {None}
    validator = talk.validator(ref)
    for one in talk.selected:
        body = one.request.json
        ours = one.intent is not None and "authorization" in one.request.headers
        if not ours or not isinstance(body, dict) or not any(body.get("segment_id") == name for name in known):
            continue
        if not validator.is_valid(body) or says_nothing(talk, one):
            continue
        if one.status is not None and one.status < 300:
            yield Kept(one.at("/response/status"), reading=str(one.status))
        else:
            yield Finding(one.at("/response/status"), "a valid request to be accepted", str(one.status))


@check("prefix_of_its_own")
def prefix_of_its_own(talk: Talk) -> Iterator[Evidence]:
    """No two exports are given the same prefix, or the same random id in it."""
    seen: dict[str, int] = {}
    for export in exports(talk):
        prefix = export.prefix
        if prefix is None:
            continue
        at = export.start.at("/response/body/object_prefix")
        own = prefix.rpartition("-")[0] if stamp(prefix) is not None else prefix
        if own in seen:
            yield Finding(at, "an id no other export has", f"{prefix}, as in exchange {seen[own]}")
        elif seen:
            yield Kept(at)
        seen.setdefault(own, export.start.index)


@check("prefix_tells_the_time")
def prefix_tells_the_time(talk: Talk) -> Iterator[Evidence]:
    """The number that ends a prefix is the time of the request, in seconds since 1970 or since 2017."""
    for export in exports(talk):
        number = stamp(export.prefix or "")
        clocks = _clocks(export.start)
        if number is None or not clocks or talk.transcript.origin == "documented":
            continue
        at = export.start.at("/response/body/object_prefix")
        if any(abs(number - one) <= SKEW for one in clocks):
            yield Kept(at, reading="since-1970")
        elif any(abs(number + YEAR_2017 - one) <= SKEW for one in clocks):
            yield Kept(at, reading="since-2017")
        else:
            yield Finding(at, f"about {int(clocks[0])}, the time of the request in seconds", str(number))


def _clocks(start: Exchange) -> list[float]:
    """The time by every clock but the prefix itself."""
    reset = resolve(start.view, "/response/headers/x-ratelimit-reset")
    told = [float(reset)] if isinstance(reset, str) and reset.isdecimal() and len(reset) < 12 else []
    return [*moments(start, prefix=False), *told]


@check("no_url_beside_storage")
def no_url_beside_storage(talk: Talk) -> Iterator[Evidence]:
    """An export whose files arrive in own storage has handed out no download URL."""
    for export in exports(talk):
        if not export.files or not any(export.prefix and export.prefix in one.key for one in export.files):
            continue
        at = export.start.at("/response/body/url")
        if export.url is None:
            yield Kept(at, reading="absent" if "url" not in export.answer else "null")
        else:
            yield Finding(at, "no URL, as the files go to own storage", export.url)
