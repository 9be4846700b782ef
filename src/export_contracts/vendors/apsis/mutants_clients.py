"""Clients with one bad habit each, made from the transcripts of a good one. No other logic."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from export_contracts.model import Exchange, Headers, Request, Response, Transcript

ORDER, LOOK, TOKEN = "requestDuplicatesExport", "downloadExport", "createToken"
DAY = 86_400.0

Talks = tuple[Transcript, ...]


def _talk(innocent: Talks, name: str) -> Transcript:
    return next(one for one in innocent if one.name == name)


def _numbered(talk: Transcript, exchanges: Sequence[Exchange]) -> Transcript:
    numbered = tuple(dataclasses.replace(one, index=index) for index, one in enumerate(exchanges))
    return dataclasses.replace(talk, exchanges=numbered)


def _at(exchange: Exchange, moment: float, response: Response | None = None) -> Exchange:
    answer = exchange.response if response is None else response
    return dataclasses.replace(exchange, started=moment, ended=moment, response=answer)


def _first(talk: Transcript, operation: str) -> Exchange:
    return next(one for one in talk.exchanges if one.operation == operation)


def _looks(talk: Transcript, moments: Sequence[float], status: int = 404) -> Iterator[Exchange]:
    """An order and looks so many seconds after it, all answered with `status`."""
    order, look = _first(talk, ORDER), _first(talk, LOOK)
    yield order
    for moment in moments:
        yield _at(look, order.ended + moment, Response(status))


def polls_steadily(innocent: Talks) -> Transcript:
    """Looks every five seconds."""
    talk = _talk(innocent, "export_as_csv")
    return _numbered(talk, list(_looks(talk, [5.0 * step for step in range(10)])))


def looks_after_gone(innocent: Talks) -> Transcript:
    """Is told that the file is gone, and looks again."""
    talk = _talk(innocent, "export_as_csv")
    return _numbered(talk, list(_looks(talk, (5, 15), status=410)))


def looks_next_week(innocent: Talks) -> Transcript:
    """Slows down as it should, and never ends."""
    talk = _talk(innocent, "export_as_csv")
    return _numbered(talk, list(_looks(talk, [60.0 * 2**step for step in range(14)])))


def orders_at_once(innocent: Talks) -> Transcript:
    """Sends three orders in one moment."""
    talk = _talk(innocent, "export_as_csv")
    return _numbered(talk, [_first(talk, ORDER)] * 3)


def hammers_poll_url(innocent: Talks) -> Transcript:
    """Fetches a ready file a hundred times in a minute."""
    talk = _talk(innocent, "export_as_csv")
    return _numbered(talk, list(_looks(talk, [0.5 * step for step in range(100)], status=200)))


def token_for_each_call(innocent: Talks) -> Transcript:
    """Asks for a token twenty times in a minute."""
    talk = _talk(innocent, "own_token")
    token = _first(talk, TOKEN)
    return _numbered(talk, [_at(token, token.started + 2.0 * step) for step in range(20)])


def sends_too_much(innocent: Talks) -> Transcript:
    """Pads an order beyond what the vendor reads."""
    talk = _talk(innocent, "export_as_csv")
    order = _first(talk, ORDER)
    request = Request(
        order.request.method,
        order.request.url,
        Headers(order.request.headers.fields),
        order.request.body + b" " * 110_000,
    )
    return _numbered(talk, [dataclasses.replace(order, request=request)])
