"""Tables that are small enough for the memory, cells as text so that CSV and XLSX of one table compare.

They are read as large ones are, by `row_batches` and `sheet_stream`, whose codes tell what is wrong. Numbers of a
sheet lose a trailing `.0`, truth is `true` or `false`, moments are ISO 8601, and an empty cell is the empty string.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from export_contracts.files.problem import Problem
from export_contracts.files.row_batches import Batch, Shape, csv_batches, shaped
from export_contracts.files.sheet_stream import sheet_batches
from export_contracts.files.streams import Limits
from export_contracts.model import Json

BOUNDS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows beneath it; a row may be wider or narrower than the header (`ragged`)."""

    header: tuple[str, ...] = ()
    rows: tuple[tuple[Json, ...], ...] = ()
    problems: tuple[Problem, ...] = ()


def read_csv(body: bytes, *, delimiter: str | None = None) -> Table:
    """The table in a CSV file; the delimiter is found out among comma, semicolon, tab and bar. Never raises."""
    shape = Shape()
    return _table(csv_batches(iter((body,)), shape, delimiter=delimiter), shape)


def read_xlsx(body: bytes, *, limits: Limits = BOUNDS) -> Table:
    """The table on the first sheet of a workbook; never raises."""
    shape = Shape()
    return _table(shaped(sheet_batches(io.BytesIO(body), shape, limits), shape), shape)


def _table(batches: Iterable[Batch], shape: Shape) -> Table:
    rows = tuple(tuple(row) for batch in batches for row in batch.rows)
    return Table(shape.header, rows, tuple(shape.problems))
