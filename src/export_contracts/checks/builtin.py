"""Checks that any clause can name, about schemas, statuses, refusals, readings, addresses. Vendors add their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from export_contracts.checks.outage import says_nothing
from export_contracts.checks.pages import is_page
from export_contracts.checks.registry import check
from export_contracts.checks.talk import Talk
from export_contracts.model import MISSING, Evidence, Exchange, Finding, Json, Kept, Where
from export_contracts.schema.pointer import resolve
from export_contracts.schema.validation import shorten


def status_matches(status: int | None, wanted: Json) -> bool:
    """Whether `status` is among `wanted`: a number, a class such as `4xx`, or a list of these."""
    if status is None:
        return False
    if isinstance(wanted, list):
        return any(status_matches(status, one) for one in wanted)
    text = str(wanted)
    return text.lower() == f"{status // 100}xx" or text == str(status)


@check("schema")
def schema(
    talk: Talk,
    *,
    pointer: str = "",
    ref: str | None = None,
    schema: Mapping[str, Json] | None = None,
    rows: str | None = None,
    optional: bool = False,
) -> Iterator[Evidence]:
    """The value at `pointer` of each selected exchange (or of each row) satisfies a JSON Schema.

    A value that is absent breaks the clause unless `optional`, in which case it says nothing.
    """
    validator = talk.validator(ref if ref is not None else schema or {})
    for where, value in _subjects(talk, pointer, rows, optional=optional):
        if value is MISSING:
            yield Finding(where, f"{pointer.rsplit('/', 1)[-1]} to be present", "nothing there")
            continue
        kept = True  # one hostile value may have millions of violations: they are never all at hand
        for one in validator.violations(value, where.pointer):
            kept = False
            yield Finding(_moved(where, one.pointer), one.expected, one.got)
        if kept:
            yield Kept(where)


def _subjects(talk: Talk, pointer: str, rows: str | None, *, optional: bool) -> Iterator[tuple[Where, Json]]:
    """Values with their places; what is absent is left out where it is `optional`."""
    if rows is not None:
        for where, row in talk.rows(rows):
            value = resolve(row, pointer)
            if value is not MISSING or not optional:  # most of millions are absent: no place is made for them
                yield _moved(where, where.pointer + pointer), value
        return
    for exchange in talk.selected:
        value = resolve(exchange.view, pointer)
        if value is not MISSING or not optional:
            yield exchange.at(pointer), value


def _moved(where: Where, pointer: str) -> Where:
    return Where(where.exchange, pointer, where.file, where.line, where.callback)


@check("status")
def status(talk: Talk, *, status: Json) -> Iterator[Evidence]:
    """Each selected exchange is answered with one of the statuses."""
    for exchange in talk.selected:
        if status_matches(exchange.status, status):
            yield Kept(exchange.at("/response/status"))
        elif not says_nothing(talk, exchange):
            yield Finding(exchange.at("/response/status"), f"status {_statuses(status)}", str(exchange.status))


def _statuses(wanted: Json) -> str:
    return " or ".join(str(one) for one in wanted) if isinstance(wanted, list) else str(wanted)


@check("refused")
def refused(talk: Talk, *, status: Json = "4xx") -> Iterator[Evidence]:
    """A request with one planted fault is refused, though its faultless twin was accepted.

    A web page under a status of success is told elsewhere: it says nothing of whether the request was taken.
    """
    for exchange in talk.selected:
        if not twin_accepted(talk, exchange) or says_nothing(talk, exchange) or is_page(exchange):
            continue
        if status_matches(exchange.status, status):
            yield Kept(exchange.at("/response/status"))
        else:
            fault = exchange.fault or ""
            yield Finding(
                exchange.at("/response/status"),
                f"status {_statuses(status)} for a request with the fault {fault}",
                str(exchange.status),
            )


def twin_accepted(talk: Talk, exchange: Exchange) -> bool:
    """Whether the same request without the planted fault was taken."""
    twin = talk.transcript.get(exchange.intent.twin if exchange.intent else None)
    return twin is not None and twin.status is not None and twin.status < 300 and not is_page(twin)


@check("reading")
def reading(talk: Talk, *, pointer: str, readings: Mapping[str, Json]) -> Iterator[Evidence]:
    """The value at `pointer` fits one of several readings; `{absent: true}` is a reading too."""
    for exchange in talk.selected:
        value = resolve(exchange.view, pointer)
        observed = next((name for name, one in readings.items() if _fits(talk, value, one)), None)
        if observed is not None:
            yield Kept(exchange.at(pointer), reading=observed)
        else:
            got = "nothing there" if value is MISSING else shorten(value)
            yield Finding(exchange.at(pointer), f"one of the readings {', '.join(readings)}", got)


def _fits(talk: Talk, value: Json, one: Mapping[str, Json]) -> bool:
    if one.get("absent"):
        return value is MISSING
    return value is not MISSING and talk.validator(one).is_valid(value)


@check("answered")
def answered(talk: Talk) -> Iterator[Evidence]:
    """Each request gets one complete, well-formed HTTP answer in time.

    A server may hang up on a request that was made too large on purpose, before it has read all of it; what we
    would not send asks for no answer; and an answer too large for us is none of the server's faults.
    """
    for exchange in talk.exchanges:
        if exchange.response is None and (exchange.fault or "").startswith(("size:", "not-sent")):
            continue
        if exchange.response is None:
            yield Finding(exchange.at(), "a complete HTTP answer", exchange.trouble or "none")
        else:
            yield Kept(exchange.at())


@check("no_page")
def no_page(talk: Talk) -> Iterator[Evidence]:
    """What an operation answers under a status of success is no web page.

    Addresses that belong to no operation and that we did not ask for ourselves are somebody else's.
    """
    for exchange in talk.exchanges:
        if exchange.status is None or not 200 <= exchange.status < 300:
            continue
        if exchange.operation is None and exchange.intent is None:
            continue
        at = exchange.at("/response/body")
        if is_page(exchange):
            body = exchange.response.body if exchange.response else b""
            expected = "what the operation promises, or a refusal that says so by its status"
            yield Finding(at, expected, shorten(body.decode("utf-8", errors="replace").strip(), 80))
        else:
            yield Kept(at)


@check("addressed")
def addressed(talk: Talk) -> Iterator[Evidence]:
    """A request that is surely meant for an operation has its documented method and path."""
    for exchange in talk.exchanges:
        if exchange.fault is not None:
            continue
        amiss = talk.surface.amiss(exchange, talk.transcript.base_url)
        if amiss is not None:
            got = exchange.request.method if amiss[0] == "/request/method" else exchange.request.path
            yield Finding(exchange.at(amiss[0]), amiss[1], shorten(got))
        elif exchange.operation is not None:
            yield Kept(exchange.at("/request/path"))


@check("known_members")
def known_members(talk: Talk, *, pointer: str, known: Sequence[str]) -> Iterator[Evidence]:
    """The object at `pointer` holds known members only. Drawn requests are no client's and not judged."""
    for exchange in talk.selected:
        value = resolve(exchange.view, pointer)
        if not isinstance(value, dict) or (exchange.intent is not None and exchange.intent.label == "generated"):
            continue
        other = [name for name in value if name not in known]
        if other:
            yield Finding(exchange.at(pointer), f"none but {', '.join(known)}", shorten(", ".join(other)))
        else:
            yield Kept(exchange.at(pointer))


def accepted(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Those of `exchanges` that were answered with success."""
    return [one for one in exchanges if one.status is not None and one.status < 300]
