"""Journeys through APSIS One's duplicate profile export, played as an exemplary client. Nothing is asserted here."""

from __future__ import annotations

from export_contracts.model import Exchange
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.apsis.scenarios_moves import (
    CSV,
    HOUR,
    XLSX,
    Fault,
    body,
    fetch,
    invented,
    order,
    until_ready,
)


@scenario()
def export_as_csv(stage: Stage) -> None:
    """Order an export, look at once, poll until the file is there, fetch it plain and compressed."""
    url = until_ready(stage, order(stage, body(stage)))
    if url is not None:
        fetch(stage, url)
        fetch(stage, url, accept=CSV)
        fetch(stage, url, gzip=True)
        fetch(stage, url, accept=CSV, gzip=True)


@scenario()
def export_as_workbook(stage: Stage) -> None:
    """Fetch one export as CSV and as XLSX, with and without compression."""
    url = until_ready(stage, order(stage, body(stage, columns=True)))
    if url is not None:
        fetch(stage, url)
        fetch(stage, url, accept=XLSX)
        fetch(stage, url, accept=XLSX, gzip=True)
        fetch(stage, url)


@scenario()
def strangers(stage: Stage) -> None:
    """Look at a ready file without a token, with a wrong one, and at an identifier that was never given."""
    url = until_ready(stage, order(stage, body(stage)))
    if url is None:
        return
    fetch(stage, url, fault=Fault("credential:absent"))
    fetch(stage, url, fault=Fault("credential:wrong"))
    other = invented(url)
    if other is not None:
        fetch(stage, other, fault=Fault("path:identifier"))


@scenario(needs=("clock",))
def one_day(stage: Stage) -> None:
    """Fetch late on the poll URL's day, and again when the day has passed."""
    ordered = order(stage, body(stage))
    url = until_ready(stage, ordered)
    if url is None:
        return
    ready = stage.exchanges[-1]
    stage.advance(max(0.0, ordered.started + 23 * HOUR - stage.transport.now()))
    fetch(stage, url)
    stage.advance(max(0.0, ready.ended + 25 * HOUR - stage.transport.now()))
    fetch(stage, url, fault=Fault("late-download"))
    fetch(stage, url, accept=XLSX, fault=Fault("late-download"))


@scenario(exports=3)
def filters(stage: Stage) -> None:
    """Export with a segment, with its negation, and with both at once."""
    for expression in ("wanted", "!(wanted)", "wanted & !(wanted)"):
        until_ready(stage, order(stage, body(stage, expression)))


def at_rest(stage: Stage, sent: Exchange) -> None:
    """Let the account's second between two orders pass, where the target is known to count."""
    if stage.target.settings.get("rate_limits") or sent.status == 429:
        stage.wait(1.0)
