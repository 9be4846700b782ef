"""The requests of one scenario as a picture: a lane for each operation, time from left to right, what arrived among it.

Inline SVG made of rectangles, circles and text; no script. Times are the target's clock. Long waits are drawn
shorter than they were (by their logarithm), or the day in which an address expires would hide the minute of polls.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from export_contracts.model import Json
from export_contracts.report.inert import inert
from export_contracts.report.moments import duration, epoch

MOST_LANES: Final = 16
WIDTH, LABELS, LANE, HEAD = 960, 236, 42, 26
_NARROWEST: Final = 6.0
_LETTER: Final = 7.3  # the width of a letter of the page's SVG text, in pixels
_MOMENT: Final = 0.05  # seconds; waits much shorter than this share a place
_LONGEST_LABEL: Final = 40
_BROKEN: Final = frozenset({"fail", "warn", "notice", "error"})


@dataclass(frozen=True)
class Mark:
    """One request, callback or file; pixels from the left of the drawing, and the words of its tool tip."""

    x: float
    width: float
    verdict: str
    told: str


@dataclass(frozen=True)
class Note:
    """What was answered, written above the marks that begin at `x`."""

    x: float
    text: str


@dataclass(frozen=True)
class Lane:
    """All requests of one operation, or everything that arrived of one kind."""

    label: str
    marks: tuple[Mark, ...]
    notes: tuple[Note, ...]
    y: int


@dataclass(frozen=True)
class Tick:
    """A labelled line of the time axis; the label begins at `start`."""

    x: float
    start: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """Everything that the template draws. `left_out` counts the lanes beyond MOST_LANES; `told` says it in words.

    `broken`: in one of these requests a clause was broken.
    """

    scenario: str
    vendor: str
    requests: int
    lasting: str
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    left_out: int
    told: str
    broken: bool

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return HEAD + LANE * len(self.lanes) + 6


def timelines(results: Mapping[str, Json]) -> Iterator[Timeline]:
    """One for each scenario whose times are known, in the order of the traffic; what arrived stands among it."""
    arrived: dict[tuple[str, str], list[Mapping[str, Json]]] = {}
    for run in results["runs"]:
        for one in run.get("arrivals", ()):  # older documents have none
            arrived.setdefault((run["vendor"], one["scenario"]), []).append(_as_request(one))
    for key, group in itertools.groupby(results["requests"], lambda one: (one["vendor"], one["scenario"])):
        timed = [one for one in group if one["started"] is not None]
        if timed:
            others = [one for one in arrived.get(key, ()) if one["started"] is not None]
            yield _timeline(*key, sorted([*timed, *others], key=lambda one: str(one["started"])), len(timed))


def _as_request(arrival: Mapping[str, Json]) -> dict[str, Json]:
    """A callback or a file in the form of a request, with what it is in place of an answer."""
    kind, name = arrival["kind"], arrival["name"].rpartition("/")[2]
    shown = {"operation": f"{kind}s received", "method": kind, "path": name, "status": "arrived", "verdict": "arrived"}
    return {**shown, "index": -1, "started": arrival["at"], "seconds": 0.0}


def _timeline(vendor: str, scenario: str, timed: Sequence[Mapping[str, Json]], requests: int) -> Timeline:
    begins = [epoch(one["started"]) for one in timed]
    places = _places(begins)
    lanes: dict[str, list[tuple[Mapping[str, Json], float]]] = {}
    for one, x in zip(timed, places, strict=True):
        lanes.setdefault(_name(one), []).append((one, x))
    drawn = list(lanes.items())[:MOST_LANES]
    return Timeline(
        inert(scenario, 80),
        vendor,
        requests,
        duration(max(begin + one["seconds"] for begin, one in zip(begins, timed, strict=True)) - begins[0]),
        tuple(_lane(name, inside, HEAD + LANE * place, begins[0]) for place, (name, inside) in enumerate(drawn)),
        tuple(_ticks(begins, places)),
        len(lanes) - len(drawn),
        _told(timed),
        any(one["verdict"] in _BROKEN for one in timed),
    )


def _places(begins: Sequence[float]) -> list[float]:
    """Pixels for moments in order: a wait is as wide as the logarithm of its length, and no wait takes a little."""
    least = min(0.15, 6 / len(begins))  # under a clock that stands still, the order is seen nevertheless
    weights = [least + math.log1p((after - before) / _MOMENT) for before, after in itertools.pairwise(begins)]
    scale = (WIDTH - LABELS - 16) / (sum(weights) or 1.0)
    return [round(LABELS + scale * one, 1) for one in itertools.accumulate(weights, initial=0.0)]


def _lane(name: str, inside: Sequence[tuple[Mapping[str, Json], float]], y: int, zero: float) -> Lane:
    marks: list[Mark] = []
    for one, x in inside:
        if marks and x <= marks[-1].x + 1 and one["verdict"] == marks[-1].verdict:
            continue  # it would be drawn on top of the one before
        told = f"{_answer(one)} after {duration(epoch(one['started']) - zero)}"
        exchange = f"exchange {one['index']}: " if one["index"] >= 0 else f"{inert(one['path'], 60)}: "
        marks.append(Mark(x, _NARROWEST, one["verdict"], exchange + told))
    return Lane(inert(name, 30), tuple(marks), tuple(_notes(inside)), y)


def _notes(inside: Sequence[tuple[Mapping[str, Json], float]]) -> Iterator[Note]:
    """Answers that follow one another, written once; those for which there is no room share a place."""
    at, words = 0.0, ""
    for _, group in itertools.groupby(inside, lambda one: (one[0]["status"], one[0]["verdict"] in _BROKEN)):
        same = list(group)
        times = f" ×{len(same)}" if len(same) > 1 else ""
        text = f"{_answer(same[0][0])}{times}"
        if words and same[0][1] < at + _LETTER * (len(words) + 1):
            words = f"{words}, {text}" if len(words) + len(text) < _LONGEST_LABEL else f"{words.rstrip(' …')} …"
            continue
        if words:
            yield Note(at, words)
        at, words = same[0][1], text
    if words:
        yield Note(round(min(at, WIDTH - _LETTER * len(words)), 1), words)


def _answer(one: Mapping[str, Json]) -> str:
    answer = "no answer" if one["status"] is None else str(one["status"])
    return f"{answer} ✗" if one["verdict"] in _BROKEN else answer


def _name(one: Mapping[str, Json]) -> str:
    return str(one["operation"] or f"{one['method']} {one['path']}")


def _told(timed: Sequence[Mapping[str, Json]]) -> str:
    """The picture in words, for whoever cannot see it."""
    parts = []
    like = itertools.groupby(timed, lambda one: (_name(one), _answer(one)))
    for (name, answer), group in itertools.islice(like, 60):
        count = sum(1 for _ in group)
        parts.append(f"{inert(name, 30)} → {answer}{f' ×{count}' if count > 1 else ''}")
    return ", then ".join(parts)


def _ticks(begins: Sequence[float], places: Sequence[float]) -> Iterator[Tick]:
    """The time since the beginning, at requests far enough from one another to be read."""
    free, said = -math.inf, ""
    for begin, x in zip(begins, places, strict=True):
        label = duration(begin - begins[0])
        width = _LETTER * len(label)
        start = min(x, WIDTH - width)
        if start >= free and label != said:
            yield Tick(x, round(start, 1), label)
            free, said = start + width + 14, label
