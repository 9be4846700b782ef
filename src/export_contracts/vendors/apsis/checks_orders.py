"""What an order leads to: which are taken, how narrowing shows in the rows, tokens and rates. Reads no file itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.checks.outage import says_nothing
from export_contracts.files.tables import Table
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept
from export_contracts.vendors.apsis.checks_calls import DAY, NEUTRAL, Export, exports, is_accepted
from export_contracts.vendors.apsis.checks_cells import cell
from export_contracts.vendors.apsis.checks_contents import whole_table
from export_contracts.vendors.apsis.checks_life import CRASHES, STATUS, got
from export_contracts.vendors.apsis.checks_negotiation import BODY

NARROWING: Final = frozenset(
    {"segments", "topic_discriminators", "channel_discriminator", "consent_list_discriminator"}
)
ENOUGH: Final = 3
"""Orders from which on one answer to all of them is no accident."""


@check("feature_accepted")
def feature_accepted(talk: Talk, *, feature: str) -> Iterator[Evidence]:
    """An order with a documented feature is taken, where the same order without it was.

    A breakdown each time the order is sent is an answer, too.
    """
    for order in talk.selected:
        intent = order.intent
        if intent is None or intent.label != feature or says_nothing(talk, order):
            continue
        twin = talk.transcript.get(intent.twin)
        if twin is None or not is_accepted(twin):
            continue
        if is_accepted(order):
            yield Kept(order.at(STATUS))
        else:
            yield Finding(order.at(STATUS), f"success, as for exchange {twin.index}", got(order))


@check("plain_order_taken")
def plain_order_taken(talk: Talk) -> Iterator[Evidence]:
    """An order of our own that asks for nothing but a segment's members is taken; strangers may name what is not."""
    for order in talk.selected:
        body = _members(order)
        asked = body.keys() & {"attributes", "tags", "topic_discriminators"} if body else {"nothing"}
        if asked or not _names_one(body) or not _is_ours(order) or (order.intent and order.intent.twin is not None):
            continue
        if is_accepted(order):
            yield Kept(order.at(STATUS))
        elif order.status not in {*NEUTRAL, 401, 403}:
            yield Finding(order.at(STATUS), "success for an order of the documented form", got(order))


@check("sound_order_answered")
def sound_order_answered(talk: Talk) -> Iterator[Evidence]:
    """Orders without a fault are not all answered with an error of the server; a single one may happen to anybody."""
    answered = [one for one in talk.selected if _is_ours(one) and one.status is not None]
    if len(answered) >= ENOUGH and all(one.status in CRASHES for one in answered):
        yield Finding(
            answered[0].at(STATUS), f"another answer to one of {len(answered)} sound orders", got(answered[0])
        )
    for one in answered:
        if is_accepted(one):
            yield Kept(one.at(STATUS))


def _is_ours(order: Exchange) -> bool:
    """Whether a journey sent it; an order that was drawn lacks the members that the target's owner says it needs."""
    return order.intent is not None and order.intent.label != "generated"


def _names_one(body: dict[str, Json] | None) -> bool:
    """Whether the order's filter is the one name under which it gives an existing segment."""
    segments = (body or {}).get("segments")
    if not isinstance(segments, dict) or segments.get("filter") != "wanted":
        return False
    named = segments.get("segment_discriminators")
    return isinstance(named, dict) and list(named) == ["wanted"]


@check("narrowing_removes")
def narrowing_removes(talk: Talk) -> Iterator[Evidence]:
    """An export narrowed by segments or topics, or by both, holds only rows that the same export without one has."""
    found = [(one, one.first_file, one.order) for one in exports(talk) if one.first_file and one.order]
    for _, wide_file, wide in found:
        wide_body, wide_table = _members(wide), whole_table(talk, wide_file)
        if wide_table is None or wide_body is None:
            continue
        for _, file, order in found:
            body, table = _members(order), whole_table(talk, file)
            if not _of_one_time(order, wide):
                continue
            if table is not None and body is not None and _narrows(body, wide_body):
                yield from _narrower(file, table, wide_file, wide_table)


def _of_one_time(order: Exchange, other: Exchange) -> bool:
    """Whether two orders lie within a day, so that the profiles may be taken for the same; as far as times are told."""
    return not (order.timed and other.timed) or abs(order.started - other.started) < DAY


def _narrows(body: dict[str, Json], wide: dict[str, Json]) -> bool:
    """Whether an order says all that the wide one says, and narrows it further."""
    more = body.keys() - wide.keys()
    return bool(more) and more <= NARROWING and all(name in body and body[name] == wide[name] for name in wide)


def _narrower(file: Exchange, table: Table, wide_file: Exchange, wide: Table) -> Iterator[Evidence]:
    """Whether the rows of `table` are rows of `wide`, as far as their columns are the same."""
    shared = [name for name in table.header if name in wide.header]
    strangers = _cut(table, shared) - _cut(wide, shared)
    if strangers and shared:
        wanted = f"only rows of exchange {wide_file.index}, which is narrowed less"
        yield Finding(file.at(BODY), wanted, f"{strangers.total()} others, such as {next(iter(strangers))}"[:160])
    elif table.rows and shared:
        yield Kept(file.at(BODY))


def _cut(table: Table, columns: list[str]) -> Counter[tuple[str, ...]]:
    """Rows by the cells of some columns; one of the tables may be a workbook, whose cells have types."""
    places = [table.header.index(name) for name in columns]
    return Counter(tuple(cell(row[place]) for place in places) for row in table.rows)


def _members(order: Exchange) -> dict[str, Json] | None:
    body = order.request.json
    return body if isinstance(body, dict) else None


@check("values_are_shared")
def values_are_shared(talk: Talk) -> Iterator[Evidence]:
    """In an export that nothing narrows, each value of the compared attribute stands in two rows or more."""
    column = talk.facts.get("compared")
    for export in exports(talk):
        read = None if export.first_file is None else whole_table(talk, export.first_file)
        place = None if read is None else _place(read.header, column)
        if read is None or place is None or not _is_wide(export) or export.first_file is None:
            continue
        values = Counter(str(row[place]).strip().casefold() for row in read.rows if len(row) > place)
        lonely = [value for value, count in values.items() if count == 1 and value]
        if values and not any(values):
            yield Finding(export.first_file.at(BODY), f"values under {column}", "blanks only")
        elif lonely:
            yield Finding(export.first_file.at(BODY), f"each {column} in two rows or more", f"{lonely[0]!r} in one")
        elif values:
            yield Kept(export.first_file.at(BODY))


def _place(header: tuple[str, ...], column: Json) -> int | None:
    wanted = str(column).strip().casefold()
    return next((place for place, name in enumerate(header) if name.strip().casefold() == wanted), None)


def _is_wide(export: Export) -> bool:
    body = _members(export.order) if export.order is not None else None
    return body is not None and not NARROWING & body.keys()


@check("rate_enforced")
def rate_enforced(talk: Talk, *, most: int, seconds: float) -> Iterator[Evidence]:
    """Of more calls than the documented rate allows, sent on purpose within its window, one is answered with 429."""
    # what an outage answers, nobody has counted
    calls = [one for one in talk.selected if one.status == 429 or one.status not in NEUTRAL]
    if any(one.status == 429 for one in calls):
        yield Kept(next(one for one in calls if one.status == 429).at(STATUS))
    elif len(calls) > most + 1 and calls[-1].ended - calls[0].started < seconds:
        yield Finding(calls[-1].at(STATUS), f"429 after {most} calls in {seconds:g} s", f"none in {len(calls)} calls")


@check("problem_repeats_status")
def problem_repeats_status(talk: Talk) -> Iterator[Evidence]:
    """Where the body of an error is a problem with a status, that is the one of the answer, as a number."""
    for exchange in talk.selected:
        body = exchange.response.json if exchange.response is not None else None
        if not isinstance(body, dict) or "status" not in body or not _is_problem(exchange, body):
            continue
        pointer = "/response/body/status"
        if body["status"] == exchange.status and not isinstance(body["status"], bool):
            yield Kept(exchange.at(pointer))
        else:
            yield Finding(exchange.at(pointer), f"the number {exchange.status}", json.dumps(body["status"])[:80])


def _is_problem(exchange: Exchange, body: dict[str, Json]) -> bool:
    """Whether the body is called a problem object or has all members of one; other error bodies are not described."""
    called = exchange.response is not None and exchange.response.media_type == "application/problem+json"
    said = body["status"]
    counts = isinstance(said, int) or (isinstance(said, str) and said.isdecimal())
    return called or (counts and all(isinstance(body.get(name), str) for name in ("title", "detail")))
