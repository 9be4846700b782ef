"""Journeys through Braze's segment export, for accounts with and without own storage.

Each says what it needs; one that cannot go on, because the target answered otherwise than hoped, simply ends.
"""

from __future__ import annotations

from typing import Final

from export_contracts.model import Exchange, Intent
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.braze.journey import (
    FEW,
    PATIENCE_ENDED,
    START,
    accepted,
    at_rest,
    await_callback,
    await_download,
    await_files,
    called,
    common_attribute,
    look,
    order,
    own_files,
    start,
    storage_headers,
    url_of,
    url_told,
)
from export_contracts.vendors.braze.scenarios_refused import requests_refused, too_many_names

__all__ = [
    "at_rest",
    "callback_to_url",
    "cancelled",
    "empty_segment",
    "every_field",
    "export_to_bucket",
    "export_to_url",
    "hundred_at_once",
    "large_export",
    "requests_refused",
    "second_export",
]

HALF_HOUR: Final = 1800.0
DAY: Final = 86_400.0
HUNDRED: Final = 100
CANCEL_TAKES: Final = 2.0
A_WHILE: Final = 0.8
"""Seconds between two looks for a cancelled export, five of which are made; more where exports usually take more."""
SETTLED: Final = (
    *("apps", "attributed_campaign", "attributed_source", "attributed_adgroup", "attributed_ad", "braze_id"),
    *("country", "created_at", "custom_attributes", "custom_events", "devices", "dob", "email", "external_id"),
    *("first_name", "gender", "home_city", "language", "last_coordinates", "last_name", "phone", "purchases"),
    *("random_bucket", "time_zone", "total_revenue", "uninstalled_at", "user_aliases"),
)
"""Names that every edition lists."""
DISPUTED: Final = (
    *("campaigns_received", "canvases_received", "cards_clicked", "push_tokens", "push_subscribe"),
    *("email_subscribe", "created_from"),
)
"""Names that some editions lack; a server may refuse them."""


@scenario(harmless=True)
def export_to_url(stage: Stage) -> None:
    """Start an export, look at its URL at once, wait for it, fetch it again, and once more when it has expired."""
    started = start(stage, order(stage))
    url = url_of(started) if started else None
    if url is None:
        _left(stage, started)
        return
    look(stage, url)
    if await_download(stage, url) is None:
        return
    look(stage, url)
    if "clock" not in stage.target.features:
        return
    stage.advance(HALF_HOUR)
    look(stage, url)
    stage.advance(5 * 3600.0)
    look(stage, url, "expired-download")
    stage.advance(DAY)
    look(stage, url, "expired-download")


@scenario(exports=4, harmless=True)
def every_field(stage: Stage) -> None:
    """Export every field, then one custom attribute by name, then its name beside all custom attributes.

    In between, too many names show whether the target knows of names at all.
    """
    body = order(stage, *SETTLED, *DISPUTED)
    started = start(stage, body) or start(stage, order(stage, *SETTLED))
    if started is None:
        return
    name = common_attribute(stage, started)
    if name is None:
        return
    spoilt = order(stage, custom_attributes_to_export=too_many_names())
    intent = Intent(stage.name, "maxItems:/custom_attributes_to_export", started.index)
    at_rest(stage, stage.send(START, json=spoilt, intent=intent, patient=True))
    alone = start(stage, order(stage, "external_id", custom_attributes_to_export=[name]))
    if alone is not None:
        at_rest(stage, alone)
    body = order(stage, "external_id", "custom_attributes", custom_attributes_to_export=[name])
    beside = start(stage, body, intent=Intent(stage.name, "names-beside-all", started.index))
    if beside is not None:
        at_rest(stage, beside)


@scenario(exports=2)
def second_export(stage: Stage) -> None:
    """Start a running segment once more, likewise and for other fields, another segment beside it, and wait for all."""
    began = start(stage, order(stage))
    if began is None:
        return
    mark = Intent(stage.name, "second-export", began.index)
    again = stage.send(START, json=order(stage), intent=mark, patient=False)
    otherwise = stage.send(START, json=order(stage, "external_id"), intent=mark, patient=False)
    url = url_of(began)
    other = stage.target.settings.get("second_segment_id")
    beside = {**order(stage), "segment_id": other}
    sent = stage.send(START, json=beside, patient=False) if other else None
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


@scenario(needs=("callback",))
def callback_to_url(stage: Stage) -> None:
    """Export to a URL with an address to call back, and look at the URL when the call has come."""
    address = stage.callback_url()
    started = start(stage, order(stage, callback_endpoint=address))
    url = url_of(started) if started else None
    if url is None:
        _left(stage, started)
        return
    began = stage.transport.now()
    step = stage.target.pace.poll
    while not called(stage) and stage.transport.now() - began < stage.target.pace.deadline:
        if look(stage, url).status == 200:
            break
        stage.wait(step)
        step = min(step * 1.2, max(step, stage.target.pace.deadline / 100))
    await_callback(stage)
    look(stage, url)
    told = [one for one in map(url_told, called(stage)) if one is not None]
    if told and told[0] != url:
        await_download(stage, told[0])


@scenario(needs=("bucket",), exports=2, harmless=True)
def export_to_bucket(stage: Stage) -> None:
    """Export to the bucket as zip, with a callback where one can be received, then as gzip."""
    address = stage.callback_url() if "callback" in stage.target.features else None
    called = {"callback_endpoint": address} if address else {}
    for output_format in ("zip", "gzip"):
        body = order(stage, *FEW, output_format=output_format, **(called if output_format == "zip" else {}))
        started = start(stage, body, storage=True)
        if started is None:
            return
        url = url_of(started)
        if url is not None:
            await_download(stage, url)
            stage.collect()
            return
        if not await_files(stage, started):
            if stage.unwaited:
                return
            intent = Intent(stage.name, PATIENCE_ENDED, started.index)
            stage.send(START, json=body, headers=storage_headers(stage), intent=intent, patient=False)
            return
        if address and output_format == "zip":
            await_callback(stage)
            stage.collect()


@scenario(needs=("empty_segment_id",))
def empty_segment(stage: Stage) -> None:
    """Export a segment without users; what comes of it, or whether anything does, is nowhere documented."""
    started = start(stage, {**order(stage), "segment_id": stage.setting("empty_segment_id")})
    if started is not None:
        at_rest(stage, started)


@scenario(needs=("bucket", "large_segment_id"), exports=1)
def large_export(stage: Stage) -> None:
    """Export a segment of several files' size to the bucket, with a callback where one can be received."""
    address = stage.callback_url() if "callback" in stage.target.features else None
    called = {"callback_endpoint": address} if address else {}
    body = {**order(stage, **called), "segment_id": stage.setting("large_segment_id")}
    started = start(stage, body, storage=True)
    if started is None:
        return
    at_rest(stage, started)
    if address:
        await_callback(stage)
        stage.collect()


@scenario(exports=3)
def cancelled(stage: Stage) -> None:
    """Cancel a running export, see that it never delivers, and start the segment anew; another's export runs on."""
    other = stage.target.settings.get("second_segment_id")
    started = start(stage, order(stage))
    if started is None or _delivered(stage, started):
        return
    beside = stage.send(START, json={**order(stage), "segment_id": other}, patient=False) if other else None
    if not accepted(stage.send("cancelSegmentExport", json={"segment_id": stage.setting("segment_id")})):
        at_rest(stage, started)
        return
    stage.wait(CANCEL_TAKES)
    for _ in range(5):
        if _delivered(stage, started):
            break
        stage.wait(max(stage.target.pace.poll, min(CANCEL_TAKES, max(A_WHILE, stage.deadlines.usual))))
    if beside is not None:
        at_rest(stage, beside)
    anew = start(stage, order(stage))
    if anew is not None:
        at_rest(stage, anew)


def _left(stage: Stage, started: Exchange | None) -> None:
    """Wait for an export that went elsewhere than hoped, so that it does not run into the next journey."""
    if started is not None:
        at_rest(stage, started)


def _delivered(stage: Stage, started: Exchange) -> bool:
    """Whether a look at the URL, or into the bucket, finds the export delivered."""
    url = url_of(started)
    return look(stage, url).status == 200 if url is not None else bool(own_files(stage.collect(), started))


@scenario(needs=("many_segments",), exports=101)
def hundred_at_once(stage: Stage) -> None:
    """Start a hundred exports and one more, then wait for all of them."""
    segments = stage.setting("many_segments")[: HUNDRED + 1]
    running: list[Exchange] = []
    for place, segment in enumerate(segments):
        intent = Intent(stage.name, "one-too-many", running[0].index) if place == HUNDRED else None
        body = {"segment_id": segment, "fields_to_export": ["external_id"]}
        sent = stage.send(START, json=body, intent=intent, patient=False)
        if not accepted(sent) and place < HUNDRED:
            break
        running.append(sent)
    begun = [one for one in running if accepted(one)]
    for one in begun:
        _delivered(stage, one)
    for one in begun:
        at_rest(stage, one)
