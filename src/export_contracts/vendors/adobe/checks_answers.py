"""Checks of single answers: success codes, the gateway's refusals, the answer to a cancellation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from export_contracts.checks import Talk, check
from export_contracts.checks.builtin import twin_accepted
from export_contracts.checks.outage import NEUTRAL
from export_contracts.model import MISSING, Evidence, Exchange, Finding, Json, Kept
from export_contracts.schema.pointer import resolve
from export_contracts.schema.validation import shorten
from export_contracts.vendors.adobe.checks_breakdowns import BROKEN, always_broken
from export_contracts.vendors.adobe.checks_story import TERMINAL, Sight, named, story

PLATFORM = ("error_code", "message")
PROBLEM = ("status", "title", "detail")


DECLARED = ("dataset_id", "segment_id", "second_segment_id", "merge_policy_id")
"""Settings whose ids an order may be expected to be taken with."""
MISSED = 404
CROWDED = (409, 423)
"""Statuses of a service that runs so many jobs and no more, of which the documents are silent."""


@check("adobe_success")
def success(talk: Talk, *, status: Sequence[int], first: bool = False) -> Iterator[Evidence]:
    """A success has a documented status, and an exemplary request is one; of cancellations perhaps only the `first`.

    Recorded and drawn requests may be refused for reasons unseen here; only what our own journeys send
    is known to be in order, and of that only what concerns a job that is certainly there.
    """
    ours = [one for one in talk.selected if one.intent is not None]
    for exchange in talk.selected:
        if first and story(talk).is_cancelled(named(exchange), exchange):
            continue
        neutral = exchange.status in NEUTRAL and not (exchange in ours and always_broken(ours))
        if exchange.status in status:
            yield Kept(exchange.at("/response/status"), reading=str(exchange.status))
        elif exchange.status is not None and not neutral and _owed(talk, exchange):
            wanted = " or ".join(str(one) for one in status)
            yield Finding(exchange.at("/response/status"), f"status {wanted}", str(exchange.status))


def _owed(talk: Talk, exchange: Exchange) -> bool:
    if exchange.status is not None and exchange.status < 400:
        return True
    if exchange.intent is None or exchange.intent.label == "generated":
        return False
    job = named(exchange)
    told = story(talk)
    if exchange.operation == "retrieveExportJob":
        return job in told.orders and not told.is_cancelled(job, exchange)
    if exchange.operation == "cancelExportJob":
        due = exchange.status == BROKEN or _unfinished(told.of(job), exchange)
        return job in told.orders and not told.is_cancelled(job, exchange) and due
    if exchange.status in CROWDED:
        return False
    return exchange.operation != "createExportJob" or is_declared(talk, exchange)


def is_declared(talk: Talk, exchange: Exchange) -> bool:
    """Whether an order names nothing that the target's owner has not declared to be there and in order."""
    body = exchange.request.json
    segments = resolve(body, "/filter/segments")
    named = [resolve(body, "/destination/datasetId"), resolve(body, "/mergePolicy/id")]
    named += [resolve(one, "/segmentId") for one in segments] if isinstance(segments, list) else []
    known = [talk.facts.get(one) for one in DECLARED]
    return all(one is MISSING or one in known for one in named)


def _unfinished(sights: Iterator[Sight], exchange: Exchange) -> bool:
    """Whether the job was seen unfinished after this exchange: what is over may refuse to be cancelled."""
    after = [one for one in sights if one.exchange.index > exchange.index]
    return bool(after) and after[0].status not in TERMINAL


@check("adobe_not_found")
def not_found(talk: Talk) -> Iterator[Evidence]:
    """What is asked of an unknown job is answered 404, and a breakdown is no answer unless it is the only one."""
    for exchange in talk.selected:
        alike = [one for one in talk.selected if _asked(one) == _asked(exchange)]
        if not twin_accepted(talk, exchange) or (exchange.status in NEUTRAL and not always_broken(alike)):
            continue
        at = exchange.at("/response/status")
        if exchange.status == MISSED:
            yield Kept(at)
        else:
            yield Finding(at, "status 404 for a job that is not there", str(exchange.status))


def _asked(exchange: Exchange) -> tuple[str, str]:
    return exchange.request.method, exchange.request.path


@check("adobe_refusal_shape")
def refusal_shape(talk: Talk) -> Iterator[Evidence]:
    """A JSON refusal is the gateway's or the service's; an answer without JSON says nothing."""
    for exchange in _refusals(talk):
        body = _object(exchange)
        if exchange.response is not None and not exchange.response.body:
            yield Kept(exchange.at("/response/body"), reading="no body")
        elif body is not None:
            if _texts(body, PLATFORM):
                yield Kept(exchange.at("/response/body"), reading="gateway")
            elif _texts(body, PROBLEM[1:]) and "status" in body:
                yield Kept(exchange.at("/response/body"), reading="service")
            else:
                yield Finding(exchange.at("/response/body"), "error_code and message, as text", shorten(body))


@check("adobe_refusal_in_json")
def refusal_in_json(talk: Talk) -> Iterator[Evidence]:
    """A refusal has an object in JSON for a body, or a list of such, or no body."""
    for exchange in _refusals(talk):
        empty = exchange.response is not None and not exchange.response.body
        if empty or (exchange.response is not None and isinstance(exchange.response.json, (dict, list))):
            yield Kept(exchange.at("/response/body"))
        elif exchange.response is not None:
            got = exchange.response.body[:60].decode("utf-8", errors="replace")
            yield Finding(exchange.at("/response/body"), "a JSON object, or nothing", got)


def _refusals(talk: Talk) -> Iterator[Exchange]:
    """The selected answers that concern the request, and not how many came before it."""
    return (one for one in talk.selected if one.status not in NEUTRAL)


def _object(exchange: Exchange) -> Mapping[str, Json] | None:
    body = exchange.response.json if exchange.response else None
    return body if isinstance(body, dict) else None


def _texts(body: Mapping[str, Json], names: Sequence[str]) -> bool:
    return all(isinstance(body.get(name), str) and body[name] for name in names)


@check("adobe_gateway_code")
def gateway_code(talk: Talk, *, codes: Mapping[str, Sequence[str]]) -> Iterator[Evidence]:
    """The gateway's code is the one documented for what was missing; `codes` is by planted fault."""
    for exchange in _refusals(talk):
        body = _object(exchange) or {}
        code, wanted = body.get("error_code"), codes.get((exchange.fault or "").lower())
        if not isinstance(code, str) or wanted is None:
            continue
        if code in wanted:
            yield Kept(exchange.at("/response/body/error_code"))
        else:
            yield Finding(exchange.at("/response/body/error_code"), f"the code {' or '.join(wanted)}", code)


@check("adobe_code_is_status")
def code_is_status(talk: Talk) -> Iterator[Evidence]:
    """The first three digits of the gateway's code are the HTTP status."""
    for exchange in _refusals(talk):
        code = (_object(exchange) or {}).get("error_code")
        if isinstance(code, str) and code.isdecimal() and len(code) == 6:
            if code.startswith(str(exchange.status)):
                yield Kept(exchange.at("/response/status"))
            else:
                yield Finding(exchange.at("/response/status"), f"status {code[:3]}, as the code says", f"{code}")


@check("adobe_empty")
def empty(talk: Talk) -> Iterator[Evidence]:
    """The answer carries no body."""
    for exchange in talk.selected:
        content = exchange.response.body if exchange.response else b""
        if content:
            yield Finding(exchange.at("/response/body"), "no body, for 204 has none", f"{len(content)} bytes")
        else:
            yield Kept(exchange.at("/response/body"))


@check("adobe_location")
def location(talk: Talk) -> Iterator[Evidence]:
    """Where an answer to an order says X-Location, it is the address of the job."""
    for sight in story(talk).sights:
        said = sight.exchange.response.headers.get("x-location") if sight.exchange.response else None
        if sight.kind != "created" or not said:
            continue
        if said.rstrip("/").endswith(f"/export/jobs/{sight.id}"):
            yield Kept(sight.exchange.at("/response/headers/x-location"))
        else:
            yield Finding(
                sight.exchange.at("/response/headers/x-location"),
                f"an address ending in /export/jobs/{sight.id}",
                said,
            )
