"""Checks of the moments that a job shows: against one another, and against the clocks of both sides.

A moment is a number of milliseconds, as in every sample, or of seconds, as Adobe's OpenAPI file says. Clocks may
differ, and a target's may be turned: what the answer calls its date is as good as the sender's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Final, TypeGuard

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept
from export_contracts.schema.validation import shorten
from export_contracts.vendors.adobe.checks_life import steps
from export_contracts.vendors.adobe.checks_story import Sight, number, story

DAY: Final = 86_400.0
"""Seconds by which clocks, and what they take for their time zone, may differ."""
SECONDS: Final = range(10**8, 10**11)
MILLISECONDS: Final = range(10**11, 10**14)


@check("adobe_rising")
def rising(talk: Talk, *, pointer: str) -> Iterator[Evidence]:
    """The number at `pointer` of a job never falls from one reading to the next."""
    for before, now in steps(story(talk), ("read",)):
        old, new = before.get(pointer), now.get(pointer)
        if not number(old) or not number(new):
            continue
        if new < old:
            yield Finding(now.at(pointer), f"no less than {old}", shorten(new))
        else:
            yield Kept(now.at(pointer))


@check("adobe_not_before")
def not_before(talk: Talk, *, pointer: str, start: str) -> Iterator[Evidence]:
    """The moment at `pointer` is not before the one at `start`."""
    for sight in story(talk).sights:
        begun, now = sight.get(start), sight.get(pointer)
        if not number(begun) or not number(now) or now == 0:
            continue
        if now < begun:
            yield Finding(sight.at(pointer), f"no earlier than {begun}", shorten(now))
        else:
            yield Kept(sight.at(pointer))


@check("adobe_created_then")
def created_then(talk: Talk) -> Iterator[Evidence]:
    """A job's creation lies within a day of the request that ordered it."""
    told = story(talk)
    for sight in told.sights:
        order, said = told.orders.get(sight.job), sight.view.get("creationTime")
        if order is None or not number(said) or said >= MILLISECONDS.stop:
            continue
        apart = min(abs(_moment(said) - now) for now in _clocks(order.exchange))
        if apart > DAY:
            yield Finding(sight.at("/creationTime"), f"about {order.exchange.started:.0f}, in seconds", shorten(said))
        else:
            yield Kept(sight.at("/creationTime"))


@check("adobe_not_ahead")
def not_ahead(talk: Talk) -> Iterator[Evidence]:
    """No moment that a job shows lies more than a day ahead of the answer that shows it."""
    for sight in story(talk).sights:
        latest = max(_clocks(sight.exchange)) + DAY
        for pointer, said in _moments(sight):
            if _moment(said) > latest:
                yield Finding(sight.at(pointer), f"no later than {sight.exchange.ended:.0f}, in seconds", shorten(said))
            else:
                yield Kept(sight.at(pointer))


def _clocks(exchange: Exchange) -> list[float]:
    """What the time was at this exchange, by each clock that tells."""
    header = exchange.response.headers.get("date") if exchange.response is not None else None
    try:
        said = [] if header is None else [parsedate_to_datetime(header).timestamp()]
    except ValueError:
        said = []
    return [exchange.started, exchange.ended, *said]


def _moments(sight: Sight) -> Iterator[tuple[str, float]]:
    """Each place of a job that tells a moment, as far as it can be one."""
    places = [("", sight.view, ("creationTime", "updateTime"))]
    metrics = sight.view.get("metrics")
    for name, one in metrics.items() if isinstance(metrics, dict) else ():
        if isinstance(one, dict):
            places.append((f"/metrics/{name}", one, ("startTimeInMs", "endTimeInMs")))
    for place, holder, names in places:
        yield from ((f"{place}/{name}", said) for name in names if _is_moment(said := holder.get(name)))


def _is_moment(value: Json) -> TypeGuard[float]:
    return number(value) and SECONDS.start <= value < MILLISECONDS.stop


def _moment(value: float) -> float:
    """Seconds since the epoch."""
    return value / 1000 if value >= MILLISECONDS.start else value
