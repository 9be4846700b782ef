"""Journeys of one export: order, poll, fetch in each format and coding, early, late and as a stranger."""

from __future__ import annotations

from typing import Final

from export_contracts.model import Exchange, Json
from export_contracts.targets import links
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.apsis.checks_calls import later_url
from export_contracts.vendors.apsis.scenarios_bodies import body
from export_contracts.vendors.apsis.scenarios_moves import (
    CSV,
    HOUR,
    SCHEMES,
    XLSX,
    Mark,
    fetch,
    invented,
    order,
    poll_url,
    until_ready,
)
from export_contracts.vendors.apsis.scenarios_tokens import renewed

REAL_WHILE: Final = 20.0
"""Seconds that a job may really take on a target whose clock can be turned."""


@scenario(harmless=True)
def export_as_csv(stage: Stage) -> None:
    """Order an export, look at once, poll until the file is there, fetch it plain and compressed."""
    ordered = order(stage, body(stage))
    later = later_url(ordered)
    if later is not None:
        fetch(stage, later)
    url = until_ready(stage, ordered)
    if url is not None:
        if later is not None:
            fetch(stage, later)
        fetch(stage, url)
        fetch(stage, url, accept=CSV)
        fetch(stage, url, gzip=True)
        last = fetch(stage, url, accept=CSV, gzip=True)
        if last.status in {401, 403}:  # is it the token that is no longer good, or the file?
            order(stage, body(stage))


@scenario(harmless=True, exports=2)
def export_as_workbook(stage: Stage) -> None:
    """Order columns; fetch one export as CSV and as XLSX, with and without compression."""
    url = until_ready(stage, _with_columns(stage))
    if url is not None:
        fetch(stage, url, accept=XLSX)
        fetch(stage, url, accept=XLSX, gzip=True)
        fetch(stage, url)


def _with_columns(stage: Stage) -> Exchange:
    """An order for the declared columns; for none where they are refused, so that the journey goes on."""
    plain: Json = body(stage)
    asked = body(stage, columns=True)
    if asked == plain:
        return order(stage, plain)
    base = order(stage, plain)
    ordered = order(stage, asked, Mark(feature="columns", twin=base.index))
    return ordered if ordered.status is not None and ordered.status < 300 else base


@scenario(harmless=True)
def strangers(stage: Stage) -> None:
    """Look at a ready file without a token, with a wrong one, in other schemes, and at an identifier never given."""
    url = until_ready(stage, order(stage, body(stage)))
    if url is None:
        return
    ready = stage.exchanges[-1].index
    fetch(stage, url, Mark("credential:absent", twin=ready))
    fetch(stage, url, Mark("credential:wrong", twin=ready))
    # a file behind another origin is fetched without any token, so that none in it can be wrong
    for fault, scheme in SCHEMES.items() if links.same_origin(stage.target.url, url) else ():
        fetch(stage, url, Mark(fault, twin=ready), scheme=scheme)
    other = invented(url)
    if other is not None:
        fetch(stage, other, Mark("path:identifier", twin=ready))
    fetch(stage, url)


@scenario(needs=("clock",), exports=3)
def one_day(stage: Stage) -> None:
    """Order twice; fetch the first late on its poll URL's day, and again when the day has passed."""
    ordered = order(stage, body(stage))
    order(stage, body(stage, "!(wanted)"), Mark(feature="negation", twin=ordered.index))
    url = until_ready(stage, ordered)
    if url is None:
        _watch_to_the_end(stage, ordered)
        return
    later = later_url(ordered)
    if later is not None:
        fetch(stage, later)
    ready = stage.exchanges[-1]
    stage.advance(max(0.0, ordered.started + 23 * HOUR - stage.transport.now()))
    token = renewed(stage) if fetch(stage, url).status == 401 else None
    if token is not None:
        fetch(stage, url, token=token)
    fetch(stage, url, token=token, accept=XLSX)
    stage.advance(max(0.0, ready.ended + 25 * HOUR - stage.transport.now()))
    token = renewed(stage)
    for late in (url, later):
        if late is not None:
            fetch(stage, late, Mark("late-download", twin=ready.index), token=token)
    order(stage, body(stage), token=token)


def _watch_to_the_end(stage: Stage, ordered: Exchange) -> None:
    """Look on for the rest of the day at a file that has not come, though a while of real time was left for it too."""
    url = poll_url(ordered)
    if url is None or stage.exchanges[-1].status not in {202, 404}:
        return
    stage.transport.sleep(min(stage.target.pace.deadline, REAL_WHILE))
    for hours in (6.0, 12.0, 18.0, 23.0, 23.99):
        if fetch(stage, url).status not in {202, 404}:
            return
        stage.advance(max(0.0, ordered.ended + hours * HOUR - stage.transport.now()))
    fetch(stage, url)
