"""Checks of a single answer: is it an export, a refusal, a table in the form asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.checks.outage import NEUTRAL
from export_contracts.checks.pages import is_page
from export_contracts.checks.registry import check
from export_contracts.checks.talk import Talk
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept, Unreadable
from export_contracts.schema.validation import shorten
from export_contracts.vendors.bloomreach.checks_asks import (
    asked,
    has_known_access,
    is_refusal,
    is_settled,
    says_failure,
    tables,
    without,
)
from export_contracts.vendors.bloomreach.checks_sheet import Form
from export_contracts.vendors.bloomreach.checks_tables import form_of, is_json_lines

BROKEN: Final = 500
AGAIN: Final = 2
"""Answers from which on one to all of them is no accident."""


@check("exported")
def exported(talk: Talk, *, together: bool = False) -> Iterator[Evidence]:
    """A request that is valid beyond doubt is answered with a status of success.

    Judged `together` are those that combine members which others of the same transcript were served with one by one.
    """
    for exchange in talk.selected:
        if not is_settled(talk, exchange) or _says_nothing(talk, exchange):
            continue
        if together and not _served_apart(talk, exchange):
            continue
        if exchange.status is not None and 200 <= exchange.status < 300:
            yield Kept(exchange.at("/response/status"))
        elif has_known_access(talk, exchange):
            yield Finding(exchange.at("/response/status"), "status 200 for a valid export", _told(exchange))


def _served_apart(talk: Talk, exchange: Exchange) -> bool:
    """Whether the time and the zone of a request were served, each in a request without the other."""
    served = [asked(one) for one in talk.of(exchange.operation or "") if one.status == 200 and is_settled(talk, one)]
    moments = ("execution_time", "timezone")
    found = [[one for one in served if name in one and not {*moments} - {name} & one.keys()] for name in moments]
    return all(found)


def _says_nothing(talk: Talk, exchange: Exchange) -> bool:
    """Load and outages say nothing of a request; 500 does, where the same was asked again and met nothing else.

    And where others were served: one request that once met 500 and once another answer means a service with moments.
    """
    if exchange.status != BROKEN:
        return exchange.status in NEUTRAL
    met = talk.once("bloomreach:met", lambda: _met(talk))
    served = any(200 in found for found in met.values())
    flaky = any(BROKEN in found and len(set(found)) > 1 for found in met.values())
    return flaky or not served or len(met[without(exchange)]) < AGAIN


def _met(talk: Talk) -> dict[str, list[int | None]]:
    """The statuses that each request was answered with."""
    found: dict[str, list[int | None]] = {}
    for one in talk.of("exportCustomers"):
        found.setdefault(without(one), []).append(one.status)
    return found


def _told(exchange: Exchange) -> str:
    body = exchange.view.get("response", {}).get("body", "")
    return f"{exchange.status} {shorten(body, 100)}"


@check("succeeds")
def succeeds(talk: Talk) -> Iterator[Evidence]:
    """Under a status of success, the answer to a request that is valid beyond doubt tells of no failure.

    In recorded traffic nothing is known of the project, so that every request counts.
    """
    for exchange in talk.selected:
        if talk.facts and not is_settled(talk, exchange):
            continue
        if says_failure(talk, exchange):
            yield Finding(exchange.at("/response/body"), "an export, as the status says", _told(exchange))
        else:
            yield Kept(exchange.at("/response/body"))


@check("declined")
def declined(talk: Talk) -> Iterator[Evidence]:
    """A request with one planted fault is refused, by status or in the body, though its twin was served."""
    for exchange in talk.selected:
        twin = talk.transcript.get(exchange.intent.twin if exchange.intent else None)
        if twin is None or is_refusal(talk, twin) or exchange.status in NEUTRAL:
            continue
        if is_page(exchange) or is_page(twin):
            continue
        if is_refusal(talk, exchange):
            in_body = exchange.status is not None and exchange.status < 300
            yield Kept(exchange.at(), reading="failure under a status of success" if in_body else str(exchange.status))
        else:
            fault = exchange.fault or ""
            yield Finding(exchange.at("/response/status"), f"a refusal of the fault {fault}", _told(exchange))


@check("csv_text")
def csv_text(talk: Talk) -> Iterator[Evidence]:
    """An export asked for as CSV is text with a row of names, and no JSON document."""
    for exchange in _asked_for(talk, "csv"):
        form = form_of(talk, exchange)
        if form is Form.CSV:
            yield Kept(exchange.at("/response/body"))
        elif form is Form.EMPTY:
            if "filter" not in asked(exchange) and is_settled(talk, exchange):
                yield Finding(exchange.at("/response/body"), "a row of column names", "an empty body")
        elif form is not Form.FAILURE and (_is_json(exchange) or is_json_lines(exchange)):
            yield Finding(exchange.at("/response/body"), "comma-separated text", f"JSON: {_told(exchange)}")


def _asked_for(talk: Talk, form: str) -> Iterator[Exchange]:
    """Exchanges that asked for a format and were answered with something whose coding can be undone."""
    for one in talk.selected:
        readable = one.response is not None and not isinstance(one.response.content, Unreadable)
        if readable and asked(one).get("format") == form:
            yield one


@check("json_table")
def json_table(talk: Talk) -> Iterator[Evidence]:
    """An export asked for as table_json is JSON; its keys are undocumented, so any form is a reading."""
    for exchange in _asked_for(talk, "table_json"):
        form = form_of(talk, exchange)
        if says_failure(talk, exchange) or (form is Form.EMPTY and not is_settled(talk, exchange)):
            continue
        if _is_json(exchange):
            yield Kept(exchange.at("/response/body"), reading=form.value)
        else:
            yield Finding(exchange.at("/response/body"), "a JSON document", _told(exchange))


def _is_json(exchange: Exchange) -> bool:
    value: Json | Unreadable = exchange.response.json if exchange.response else None
    return isinstance(value, (dict, list))


@check("row_width")
def row_width(talk: Talk) -> Iterator[Evidence]:
    """Each row has as many cells as the header has names."""
    for exchange, table in tables(talk):
        if not table.ordered:
            continue
        ragged = [(place, row) for place, row in enumerate(table.rows) if len(row) != len(table.header)]
        for place, row in ragged[:3]:
            expected = f"{len(table.header)} cells, as in the header"
            yield Finding(exchange.at("/response/body"), expected, f"{len(row)} in row {place + 1}")
        if table.rows and not ragged:
            yield Kept(exchange.at("/response/body"), reading=table.form.value)


@check("once_each")
def once_each(talk: Talk) -> Iterator[Evidence]:
    """No `registered` id, which belongs to one customer, stands in two rows of one export."""
    for exchange, table in tables(talk):
        doubled = [one for one, count in (table.registered or {}).items() if count > 1]
        if doubled:
            yield Finding(exchange.at("/response/body"), "each customer once", f"{shorten(doubled[0], 60)} in two rows")
        elif table.registered:
            yield Kept(exchange.at("/response/body"))


@check("not_successful")
def not_successful(talk: Talk) -> Iterator[Evidence]:
    """A body under an error status does not claim success."""
    for exchange in talk.selected:
        body = exchange.response.json if exchange.response else None
        if not isinstance(body, dict):
            continue
        if body.get("success") is True:
            yield Finding(exchange.at("/response/body/success"), "no success: true under an error status", "true")
        else:
            yield Kept(exchange.at("/response/body"))


@check("envelope")
def envelope(talk: Talk) -> Iterator[Evidence]:
    """A failure in JSON takes one of the vendor's envelopes; plain text or nothing are readings."""
    for exchange in talk.selected:
        if exchange.response is None:
            continue
        reading = _envelope(exchange)
        if reading is not None:
            yield Kept(exchange.at("/response/body"), reading=reading)
        else:
            yield Finding(exchange.at("/response/body"), "one of the five known envelopes", _told(exchange))


def _envelope(exchange: Exchange) -> str | None:
    body = exchange.response.json if exchange.response else None
    if isinstance(body, Unreadable):
        return "text" if exchange.response and exchange.response.body.strip() else "empty"
    if not isinstance(body, dict):
        return "text" if isinstance(body, str) else None
    errors = body.get("errors")
    if isinstance(errors, dict):
        return "errors by field" if "code" not in errors else "code and description"
    if isinstance(errors, (list, str)):
        return "list of errors"
    return next((name for name in ("error", "message") if body.get(name) is not None), None)
