"""Checks of an export's life: running alone, becoming ready, expiring, being cancelled."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.checks.builtin import status_matches
from export_contracts.checks.outage import BROKEN, NEUTRAL, breaks_down
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept, Where
from export_contracts.vendors.braze.exports import (
    CANCEL,
    REFUSED,
    SLACK,
    START,
    Export,
    budget_left,
    exports,
    exports_of,
    running,
)

OUTAGE: Final = (408, 500, 502, 503, 504)
MOST_AT_ONCE: Final = 100
READINGS: Final = {403: "forbidden", 404: "not-found"}
PATIENCE_ENDED: Final = "patience-ended"
"""The mark of a request sent when the target's deadline for a whole job had passed."""
CANCELLED_WITHIN: Final = 2.0
"""Seconds a cancel may take to reach a running export before a later delivery counts as ignoring it."""


def _segment(exchange: Exchange) -> Json:
    body = exchange.request.json
    return body.get("segment_id") if isinstance(body, dict) else None


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
    cancelled = {segment: one.index for one in talk.of(CANCEL) if isinstance(segment := _segment(one), str)}
    vain = {one.intent.twin for one in talk.of(START) if one.fault == PATIENCE_ENDED and one.intent is not None}
    for export in exports(talk):
        empty = export.segment is not None and export.segment == talk.facts.get("empty_segment_id")
        ended = cancelled.get(export.segment or "", -1) > export.start.index
        if export.start.fault is not None or ended or empty:
            continue
        if export.ready is not None or export.files:
            yield Kept(export.start.at())
        late = next((one for one in export.looks if one.fault == PATIENCE_ENDED and one.status in REFUSED), None)
        if late is not None and export.ready is None and not export.files:
            yield Finding(late.at("/response/status"), "the export, within the target's deadline", str(late.status))
        if export.start.index in vain and peopled and not export.files:
            yield Finding(export.start.at(), "files in the bucket within the target's deadline", "none")


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
            if one.status is not None and one.status < 400:
                yield Kept(at)
            else:
                yield Finding(at, f"the file, {age:.0f} s after it was first delivered", f"status {one.status}")


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


def _later_looks(export: Export) -> Iterator[tuple[Exchange, float]]:
    ready = export.ready
    if ready is not None:
        for one in export.looks:
            if one.index > ready.index:
                yield one, one.started - ready.ended


@check("one_at_a_time")
def one_at_a_time(talk: Talk, *, status: Json) -> Iterator[Evidence]:
    """A start of a segment whose export is provably still running is refused with one of the statuses."""
    for start in talk.of(START):
        segment = _segment(start)
        if segment is None or (start.status in OUTAGE and not breaks_down(talk, start)):
            continue
        if not any(one.segment == segment and one.start.index < start.index for one in running(talk, start)):
            continue
        at = start.at("/response/status")
        if status_matches(start.status, status):
            yield Kept(at, reading=f"status-{start.status}")
        elif start.status is not None and (start.status < 300 or start.fault == "second-export"):
            wanted = f"status {status}, as the segment's export was still running"
            yield Finding(at, wanted, str(start.status))


@check("segments_do_not_block")
def segments_do_not_block(talk: Talk) -> Iterator[Evidence]:
    """A running export of one segment does not keep another segment from being exported."""
    for start in talk.selected:
        segment = _segment(start)
        others = [one for one in running(talk, start) if one.segment != segment]
        if not others:
            continue
        at = start.at("/response/status")
        if start.status is not None and start.status < 300:
            yield Kept(at)
        elif start.status == 429 and budget_left(start) and _accepted_once_free(talk, segment, others):
            yield Finding(at, "acceptance, as only another segment's export was running", "429")


def _accepted_once_free(talk: Talk, segment: object, others: list[Export]) -> bool:
    free = max((one.ready.ended for one in others if one.ready is not None), default=None)
    return free is not None and any(one.start.started >= free for one in exports_of(talk, segment))


@check("hundred_at_once")
def hundred_at_once(talk: Talk) -> Iterator[Evidence]:
    """A start while a hundred exports are provably running is answered with an error."""
    for start in talk.of(START):
        if start.index < MOST_AT_ONCE or start.status in OUTAGE:
            continue
        if sum(one.start.index < start.index for one in running(talk, start)) < MOST_AT_ONCE:
            continue
        at = start.at("/response/status")
        if start.status is not None and start.status < 400:
            yield Finding(at, "an error, as 100 exports were running", str(start.status))
        else:
            yield Kept(at, reading=f"status-{start.status}")


@check("cancel_ends")
def cancel_ends(talk: Talk) -> Iterator[Evidence]:
    """An export that was still running after an accepted cancel of its segment does not deliver later."""
    for cancel, export in _cancelled(talk):
        if export.url is None:
            yield from _stored_nothing(talk, cancel, export)
            continue
        after = [one for one in export.looks if one.started >= cancel.ended + CANCELLED_WITHIN]
        if not after or after[0].status not in REFUSED:
            continue
        delivering = next((one for one in after if one.status == 200), None)
        if delivering is not None:
            yield Finding(delivering.at("/response/status"), "no delivery of a cancelled export", "200")
        elif len(after) > 1:
            yield Kept(cancel.at("/response/status"))


def _stored_nothing(talk: Talk, cancel: Exchange, export: Export) -> Iterator[Evidence]:
    """A cancelled export puts nothing into own storage, but for what was on its way already."""
    late = next((one for one in export.files if one.at > cancel.ended + SLACK), None)
    if late is not None:
        yield Finding(Where(file=late.key), "no file of a cancelled export", f"{late.at - cancel.ended:.0f} s later")
    elif not export.files and _end(talk) > cancel.ended + SLACK:
        yield Kept(cancel.at("/response/status"))


def _end(talk: Talk) -> float:
    return talk.once("braze:end", lambda: max(one.ended for one in talk.exchanges))


@check("cancel_frees")
def cancel_frees(talk: Talk, *, seconds: float) -> Iterator[Evidence]:
    """A segment whose export was cancelled can be exported again after a while."""
    starts: dict[str | None, list[Exchange]] = {}
    for one in talk.of(START):
        segment = _segment(one)
        starts.setdefault(segment if isinstance(segment, str) else None, []).append(one)
    for cancel, export in _cancelled(talk):
        same = starts.get(export.segment, [])
        later = same[bisect_right(same, cancel.index, key=lambda one: one.index) :]
        accepted = next((one for one in later if one.status is not None and one.status < 300), None)
        if accepted is not None:
            yield Kept(accepted.at("/response/status"))
            continue
        late = [one for one in later if one.started >= cancel.ended + seconds]
        if late and late[-1].status == 429 and budget_left(late[-1]) and export.ready is None:
            age = late[-1].started - cancel.ended
            yield Finding(late[-1].at("/response/status"), f"acceptance {age:.0f} s after the cancel", "429")


def _cancelled(talk: Talk) -> Iterator[tuple[Exchange, Export]]:
    """Each accepted cancel with each export of its segment that had not delivered by then."""
    before: dict[str, int] = {}
    for cancel in talk.of(CANCEL):
        segment = _segment(cancel)
        if cancel.status is None or cancel.status >= 300 or not isinstance(segment, str):
            continue
        for export in _between(exports_of(talk, segment), before.get(segment, -1), cancel.index):
            looked = [one for one in export.looks if one.index < cancel.index]
            unready = bool(looked) and all(one.status in REFUSED for one in looked)
            unstored = export.url is None and all(one.at > cancel.ended for one in export.files)
            if unready or unstored:
                yield cancel, export
        before[segment] = cancel.index


def _between(found: Sequence[Export], after: int, until: int) -> Sequence[Export]:
    """Exports started between two cancels: what was started before the earlier one has ended by it."""
    return found[bisect_right(found, after, key=_begun) : bisect_left(found, until, key=_begun)]


def _begun(export: Export) -> int:
    return export.start.index
