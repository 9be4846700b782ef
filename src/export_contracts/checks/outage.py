"""Which answers say nothing of the request: load, limits, outages; and when a breakdown does say something."""

from __future__ import annotations

from typing import Final

from export_contracts.checks.talk import Talk
from export_contracts.model import Exchange

NEUTRAL: Final = (408, 429, 500, 502, 503, 504)
"""Statuses that say nothing about the request itself: load, limits, outages."""
BROKEN: Final = 500
INSISTED: Final = 3
"""How often a request is answered 500, and never otherwise, before that is taken for the answer to it."""

Told = tuple[str, str, bytes, str | None, str | None]


def says_nothing(talk: Talk, exchange: Exchange) -> bool:
    """Whether the status tells of load, a limit or an outage, and not of this request."""
    return exchange.status in NEUTRAL and not breaks_down(talk, exchange)


def breaks_down(talk: Talk, exchange: Exchange) -> bool:
    """Whether exactly this request is answered 500 again and again, by a service that is otherwise up.

    One 500 that was gone when the same was asked again means a service that has its moments: then none says anything.
    """
    if exchange.status != BROKEN or exchange.request.method == "GET":
        return False
    statuses = talk.once("outage:statuses", lambda: _statuses(talk))
    if any(BROKEN in found and len(set(found)) > 1 for found in statuses.values()):
        return False
    return len(statuses[_told(exchange)]) >= INSISTED


def _statuses(talk: Talk) -> dict[Told, list[int | None]]:
    """The answers to each request that changes something; looks at a job differ as the job goes on."""
    found: dict[Told, list[int | None]] = {}
    for one in talk.exchanges:
        if one.request.method != "GET":
            found.setdefault(_told(one), []).append(one.status)
    return found


def _told(exchange: Exchange) -> Told:
    """What was asked, and with which fault: the same request is another where its fault is one of time."""
    request = exchange.request
    return request.method, request.url, request.body, request.headers.get("authorization"), exchange.fault
