"""What a transcript tells of each export: its start, the looks at its URL, its files, how long it ran.

Pure reading, shared by the checks. It takes as evidence only what no faithful server could have shown otherwise:
a refused look says "still running" only where the same URL delivered later. No clause is judged here.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Final
from urllib.parse import urljoin

from export_contracts.checks.talk import Talk
from export_contracts.model import DeliveredFile, Exchange, Json, split_url
from export_contracts.schema.pointer import resolve

START: Final = "exportUsersBySegment"
CANCEL: Final = "cancelSegmentExport"
DOWNLOAD: Final = "downloadExport"
PATIENCE_ENDED: Final = "patience-ended"
"""The mark of a request sent when the target's deadline for a whole job had passed."""
REFUSED: Final = frozenset(range(400, 500)) - {408, 429}
"""Answers of a URL that is not ready: 403 is documented, working clients also meet 404, and none is ruled out."""
_INDEX: Final = attrgetter("index")
SLACK: Final = 5.0
"""Seconds by which the clocks of a bucket and of a target may differ before an order of events is believed."""


@dataclass(frozen=True)
class Export:
    """One accepted start and all that came of it. `looks` are the GETs of its URL in order."""

    start: Exchange
    looks: tuple[Exchange, ...] = ()
    files: tuple[DeliveredFile, ...] = ()

    @cached_property
    def asked(self) -> dict[str, Json]:
        """The request's body, empty where it is no object."""
        body = self.start.request.json
        return body if isinstance(body, dict) else {}

    @cached_property
    def answer(self) -> dict[str, Json]:
        """The answer's body, empty where it is no object."""
        body = self.start.response.json if self.start.response else None
        return body if isinstance(body, dict) else {}

    @cached_property
    def segment(self) -> str | None:
        """The segment exported."""
        return _text(self.asked.get("segment_id"))

    @cached_property
    def prefix(self) -> str | None:
        """The prefix announced."""
        return _text(self.answer.get("object_prefix"))

    @cached_property
    def url(self) -> str | None:
        """The download URL, None for exports into own storage."""
        return _text(self.answer.get("url"))

    @cached_property
    def fields(self) -> frozenset[str] | None:
        """The names asked for, None where there was no list of names."""
        return _names(self.asked.get("fields_to_export"))

    @cached_property
    def attributes(self) -> frozenset[str] | None:
        """The custom attributes asked for by name."""
        return _names(self.asked.get("custom_attributes_to_export"))

    @property
    def gzip(self) -> bool:
        """Whether gzip was asked for."""
        return self.asked.get("output_format") == "gzip"

    @cached_property
    def ready(self) -> Exchange | None:
        """The first look that delivered."""
        return next((one for one in self.looks if one.status == 200), None)

    @cached_property
    def early(self) -> tuple[Exchange, ...]:
        """Looks before the one that delivered; none where none did."""
        ready = self.ready
        return tuple(one for one in self.looks if ready is not None and one.index < ready.index)

    @cached_property
    def busy_until(self) -> float | None:
        """The last moment at which the export is known to have been running; None where none is."""
        refused = [one.started for one in self.early if one.status in REFUSED]
        missed = [one.missed for one in self.files if one.missed is not None and self.url is None]
        return max([*refused, *missed], default=None)

    def running_at(self, moment: float) -> bool:
        """Whether the export is known to have been running at `moment` and for a while after."""
        return self.busy_until is not None and self.start.started <= moment <= self.busy_until


def exports(talk: Talk) -> tuple[Export, ...]:
    """Every accepted start of the transcript, in order."""
    return talk.once("braze:exports", lambda: tuple(_read(talk)))


def exports_of(talk: Talk, segment: Json) -> Sequence[Export]:
    """The same of one segment."""
    return talk.once("braze:exports-by-segment", lambda: _by_segment(talk)).get(_text(segment), ())


def running(talk: Talk, start: Exchange) -> Sequence[Export]:
    """Exports known to have been running when this start was answered."""
    return talk.once("braze:running", lambda: _running(talk)).get(start.index, ())


def _by_segment(talk: Talk) -> dict[str | None, list[Export]]:
    found: dict[str | None, list[Export]] = {}
    for one in exports(talk):
        found.setdefault(one.segment, []).append(one)
    return found


def _running(talk: Talk) -> dict[int, tuple[Export, ...]]:
    """By the index of each start; one walk through time, as recordings may hold thousands of them."""
    waiting = sorted((one for one in exports(talk) if one.busy_until is not None), key=lambda one: one.start.started)
    waiting.reverse()
    active: list[Export] = []
    found: dict[int, tuple[Export, ...]] = {}
    for start in sorted(talk.of(START), key=lambda one: one.ended) if waiting else ():
        while waiting and waiting[-1].start.started <= start.ended:
            active.append(waiting.pop())
        active = [one for one in active if one.running_at(start.ended)]
        found[start.index] = tuple(active)
    return found


def _read(talk: Talk) -> Iterator[Export]:
    starts = [Export(one) for one in talk.of(START) if one.status is not None and one.status < 300]
    prefixes = Counter(one.prefix for one in starts)
    addresses = [_absolute(talk, one.url) for one in starts]
    given: dict[str | None, list[int]] = {}
    for place, url in enumerate(addresses):
        given.setdefault(url, []).append(starts[place].start.index)
    looks = _looks(talk)
    for export, url in zip(starts, addresses, strict=True):
        begun = export.start.index
        again = given[url]
        later = bisect_right(again, begun)
        # Where a later start was given the same URL, looks from then on belong to it.
        until = again[later] if url is not None and later < len(again) else math.inf
        seen = looks.get(url or "", [])
        own = seen[bisect_right(seen, begun, key=_INDEX) : bisect_left(seen, until, key=_INDEX)]
        yield Export(export.start, tuple(own), tuple(_files_of(talk, starts, prefixes, export)))


def looks_at(talk: Talk, url: str) -> tuple[Exchange, ...]:
    """Answered GETs of a URL, whoever handed it out."""
    return tuple(_looks(talk).get(_absolute(talk, url) or "", ()))


def _looks(talk: Talk) -> dict[str, list[Exchange]]:
    """Answered GETs by their URL. A redirect is no look itself: what it leads to is one at the URL that redirects."""
    found: dict[str, list[Exchange]] = {}
    origins: dict[str, str] = {}
    for one in talk.exchanges:
        if one.response is None or one.request.method != "GET":
            continue
        url = _plain(one.request.url)
        url = origins.get(url, url)
        if one.redirected_to is not None:
            origins[_plain(one.redirected_to)] = url
        else:
            found.setdefault(url, []).append(one)
    return found


def _files_of(
    talk: Talk, starts: Sequence[Export], prefixes: Counter[str | None], export: Export
) -> Iterator[DeliveredFile]:
    """Files that carry the export's prefix; where none does, those near its segment that came before the next start.

    Whatever else arrives in the bucket is none of this export's business.
    """
    if not talk.files:
        return
    alone = prefixes[export.prefix] == 1
    named = [one for one in talk.files if alone and export.prefix and export.prefix in one.key]
    if named or export.url is not None:
        yield from named
        return
    others = [prefix for prefix in prefixes if prefix and prefix != export.prefix]
    last = [one.start.index for one in starts]
    for one in talk.files:
        near = one.key.startswith("segment-export/") or (export.segment or "/") in one.key
        before = [start.start.index for start in starts if start.start.started <= one.at + SLACK] or last
        if near and before[-1] == export.start.index and not any(prefix in one.key for prefix in others):
            yield one


def delivered(export: Export) -> Iterator[tuple[int | None, str, bytes]]:
    """Each archive of an export as (exchange, name, body): the first good download, or the files in own storage."""
    ready = export.ready
    if ready is not None and ready.response is not None:
        content = ready.response.content
        yield ready.index, "", content if isinstance(content, bytes) else ready.response.body
    for one in export.files:
        yield None, one.key, one.body


def budget_left(exchange: Exchange) -> bool:
    """Whether the answer says that the hourly limit is not what stopped the request."""
    left = resolve(exchange.view, "/response/headers/x-ratelimit-remaining")
    return isinstance(left, str) and left.strip().isdecimal() and set(left.strip()) != {"0"}


def segment_of(exchange: Exchange) -> Json:
    """The segment that a request names; None where its body is no object."""
    body = exchange.request.json
    return body.get("segment_id") if isinstance(body, dict) else None


def _absolute(talk: Talk, url: str | None) -> str | None:
    if not url:
        return None
    try:
        return _plain(urljoin((talk.transcript.base_url or "").rstrip("/") + "/", url))
    except ValueError:
        return _plain(url)


def _plain(url: str) -> str:
    return split_url(url)._replace(fragment="").geturl()


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None


def _names(value: Json) -> frozenset[str] | None:
    if not isinstance(value, list):
        return None
    return frozenset(one for one in value if isinstance(one, str))
