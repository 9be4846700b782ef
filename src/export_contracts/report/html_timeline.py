"""The requests of one scenario as rows on a time axis: inline SVG made of rectangles and text, no script.

Requests that repeat one another (polls with the same answer) share a row. Times are the target's clock.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from export_contracts.model import Json
from export_contracts.report.inert import inert

MOST_ROWS = 40
WIDTH, LABELS, ROW, HEAD = 960, 330, 24, 28
_NARROWEST = 5.0


@dataclass(frozen=True)
class Bar:
    """One request on a row; pixels from the left of the drawing."""

    x: float
    width: float


@dataclass(frozen=True)
class Row:
    """Requests of one operation with one answer that follow one another."""

    label: str
    verdict: str
    first: int
    bars: tuple[Bar, ...]
    y: int


@dataclass(frozen=True)
class Tick:
    """A labelled line of the time axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """Everything that the template draws. `left_out` counts the rows beyond MOST_ROWS."""

    scenario: str
    vendor: str
    requests: int
    lasting: str
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    left_out: int

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return HEAD + ROW * len(self.rows) + 4


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
            count = len(timed)
            timed = sorted([*timed, *others], key=lambda one: str(one["started"])) if others else timed
            yield _timeline(*key, timed, count)


def _as_request(arrival: Mapping[str, Json]) -> dict[str, Json]:
    """A callback or a file in the form of a request, with what it is in place of an answer."""
    name = f"{arrival['kind']} {arrival['name'].rpartition('/')[2]}"
    shown = {"operation": name, "method": "", "path": name, "status": "arrived", "verdict": "arrived"}
    return {**shown, "index": -1, "started": arrival["at"], "seconds": 0.0}


def _timeline(vendor: str, scenario: str, timed: Sequence[Mapping[str, Json]], requests: int) -> Timeline:
    begins = [_seconds(one["started"]) for one in timed]
    start = min(begins)
    span = max(max(b + one["seconds"] for b, one in zip(begins, timed, strict=True)) - start, 0.0)
    scale = (WIDTH - LABELS - 12) / (span or 1.0)
    rows = tuple(_rows(timed, start, scale))
    return Timeline(
        inert(scenario, 80),
        vendor,
        requests,
        duration(span),
        rows[:MOST_ROWS],
        tuple(_ticks(span, scale)),
        max(len(rows) - MOST_ROWS, 0),
    )


def _rows(timed: Sequence[Mapping[str, Json]], start: float, scale: float) -> Iterator[Row]:
    for number, (_, group) in enumerate(itertools.groupby(timed, _kind)):
        same = list(group)
        name = same[0]["operation"] or f"{same[0]['method']} {same[0]['path']}"
        answer = "no answer" if same[0]["status"] is None else same[0]["status"]
        times = f" ×{len(same)}" if len(same) > 1 else ""
        bars = [
            Bar(
                round(LABELS + (_seconds(one["started"]) - start) * scale, 1),
                round(max(one["seconds"] * scale, _NARROWEST), 1),
            )
            for one in same
        ]
        label = f"{inert(name, 34)} → {answer}{times}"
        yield Row(label, same[0]["verdict"], same[0]["index"], _apart(bars), HEAD + ROW * number)


def _apart(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Bars without those that would be drawn on top of the one before."""
    kept: list[Bar] = []
    for one in bars:
        if not kept or one.x > kept[-1].x + 1:
            kept.append(one)
    return tuple(kept)


def _kind(one: Mapping[str, Json]) -> tuple[Json, ...]:
    name = one["operation"] or one["path"]
    return name, one["method"], one["status"], one["verdict"] in {"fail", "warn", "notice", "error"}


def _ticks(span: float, scale: float) -> Iterator[Tick]:
    parts = 4 if span else 0
    for part in range(parts + 1):
        seconds = span * part / (parts or 1)
        yield Tick(round(LABELS + seconds * scale, 1), duration(seconds))


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def duration(seconds: float) -> str:
    """`0 s`, `250 ms`, `45 s`, `2 min 5 s`, `3 h`, `1 d 4 h`: at most two units."""
    if seconds < 1:
        return f"{round(seconds * 1000)} ms" if seconds else "0 s"
    whole, parts = round(seconds), []
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        count, whole = divmod(whole, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])
