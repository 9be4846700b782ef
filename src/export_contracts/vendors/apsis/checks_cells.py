"""Whether two tables are one: columns by name, rows in any order, cells by what they mean in CSV and in XLSX.

A workbook types its cells: numbers lose leading zeros, moments and truth values change their spelling. Such
differences are none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from export_contracts.files.tables import Table
from export_contracts.model import Json

LONGEST: Final = 40
"""Characters that a number or a moment has at most."""
_OF_NUMBERS: Final = "+-.0123456789eE_"
_IN_MOMENTS: Final = frozenset("tTfFzZW: ,")
"""What may follow where a moment stops looking like a number, or how a truth value begins."""
_NOTHING: Final = frozenset({"null", "none", "nil", "\\n", "-"})
"""How CSV may write that there is no value; the documents leave it open, and a workbook has empty cells."""
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d+,(?:\d{1,2}|\d{4,})|[+-]?(?:\d{4,}|0+),\d{3}")
_SPECIAL: Final = frozenset("+-.0123456789tTfF")
"""How numbers, moments and truth values begin."""


def same_tables(first: Table, second: Table) -> str | None:
    """None where the tables agree, else the first difference in words."""
    column = different_columns(first.header, second.header)
    if column is not None:
        return f"the column {column!r} stands in one of them only"
    if len(first.rows) != len(second.rows):
        return f"{len(second.rows)} rows instead of {len(first.rows)}"
    missing = _rows(first) - _rows(second)
    if not missing:
        return None
    return f"{missing.total()} rows differ, such as {', '.join(next(iter(missing)))[:120]}"


def different_columns(first: Sequence[str], second: Sequence[str]) -> str | None:
    """A column that one of two headers has and the other has not; None where they agree."""
    one, other = Counter(map(name_of, first)), Counter(map(name_of, second))
    return min((one - other) + (other - one), default=None)


def _rows(table: Table) -> Counter[tuple[str, ...]]:
    order = sorted(range(len(table.header)), key=lambda place: name_of(table.header[place]))
    return Counter(tuple(cell(row[place]) if place < len(row) else "" for place in order) for row in table.rows)


def name_of(header: str) -> str:
    """A column's name as it compares."""
    return header.strip().casefold()


def cell(value: Json) -> str:
    """A cell in one spelling for both formats."""
    text = str("" if value is None else value).replace("\r\n", "\n").strip()
    if len(text) <= 4 and text.casefold() in _NOTHING:
        return ""
    if not text or text[0] not in _SPECIAL or len(text) > LONGEST:
        return text
    rest = text.strip(_OF_NUMBERS)
    # Most keys and addresses begin like numbers or truth values, and are told from them without a closer look.
    return text if rest and rest[0] not in _IN_MOMENTS else _special(text)


@lru_cache(maxsize=20_000)
def _special(text: str) -> str:
    """Text that may stand for a number, a moment or a truth value."""
    folded = text.casefold()
    if folded in {"true", "false"}:
        return folded
    return _number(text) or _moment(text) or text


def is_number(text: str) -> bool:
    """Whether a cell, as it compares, is a number."""
    return _number(text) is not None


def is_moment(text: str) -> bool:
    """Whether a cell, as it compares, is a date or a moment."""
    return _moment(text) is not None


def _number(text: str) -> str | None:
    try:
        # A comma is read as that of decimals, unless it may be one of thousands.
        number = Decimal(text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return f"{float(number):.12g}"


def _moment(text: str) -> str | None:
    if len(text) < 8 or not text[:4].isdigit():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=None, microsecond=0).isoformat()
