"""Journeys of exports beside one another: of one segment, of two, of a hundred; and of one that is cancelled."""

from __future__ import annotations

from typing import Final

from export_contracts.model import Exchange, Intent, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.braze.journey import START, accepted, at_rest, look, order, own_files, start, url_of

HUNDRED: Final = 100
CANCEL_TAKES: Final = 2.0
BROKEN: Final = 500
TOO_MANY: Final = 429
INSISTED: Final = 4
"""How often more a request is sent whose answer may be one of the moment."""
A_WHILE: Final = 0.8
"""Seconds between two looks for a cancelled export, five of which are made; more where exports usually take more."""


@scenario(exports=2)
def second_export(stage: Stage) -> None:
    """Start a running segment once more, likewise and for other fields, another segment beside it, and wait for all."""
    began = start(stage, order(stage))
    if began is None:
        return
    mark = Intent(stage.name, "second-export", began.index)
    again = stage.send(START, json=order(stage), intent=mark, patient=False)
    for _ in range(INSISTED):
        if again.status == BROKEN:
            again = stage.send(START, json=order(stage), intent=mark, patient=False)
    otherwise = stage.send(START, json=order(stage, "external_id"), intent=mark, patient=False)
    url = url_of(began)
    other = stage.target.settings.get("second_segment_id")
    beside = {**order(stage), "segment_id": other}
    sent = _insisting(stage, beside) if other else None
    if url is not None:
        look(stage, url)
    else:
        stage.collect()
    at_rest(stage, began)
    at_rest(stage, again)
    at_rest(stage, otherwise)
    if other and not accepted(sent):
        sent = start(stage, beside)
    if sent is not None:
        at_rest(stage, sent)


@scenario(exports=4)
def cancelled(stage: Stage) -> None:
    """Cancel a running export, see that it never delivers, and start the segment anew; another's export runs on.

    Where it delivers all the same, the new one is cancelled too: the first may have been past stopping.
    """
    other = stage.target.settings.get("second_segment_id")
    started = start(stage, order(stage))
    if started is None or _delivered(stage, started):
        return
    beside = stage.send(START, json={**order(stage), "segment_id": other}, patient=False) if other else None
    if not accepted(_cancel(stage)):
        at_rest(stage, started)
        return
    in_vain = _delivers_yet(stage, started)
    if beside is not None:
        at_rest(stage, beside)
    anew = start(stage, order(stage))
    if anew is not None and in_vain and not _delivered(stage, anew) and accepted(_cancel(stage)):
        _delivers_yet(stage, anew)
        anew = start(stage, order(stage))
    if anew is not None:
        at_rest(stage, anew)


def _delivers_yet(stage: Stage, started: Exchange) -> bool:
    """Whether an export delivers that was just cancelled; looked for at once, and for a while."""
    for place in range(6):
        if _delivered(stage, started):
            return place > 0
        pause = max(stage.target.pace.poll, min(CANCEL_TAKES, max(A_WHILE, stage.deadlines.usual)))
        stage.wait(pause if place else CANCEL_TAKES)
    return False


@scenario(needs=("many_segments",), exports=101)
def hundred_at_once(stage: Stage) -> None:
    """Start a hundred exports and one more, then wait for all of them."""
    segments = stage.setting("many_segments")[: HUNDRED + 1]
    running: list[Exchange] = []
    for place, segment in enumerate(segments):
        intent = Intent(stage.name, "one-too-many", running[0].index) if place == HUNDRED else None
        body = {"segment_id": segment, "fields_to_export": ["external_id"]}
        sent = stage.send(START, json=body, intent=intent, patient=False)
        for _ in range(INSISTED if place < HUNDRED else 0):
            if not accepted(sent):
                sent = stage.send(START, json=body, patient=False)
        if not accepted(sent) and place < HUNDRED:
            break
        running.append(sent)
    begun = [one for one in running if accepted(one)]
    for one in begun:
        _delivered(stage, one)
    for one in begun:
        at_rest(stage, one)


def _insisting(stage: Stage, body: dict[str, Json]) -> Exchange:
    """Start an export while others run; a refusal that may be one of the moment is given more chances."""
    sent = stage.send(START, json=body, patient=False)
    for _ in range(INSISTED):
        if sent.status in {TOO_MANY, BROKEN}:
            sent = stage.send(START, json=body, patient=False)
    return sent


def _delivered(stage: Stage, started: Exchange) -> bool:
    """Whether a look at the URL, or into the bucket, finds the export delivered."""
    url = url_of(started)
    return look(stage, url).status == 200 if url is not None else bool(own_files(stage.collect(), started))


def _cancel(stage: Stage) -> Exchange:
    """Cancel what runs of the segment; a breakdown is given another chance."""
    body = {"segment_id": stage.setting("segment_id")}
    sent = stage.send("cancelSegmentExport", json=body)
    for _ in range(INSISTED):
        if sent.status == BROKEN:
            sent = stage.send("cancelSegmentExport", json=body)
    return sent
