"""Checks of an export's life: becoming ready, being good for a while, expiring."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.checks.outage import BROKEN, NEUTRAL
from export_contracts.model import Evidence, Exchange, Finding, Kept
from export_contracts.vendors.braze.exports import CANCEL, PATIENCE_ENDED, REFUSED, START, Export, exports, segment_of

OK: Final = 200
ONWARD: Final = 3
UNDELIVERED: Final = REFUSED | {204}
"""Statuses of looks that brought no file, nor led to one."""
LIVES: Final = 3_600.0
"""Seconds for which a download URL is good at least: what no reading of "a few hours" falls short of."""
READINGS: Final = {403: "forbidden", 404: "not-found"}


@check("refused_until_ready")
def refused_until_ready(talk: Talk) -> Iterator[Evidence]:
    """A download URL that delivers later was no good before: whatever it answered was no success."""
    for export in exports(talk):
        for one in export.early:
            at = one.at("/response/status")
            if one.status in NEUTRAL:
                continue
            if one.status is not None and one.status < 400:
                yield Finding(at, "a refusal until the export is ready", str(one.status))
            else:
                yield Kept(at)


@check("refused_as_documented")
def refused_as_documented(talk: Talk) -> Iterator[Evidence]:
    """Until it delivers, a download URL is answered 403, or 404 as working clients meet it; a breakdown says nothing.

    Unless there is never anything else.
    """
    for export in exports(talk):
        refusals = [one for one in export.early if one.status is not None and one.status >= 400]
        broken = len(refusals) > 1 and {one.status for one in refusals} == {BROKEN}
        for one in refusals:
            at = one.at("/response/status")
            if one.status in READINGS:
                yield Kept(at, reading=READINGS[one.status])
            elif one.status not in NEUTRAL or broken:
                yield Finding(at, "status 403 until the export is ready", str(one.status))


@check("ready_in_time")
def ready_in_time(talk: Talk) -> Iterator[Evidence]:
    """An export for which we waited as long as the target asks for has delivered; an empty one need not."""
    peopled = bool(talk.facts.get("expected_users") or talk.facts.get("members"))
    cancelled = {segment: one.index for one in talk.of(CANCEL) if isinstance(segment := segment_of(one), str)}
    vain = {one.intent.twin for one in talk.of(START) if one.fault == PATIENCE_ENDED and one.intent is not None}
    for export in exports(talk):
        empty = export.segment is not None and export.segment == talk.facts.get("empty_segment_id")
        ended = cancelled.get(export.segment or "", -1) > export.start.index
        if export.start.fault is not None or ended or empty:
            continue
        if export.ready is not None or export.files:
            yield Kept(export.start.at())
        late = next((one for one in export.looks if one.fault == PATIENCE_ENDED and one.status in UNDELIVERED), None)
        # an answer with a file, or on to one: the export may have been ready all the while
        led_on = any(one.status == OK or (one.status or 0) // 100 == ONWARD for one in export.looks)
        if late is not None and not led_on and not export.files and watched(export, late):
            yield Finding(late.at("/response/status"), "the export, within the target's deadline", str(late.status))
        if export.start.index in vain and peopled and not export.files:
            yield Finding(export.start.at(), "files in the bucket within the target's deadline", "none")


def watched(export: Export, last: Exchange) -> bool:
    """Whether the export cannot have been ready and expired again between two looks: a URL lives an hour at least.

    Looks that met a limit or an outage saw nothing.
    """
    seen = [one.started for one in export.looks if one.status in UNDELIVERED and one.index <= last.index]
    return all(later - earlier < LIVES for earlier, later in pairwise([export.start.ended, *seen]))


@check("good_for_a_while")
def good_for_a_while(talk: Talk, *, seconds: float) -> Iterator[Evidence]:
    """A download URL that has delivered delivers again for `seconds`."""
    for export in exports(talk):
        statuses = [one.status for one, age in _later_looks(export) if age <= seconds]
        broken = len(statuses) > 1 and set(statuses) == {BROKEN}
        for one, age in _later_looks(export):
            if age > seconds or (one.status in NEUTRAL and not broken):
                continue
            at = one.at("/response/status")
            emptied = one.status == OK and not _content(one) and bool(export.ready and _content(export.ready))
            if one.status is not None and one.status < 400 and not emptied:
                yield Kept(at)
            else:
                got = "nothing" if emptied else f"status {one.status}"
                yield Finding(at, f"the file, {age:.0f} s after it was first delivered", got)


def _content(look: Exchange) -> bytes:
    return look.response.body if look.response is not None else b""


@check("gone_after")
def gone_after(talk: Talk, *, seconds: float) -> Iterator[Evidence]:
    """A download URL no longer delivers `seconds` after it first did."""
    for export in exports(talk):
        for one, age in _later_looks(export):
            if age < seconds or one.status in NEUTRAL:
                continue
            at = one.at("/response/status")
            if one.status is not None and one.status < 400:
                yield Finding(at, f"a refusal, {age / 3600:.0f} h after the file was first delivered", str(one.status))
            else:
                yield Kept(at, reading=f"status-{one.status}")


@check("gone_without_breaking")
def gone_without_breaking(talk: Talk, *, seconds: float) -> Iterator[Evidence]:
    """A download URL that has expired is refused; a breakdown is no refusal where there is never anything else."""
    for export in exports(talk):
        late = [one for one, age in _later_looks(export) if age >= seconds and one.status is not None]
        broken = len(late) > 1 and {one.status for one in late} == {BROKEN}
        for one in late:
            at = one.at("/response/status")
            if broken:
                yield Finding(at, "a refusal of the expired URL", str(one.status))
            elif one.status not in NEUTRAL and one.status is not None and one.status >= 400:
                yield Kept(at)


def _later_looks(export: Export) -> Iterator[tuple[Exchange, float]]:
    ready = export.ready
    if ready is not None:
        for one in export.looks:
            if one.index > ready.index:
                yield one, one.started - ready.ended
