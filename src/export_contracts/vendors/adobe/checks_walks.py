"""Pages of the list and walks from link to link, read once for all clauses. Judges nothing.

A walk begins with a request without offset; the page that asks for the offset which an earlier page's
link named continues it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from export_contracts.checks import Talk
from export_contracts.model import Exchange, Json
from export_contracts.schema.pointer import resolve
from export_contracts.vendors.adobe.checks_story import Sight, accepted, owner, story

LONGEST: Final = 20
"""Digits of a limit that means anything; Python itself refuses to read thousands."""


@dataclass(frozen=True)
class Page:
    """An answered list request: what it asked, which jobs it showed, where it points."""

    exchange: Exchange
    asked: dict[str, str]
    sights: tuple[Sight, ...]
    link: Json

    @property
    def offset(self) -> str | None:
        """The offset that was asked for."""
        return self.asked.get("offset") or None

    @property
    def onward(self) -> dict[str, str]:
        """The query of the link to the next page, empty after the last."""
        return dict(parse_qsl(self.link.partition("?")[2].partition("#")[0])) if isinstance(self.link, str) else {}

    @property
    def limit(self) -> int | None:
        """The limit asked for, None where it is none that can be understood."""
        asked = self.asked.get("limit", "")
        return int(asked) if asked.isdecimal() and asked != "0" and len(asked) < LONGEST else None

    @property
    def next(self) -> str | None:
        """The offset of the next page."""
        return self.onward.get("offset") or None

    @property
    def leads_back(self) -> bool:
        """Whether the link asks for nothing but what a first page is asked for: whoever follows it begins anew."""
        first = {name: value for name, value in self.asked.items() if name != "offset"}
        follows = isinstance(self.link, str) and "?" in self.link and bool(self.onward)
        return follows and self.next is None and all(first.get(name) == one for name, one in self.onward.items())


@dataclass(frozen=True)
class Walk:
    """Pages in order from the first one on."""

    pages: tuple[Page, ...]

    @property
    def ended(self) -> bool:
        """Whether the last page names no next one."""
        return self.pages[-1].next is None

    @property
    def sights(self) -> tuple[Sight, ...]:
        """Every job shown, in order."""
        return tuple(sight for page in self.pages for sight in page.sights)


def pages(talk: Talk) -> list[Page]:
    """Each list answer without planted fault that holds records."""
    return talk.once("adobe:pages", lambda: list(_pages(talk)))


def _pages(talk: Talk) -> Iterator[Page]:
    shown: dict[int, list[Sight]] = {}
    for sight in story(talk).sights:
        shown.setdefault(sight.exchange.index, []).append(sight)
    for exchange in talk.of("listExportJobs"):
        if exchange.fault is None and accepted(exchange):
            link = resolve(exchange.view, "/response/body/link/next")
            yield Page(exchange, dict(exchange.request.query), tuple(shown.get(exchange.index, ())), link)


def walks(talk: Talk) -> list[Walk]:
    """Every walk of this transcript, complete or not."""
    return talk.once("adobe:walks", lambda: _walks(pages(talk)))


def _walks(found: Sequence[Page]) -> list[Walk]:
    walked: list[list[Page]] = []
    awaited: dict[tuple[str | None, ...], list[int]] = {}
    for page in found:
        place = len(walked)
        if page.offset is None:
            walked.append([page])
        elif same := awaited.get((page.offset, *_kind(page))):
            place = max(same)
            same.remove(place)
            walked[place].append(page)
        else:
            continue
        awaited.setdefault((page.next, *_kind(page)), []).append(place)
    return [Walk(tuple(one)) for one in walked]


def _kind(page: Page) -> tuple[str, ...]:
    """What two pages of one walk have in common."""
    return (status_asked(page), *owner(page.exchange))


def status_asked(page: Page) -> str:
    """The status the list was filtered by, empty where it was not."""
    return page.asked.get("status", "")
