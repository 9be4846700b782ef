"""The rows of a sheet as they are gathered: from the events of its XML, or from text in which they stand plainly.

Opens nothing and reads no stream; a row comes as text, and what is blank at its end is left out.
"""

from __future__ import annotations

import itertools
from typing import Final

from export_contracts.files import sheet_quick
from export_contracts.files.sheet_layout import Layout
from export_contracts.files.sheet_parts import LONGEST, Strings, Styles
from export_contracts.files.sheet_values import column_of, value_of
from export_contracts.files.xml_events import Broken, Events

MOST_COLUMNS: Final = 16_384
MOST_ROWS: Final = 1_048_576
WIDE: Final = 1_000
"""Cells of a row that is held as it is; one that is longer and nearly empty would weigh a thousand times its XML."""
Row = list[str] | dict[int, str]
"""Cells in order, or those that are not empty by their column."""
TRIES: Final = 8
"""Rows of a part that may be written otherwise before all of its rest is read one by one."""


def packed(row: list[str]) -> Row:
    """The row as it is held: by column where it is long and nearly empty."""
    if len(row) <= WIDE or row.count("") < len(row) * 7 // 8:
        return row
    return {place: row[place] for place in itertools.compress(range(len(row)), row)}


def unpacked(row: Row) -> list[str]:
    """All its cells."""
    if isinstance(row, list):
        return row
    cells = [""] * (max(row) + 1)
    for place, cell in row.items():
        cells[place] = cell
    return cells


class Gathering(Events):
    """Gathers rows from the events of a sheet's XML."""

    def __init__(self, styles: Styles, strings: Strings) -> None:
        self._styles, self._strings = styles, strings
        self._layout = Layout()
        self._rows: list[Row] = []
        self._lines: list[int] = []
        self._row: list[str] = []
        self._line = 0
        self._column = -1
        self._kind = ""
        self._style = 0
        self._text: list[str] = []
        self._open = False
        self._phonetic = False
        self._size = 0

    def taken(self) -> tuple[list[Row], list[int]]:
        """What has been gathered since the last time."""
        rows, lines = self._rows, self._lines
        self._rows, self._lines = [], []
        return rows, lines

    def take(self, held: str) -> int:
        """Take the rows that are written plainly; where the first that is not begins."""
        at = 0
        for _ in range(TRIES):
            at = self._by_layout(held, at)
            before = at
            at = self._one_by_one(held, at, most=1)
            if at == before:
                return at
            self._layout.see(held[before:at])
        return self._one_by_one(held, at)

    def _by_layout(self, held: str, at: int) -> int:
        rows, size = self._layout.take(held[at:] if at else held, self._value)
        if not all(0 < line <= MOST_ROWS for line, _ in rows):
            return at
        for line, row in rows:
            self._line, self._row = line, row
            self._put()
        return at + size

    def _one_by_one(self, held: str, at: int, most: int | None = None) -> int:
        for line, row, after in itertools.islice(sheet_quick.quick_rows(held, self._value, at), most):
            if not 0 < line <= MOST_ROWS or len(row) > MOST_COLUMNS:
                break
            self._line, self._row, at = line, row, after
            self._put()
        return at

    def _value(self, text: str, kind: str, style: int) -> str:
        if kind == "inlineStr" and "_x" not in text:
            return text
        return value_of(text, kind, self._styles.of(style), self._strings)

    def _put(self) -> None:
        if self._row and any(self._row):
            while not self._row[-1]:
                self._row.pop()
            self._rows.append(packed(self._row))
            self._lines.append(self._line)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._cell(attributes)
        elif name in {"v", "t"}:
            self._open = not self._phonetic
        elif name == "row":
            self._line = int(attributes.get("r") or self._line + 1)
            self._row, self._column = [], -1
            if not 0 < self._line <= MOST_ROWS:
                raise Broken("damaged", f"there can be no row {self._line}")
        elif name == "rPh":
            self._phonetic = True

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._column = self._column + 1 if reference is None else column_of(reference)
        self._kind, self._style = attributes.get("t", "n"), int(attributes.get("s", 0))
        self._text.clear()
        self._size = 0
        if not 0 <= self._column < MOST_COLUMNS:
            raise Broken("damaged", f"there can be no cell {reference}")

    def text(self, data: str) -> None:
        """Text within an element."""
        if self._open:
            self._size += len(data)
            if self._size > LONGEST:
                raise Broken("damaged", f"a cell of row {self._line} is longer than {LONGEST} characters")
            self._text.append(data)

    def end(self, name: str) -> None:
        """An element ends."""
        if name in {"v", "t"}:
            self._open = False
        elif name == "c":
            text = "".join(self._text)
            if text:
                row = self._row
                if len(row) <= self._column:
                    row.extend([""] * (self._column + 1 - len(row)))
                row[self._column] = self._value(text, self._kind, self._style)
        elif name == "row":
            self._put()
        elif name == "rPh":
            self._phonetic = False
