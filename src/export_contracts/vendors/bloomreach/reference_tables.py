"""Writes a table of customers as csv, table_json or native_json. Decides nothing about what is in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from export_contracts.vendors.bloomreach.reference_request import Column

Row = Sequence[Any]


@dataclass(frozen=True)
class Style:
    """Legal choices that the documents leave to a server."""

    line_end: str = "\n"
    quoting: int = csv.QUOTE_MINIMAL
    absent: Any = None
    named: bool = False
    rows_first: bool = False
    csv_type: str = "text/csv; charset=utf-8"


def as_csv(columns: Sequence[Column], rows: Sequence[Row], style: Style) -> bytes:
    """A row of column names, then the rows; lists and objects are written as JSON text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=style.line_end, quoting=style.quoting)  # type: ignore[arg-type]  # one of csv's constants
    writer.writerow([column.name for column in columns])
    writer.writerows([[_cell_text(cell) for cell in row] for row in rows])
    return out.getvalue().encode()


def _cell_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if type(cell) is int:  # by far the most frequent of the rest
        return str(cell)
    return json.dumps(cell, ensure_ascii=False)


def as_table_json(columns: Sequence[Column], rows: Sequence[Row], style: Style) -> bytes:
    """Column names and rows, as sibling endpoints write them."""
    body: dict[str, Any] = {
        "header": [column.name for column in columns],
        "rows": [_filled(row, style) for row in rows],
        "success": True,
    }
    return _json(body, style)


def as_native_json(columns: Sequence[Column], rows: Sequence[Row], style: Style) -> bytes:
    """Typed columns and rows, as a client of the vendor reads them."""
    body = {
        "success": True,
        "fields": [column.as_item() for column in columns],
        "data": [_filled(row, style) for row in rows],
    }
    return _json(body, style)


def _filled(row: Row, style: Style) -> list[Any]:
    return [style.absent if cell is None else cell for cell in row]


def _json(body: dict[str, Any], style: Style) -> bytes:
    if style.named:
        body["name"] = "Customers export"
    names = sorted(body, reverse=style.rows_first)
    ordered = {name: body[name] for name in names} if style.rows_first else body
    return json.dumps(ordered, ensure_ascii=False).encode()
