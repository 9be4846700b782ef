"""Exports as a transcript shows them: an order, the URLs in its answer, and every look at these. Judges nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from export_contracts.checks import Talk
from export_contracts.model import Exchange
from export_contracts.schema.urls import urls_at

ORDER: Final = "requestDuplicatesExport"
LOOK: Final = "downloadExport"
TOKEN: Final = "createToken"  # noqa: S105 - the name of an operation
DAY: Final = 86_400.0
SLACK: Final = 60.0
"""Seconds of grace where a clause speaks of a day: clocks differ and answers take time."""

NEUTRAL: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that say nothing about the export itself: load, limits, outages."""

_LIKELY: Final = tuple(
    re.compile(one, re.IGNORECASE) for one in ("poll", "download|file|export", "ur[li]|href|link|^$")
)
_LATER: Final = re.compile(r"_?v2$", re.IGNORECASE)
_UNLIKELY: Final = re.compile("type|doc|help|self|schema", re.IGNORECASE)
_HEADERS: Final = ("/response/headers/location", "/response/headers/content-location")


@dataclass(frozen=True)
class Export:
    """One poll URL's story. `order` is the accepted request that gave the URL, None where nobody saw it."""

    url: str
    order: Exchange | None
    looks: tuple[Exchange, ...]
    place: str = ""
    """Where in the order's answer the URL stood."""

    @property
    def is_later_form(self) -> bool:
        """Whether the answer calls it the later form of the poll URL, in which each status has one meaning."""
        return bool(_LATER.search(self.place))

    @cached_property
    def told(self) -> tuple[Exchange, ...]:
        """Looks with a token, answered with something that speaks of the export."""
        return tuple(one for one in self.looks if is_fair(one) and one.status not in NEUTRAL)

    @cached_property
    def first_file(self) -> Exchange | None:
        """The first look that was answered with the file."""
        return next((one for one in self.told if one.status == 200), None)

    def surely_valid(self, look: Exchange) -> bool:
        """Whether the URL's day cannot have passed when `look` was answered, by any way of counting it."""
        return self.order is not None and look.ended < self.order.started + DAY - SLACK

    def surely_over(self, look: Exchange) -> bool:
        """Whether the day has passed however it is counted: from the order, or from when the file was ready."""
        ready = self.first_file
        return ready is not None and ready is not look and look.started > ready.ended + DAY + SLACK


def is_fair(look: Exchange) -> bool:
    """Whether the look is a plain GET with a token, and nothing is wrong with it but perhaps its time."""
    token = look.request.headers.get("authorization")
    return bool(token) and look.fault in {None, "late-download"} and look.request.method.upper() == "GET"


def exports(talk: Talk) -> tuple[Export, ...]:
    """Every export of the transcript, in the order in which they were first looked at."""
    return talk.once("apsis:exports", lambda: tuple(_exports(talk)))


def _exports(talk: Talk) -> Iterator[Export]:
    given: dict[str, tuple[Exchange, str]] = {}
    looks: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in talk.exchanges:
        if exchange.operation == ORDER and is_accepted(exchange):
            for place, url in poll_urls(exchange):
                given.setdefault(_plain(url), (exchange, place))
        elif exchange.operation == LOOK and exchange.response is not None:
            looks[_plain(exchange.request.url)].append(exchange)
    for url, seen in looks.items():
        order, place = given.get(url, (None, ""))
        yield Export(url, order, tuple(seen), place)


def is_accepted(exchange: Exchange) -> bool:
    """Whether the answer says success."""
    return exchange.status is not None and 200 <= exchange.status < 300


def poll_urls(order: Exchange) -> list[tuple[str, str]]:
    """(pointer, absolute URL) of each URL in the answer to an order, the likeliest poll URL first.

    The documents promise a poll URL and tell neither its member's name nor its form.
    """
    base = order.request.url
    found = [
        *urls_at(order.view, "/response/body/*", base),
        *(found for pointer in _HEADERS for found in urls_at(order.view, pointer, base)),
    ]
    others = (one for one in found if _plain(one[1]) != _plain(base))
    return sorted(others, key=lambda one: (_host(one[1]) != _host(base), _rank(one[0]), bool(_LATER.search(one[0]))))


def later_url(order: Exchange) -> str | None:
    """The URL that the answer calls the later form; None where it has none."""
    urls = poll_urls(order) if is_accepted(order) else []
    return next((url for place, url in urls if _LATER.search(place) and url != urls[0][1]), None)


def _host(url: str) -> str:
    return url.split("/", 3)[2].casefold() if url.count("/") > 1 else ""


def _rank(pointer: str) -> int:
    if pointer in _HEADERS:
        return len(_LIKELY)
    path = pointer.removeprefix("/response/body")
    name = path.rsplit("/", 1)[-1]
    ranks = [number for number, pattern in enumerate(_LIKELY) if pattern.search(path if number == 0 else name)]
    return ranks[0] if ranks else len(_LIKELY) + 1 + bool(_UNLIKELY.search(name))


def _plain(url: str) -> str:
    return url.split("#", 1)[0]
