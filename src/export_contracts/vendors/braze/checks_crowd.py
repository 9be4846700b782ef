"""Checks of exports that run beside one another: of one segment, of several, of a hundred."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.checks.builtin import status_matches
from export_contracts.checks.outage import breaks_down
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept
from export_contracts.vendors.braze.exports import (
    PATIENCE_ENDED,
    START,
    Export,
    budget_left,
    exports_of,
    running,
    segment_of,
)

OUTAGE: Final = (408, 500, 502, 503, 504)
MOST_AT_ONCE: Final = 100
INSISTED: Final = 4
"""How often the same start is refused in a row before that is taken for the answer to it, and not for load."""


@check("one_at_a_time")
def one_at_a_time(talk: Talk, *, status: Json) -> Iterator[Evidence]:
    """A start of a segment whose export is provably still running is refused with one of the statuses."""
    for start in talk.of(START):
        segment = segment_of(start)
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
    """A running export of one segment does not keep another segment from being exported.

    One 429 may come of load: it counts where the segment met nothing else while the other was running.
    """
    refused: dict[Json, list[Exchange]] = {}
    served: set[Json] = set()
    for start in talk.selected:
        segment = segment_of(start)
        others = [one for one in running(talk, start) if one.segment != segment]
        if not others:
            continue
        if start.status is not None and start.status < 300:
            served.add(segment)
            yield Kept(start.at("/response/status"))
        elif start.status == 429 and _has_room(start) and _accepted_once_free(talk, segment, others):
            refused.setdefault(segment, []).append(start)
    for segment, starts in refused.items():
        if segment not in served and len(starts) >= INSISTED:
            at = starts[-1].at("/response/status")
            yield Finding(at, "acceptance, as only another segment's export was running", f"429, {len(starts)} times")


def _has_room(start: Exchange) -> bool:
    """Whether nothing in a refusal says that it is one of the hourly limit, or that some time has to pass."""
    return budget_left(start) and start.response is not None and "retry-after" not in start.response.headers


def _accepted_once_free(talk: Talk, segment: object, others: list[Export]) -> bool:
    free = max((one.ready.ended for one in others if one.ready is not None), default=None)
    return free is not None and any(one.start.started >= free for one in exports_of(talk, segment))


@check("free_again")
def free_again(talk: Talk) -> Iterator[Evidence]:
    """A segment none of whose exports is left unended can be exported again within the target's deadline."""
    for start in talk.of(START):
        at = start.at("/response/status")
        before = [one for one in exports_of(talk, segment_of(start)) if one.start.index < start.index]
        if start.fault is None and start.status is not None and start.status < 300:
            if any(one.ready is not None and one.ready.index < start.index for one in before):
                yield Kept(at)
        elif start.fault == PATIENCE_ENDED and start.intent is not None and start.intent.twin is None:
            ended = all(one.ready is not None or one.files for one in before)
            if ended and start.status == 429 and budget_left(start):
                yield Finding(
                    at, "acceptance, as the target's deadline has passed since any export of the segment", "429"
                )


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


@check("room_for_a_hundred")
def room_for_a_hundred(talk: Talk) -> Iterator[Evidence]:
    """While fewer than a hundred exports run, one of yet another segment is not refused again and again."""
    refused: Counter[Json] = Counter()
    for start in talk.selected:
        segment = segment_of(start)
        if segment not in (talk.facts.get("many_segments") or ()):
            continue
        beside = running(talk, start)
        at = start.at("/response/status")
        if start.status is not None and start.status < 300:
            if sum(one.start.index < start.index for one in beside) == MOST_AT_ONCE - 1:
                yield Kept(at)
        elif _for_want_of_room(start, beside):
            refused[segment] += 1
            if refused[segment] == INSISTED:
                got = f"{start.status}, {INSISTED} times, with {len(beside)} exports running"
                yield Finding(at, f"room for {MOST_AT_ONCE} exports", got)


def _for_want_of_room(start: Exchange, beside: Sequence[Export]) -> bool:
    """Whether a start was refused for nothing that is known but the exports that run beside it."""
    if not 1 < len(beside) < MOST_AT_ONCE or any(one.segment == segment_of(start) for one in beside):
        return False
    limited = start.status == 429 and not _has_room(start)
    return status_matches(start.status, "4xx") and not limited
