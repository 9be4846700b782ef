"""Whether two tables are one: columns by name, rows in any order, cells by what they mean in CSV and in XLSX.

A workbook types its cells: numbers lose leading zeros, moments and truth values change their spelling. Such
differences are none.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal, InvalidOperation

from export_contracts.files.tables import Table
from export_contracts.model import Json


def same_tables(first: Table, second: Table) -> str | None:
    """None where the tables agree, else the first difference in words."""
    one, other = Counter(map(_name, first.header)), Counter(map(_name, second.header))
    if one != other:
        different = sorted((one - other) + (other - one))
        return f"the column {different[0]!r} stands in one of them only"
    if len(first.rows) != len(second.rows):
        return f"{len(second.rows)} rows instead of {len(first.rows)}"
    missing = _rows(first) - _rows(second)
    if not missing:
        return None
    return f"{missing.total()} rows differ, such as {', '.join(next(iter(missing)))[:120]}"


def _rows(table: Table) -> Counter[tuple[str, ...]]:
    order = sorted(range(len(table.header)), key=lambda place: _name(table.header[place]))
    return Counter(tuple(cell(row[place]) if place < len(row) else "" for place in order) for row in table.rows)


def _name(header: str) -> str:
    return header.strip().casefold()


def cell(value: Json) -> str:
    """A cell in one spelling for both formats."""
    text = str("" if value is None else value).replace("\r\n", "\n").strip()
    folded = text.casefold()
    if folded in {"true", "false"}:
        return folded
    return _number(text) or _moment(text) or text


def _number(text: str) -> str | None:
    if len(text) > 40 or not text.isascii():
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return f"{float(number):.12g}"


def _moment(text: str) -> str | None:
    if not 8 <= len(text) <= 40 or not text[:4].isdigit():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=None, microsecond=0).isoformat()
