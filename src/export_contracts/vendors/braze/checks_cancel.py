"""Checks of what a cancel does to the running exports of a segment."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Exchange, Finding, Kept, Where
from export_contracts.vendors.braze.checks_lifecycle import watched
from export_contracts.vendors.braze.exports import (
    CANCEL,
    PATIENCE_ENDED,
    REFUSED,
    SLACK,
    START,
    Export,
    budget_left,
    exports,
    exports_of,
    segment_of,
)

CANCELLED_WITHIN: Final = 2.0
"""Seconds a cancel may take to reach a running export before a later delivery counts as ignoring it."""
INSISTED: Final = 2
"""Exports that were cancelled in vain before that is taken for what a cancel does."""


@check("cancel_ends")
def cancel_ends(talk: Talk) -> Iterator[Evidence]:
    """An export that was still running after an accepted cancel of its segment does not deliver later.

    One that delivers within the time a cancel may take may have been past stopping; two are not, where none stopped.
    """
    soon: list[Exchange] = []
    stopped = False
    for cancel, export in _cancelled(talk):
        if export.url is None:
            yield from _stored_nothing(talk, cancel, export)
            continue
        after = [one for one in export.looks if one.started >= cancel.ended]
        late = [one for one in after if one.started >= cancel.ended + CANCELLED_WITHIN]
        delivering = next((one for one in after if one.status == 200), None)
        if delivering is None:
            if len(late) > 1 and late[0].status in REFUSED:
                stopped = True
                yield Kept(cancel.at("/response/status"))
        elif late and late[0].status in REFUSED:
            yield _delivered_all_the_same(delivering)
        elif after[0].status in REFUSED:
            soon.append(delivering)
    if len(soon) >= INSISTED and not stopped:
        yield from map(_delivered_all_the_same, soon)


def _delivered_all_the_same(look: Exchange) -> Finding:
    return Finding(look.at("/response/status"), "no delivery of a cancelled export", "200")


def _stored_nothing(talk: Talk, cancel: Exchange, export: Export) -> Iterator[Evidence]:
    """A cancelled export puts nothing into own storage, but for what was on its way already."""
    late = next((one for one in export.files if one.at > cancel.ended + SLACK), None)
    if late is not None:
        yield Finding(Where(file=late.key), "no file of a cancelled export", f"{late.at - cancel.ended:.0f} s later")
    elif not export.files and _end(talk) > cancel.ended + SLACK:
        yield Kept(cancel.at("/response/status"))


def _end(talk: Talk) -> float:
    return talk.once("braze:end", lambda: max(one.ended for one in talk.exchanges))


@check("cancel_spares")
def cancel_spares(talk: Talk) -> Iterator[Evidence]:
    """Exports of other segments that were running when one was cancelled deliver; one given up in vain does not.

    Judged where exports deliver at all.
    """
    alive = any(one.ready is not None for one in exports(talk))
    for cancel in talk.of(CANCEL) if alive else ():
        if cancel.status is None or cancel.status >= 300:
            continue
        for export in exports(talk):
            ready = export.ready
            began = export.start.index < cancel.index and export.segment != segment_of(cancel)
            if not began or export.url is None or (ready is not None and ready.index < cancel.index):
                continue
            if ready is not None:
                yield Kept(ready.at("/response/status"))
            elif any(one.fault == PATIENCE_ENDED and watched(export, one) for one in export.looks):
                at = export.looks[-1].at("/response/status")
                yield Finding(
                    at, f"the export of {export.segment}, which was not cancelled", str(export.looks[-1].status)
                )


@check("cancel_frees")
def cancel_frees(talk: Talk, *, seconds: float) -> Iterator[Evidence]:
    """A segment whose export was cancelled can be exported again after a while."""
    starts: dict[str | None, list[Exchange]] = {}
    for one in talk.of(START):
        segment = segment_of(one)
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
        segment = segment_of(cancel)
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
