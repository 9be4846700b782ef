"""Journeys of one export at a time through Braze's segment export, for accounts with and without own storage.

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
    at_rest,
    await_callback,
    await_download,
    await_files,
    called,
    common_attribute,
    look,
    order,
    start,
    storage_headers,
    url_of,
    url_told,
)
from export_contracts.vendors.braze.scenarios_refused import MOST_ATTRIBUTES, too_many_names

HALF_HOUR: Final = 1800.0
DAY: Final = 86_400.0
BROKEN: Final = 500
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
    if look(stage, url, "expired-download").status == BROKEN:
        look(stage, url, "expired-download")


@scenario(exports=4, harmless=True)
def every_field(stage: Stage) -> None:
    """Export every field, then one custom attribute by name, then its name beside all custom attributes.

    In between, too many names show whether the target knows of names at all.
    """
    known = stage.contract.schemas["schemas/field-name.json"]["enum"]  # of the month that is asked about
    body = order(stage, *SETTLED, *(one for one in DISPUTED if one in known))
    started = start(stage, body) or start(stage, order(stage, *SETTLED))
    if started is None:
        return
    name = common_attribute(stage, started)
    if name is None:
        return
    spoilt = order(stage, custom_attributes_to_export=too_many_names())
    intent = Intent(stage.name, "maxItems:/custom_attributes_to_export", started.index)
    at_rest(stage, stage.send(START, json=spoilt, intent=intent, patient=True))
    alone = _named(stage, name)
    if alone is not None:
        at_rest(stage, alone)
    body = order(stage, "external_id", "custom_attributes", custom_attributes_to_export=[name])
    beside = start(stage, body, intent=Intent(stage.name, "names-beside-all", started.index))
    if beside is not None:
        at_rest(stage, beside)


def _named(stage: Stage, name: str) -> Exchange | None:
    """An export of one custom attribute among as many as may be named; of fewer where the target refuses that."""
    others = too_many_names()[1:MOST_ATTRIBUTES]
    for names in ([name, *others], [name, others[0]], [name]):
        begun = start(stage, order(stage, "external_id", custom_attributes_to_export=names))
        if begun is not None:
            return begun
    return None


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


def _left(stage: Stage, started: Exchange | None) -> None:
    """Wait for an export that went elsewhere than hoped, so that it does not run into the next journey."""
    if started is not None:
        at_rest(stage, started)
