"""Rows and breaches of delivered files as bars side by side, for the page: rows upwards, breaches downwards.

Inline SVG made of rectangles and text, no script. Rows are drawn to scale; breaches by their logarithm, or one
damaged file would hide all others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from export_contracts.model import Json
from export_contracts.report.inert import inert
from export_contracts.report.words import many

WIDTH, LABELS, UP, DOWN, HEAD = 960, 120, 110, 56, 18
LISTED: Final = 60
_WIDEST: Final = 40.0
_RANKS: Final = ("notice", "warn", "fail", "error")


@dataclass(frozen=True)
class Bar:
    """One stretch of files: what is drawn, in pixels, and what the tool tip says."""

    x: float
    width: float
    up: float
    down: float
    verdict: str
    unread: bool
    told: str


@dataclass(frozen=True)
class Row:
    """A stretch of files in which something was broken, as a row of the table."""

    name: str
    rows: int
    breaches: int
    clauses: tuple[str, ...]
    unread: bool


@dataclass(frozen=True)
class Chart:
    """Everything that the template draws. `left_out` counts rows of the table beyond LISTED."""

    files: int
    rows: int
    breaches: int
    unread: int
    most_rows: int
    most_breaches: int
    bars: tuple[Bar, ...]
    table: tuple[Row, ...]
    left_out: int

    @property
    def middle(self) -> int:
        """Pixels from the top to the line from which bars go up and down."""
        return HEAD + UP

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return HEAD + UP + DOWN + 8


def chart(results: Mapping[str, Json], run: Mapping[str, Json]) -> Chart | None:
    """The picture of one run; None where no files were delivered to look at."""
    stretches = run.get("files") or ()  # older documents have none
    if not stretches:
        return None
    verdicts = {one["id"]: one["verdict"] for one in results["clauses"] if one["vendor"] == run["vendor"]}
    counts = [sum(one["broken"].values()) for one in stretches]
    table = [_row(one, count) for one, count in zip(stretches, counts, strict=True) if count or one["unread"]]
    table.sort(key=lambda one: -one.breaches)
    return Chart(
        sum(one["files"] for one in stretches),
        sum(one["rows"] for one in stretches),
        sum(counts),
        sum(one["unread"] for one in stretches),
        max(one["rows"] for one in stretches),
        max(counts),
        tuple(_bars(stretches, counts, verdicts)),
        tuple(table[:LISTED]),
        max(len(table) - LISTED, 0),
    )


def _bars(stretches: Sequence[Mapping[str, Json]], counts: Sequence[int], verdicts: Mapping[str, str]) -> Iterator[Bar]:
    step = min((WIDTH - LABELS) / len(stretches), _WIDEST)
    most_rows = max(one["rows"] for one in stretches) or 1
    most = math.log1p(max(counts)) or 1.0
    for place, (one, count) in enumerate(zip(stretches, counts, strict=True)):
        worst = max((verdicts.get(clause, "") for clause in one["broken"]), key=_rank, default="")
        yield Bar(
            round(LABELS + place * step, 2),
            round(max(step * 0.8, 1.0), 2),
            round(one["rows"] / most_rows * UP, 1),
            round(max(math.log1p(count) / most * DOWN, 4.0), 1) if count else 0.0,
            worst,
            bool(one["unread"]),
            _told(one, count),
        )


def _told(one: Mapping[str, Json], count: int) -> str:
    whole = ", not read whole" if one["unread"] else ""
    return f"{_name(one)}: {many(one['rows'], 'row')}, {_breaches(count)}{whole}"


def _breaches(count: int) -> str:
    return "1 breach" if count == 1 else f"{count:,} breaches"


def _rank(verdict: str) -> int:
    return _RANKS.index(verdict) if verdict in _RANKS else -1


def _row(one: Mapping[str, Json], count: int) -> Row:
    return Row(_name(one), one["rows"], count, tuple(sorted(one["broken"])), bool(one["unread"]))


def _name(one: Mapping[str, Json]) -> str:
    name = inert(one["name"].rpartition("/")[2] or one["name"], 120)
    return name if one["files"] == 1 else f"{name} and the {one['files'] - 1} after it"
