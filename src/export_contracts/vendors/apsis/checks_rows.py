"""What is to be seen of a table's rows, gathered as they go by: blanks, headers among them, the kind of their cells.

Small tables of an answer and delivered files of any size are looked at alike. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from export_contracts.checks.headings import no_heading
from export_contracts.files.tables import Table

LOOKED_AT: Final = 1_000
"""Rows whose cells are told apart by kind."""
SHORT: Final = 100
"""Characters of a cell that are kept for that."""
NOTED: Final = 50
"""Lines noted of one matter."""
KEY: Final = "exportkey"
_SPELLING: Final = re.compile(r"[\W_]+")


@dataclass
class Cells:
    """What was seen so far. `blanks` counts for each column the rows in which it holds nothing.

    `blank_lines` are the first of these, `alike` tells whether all rows hold the same; `again` counts rows that repeat
    the header, `again_lines` are the first.
    """

    header: tuple[str, ...]
    rows: int = 0
    blanks: list[int] = field(default_factory=list)
    blank_lines: list[list[int]] = field(default_factory=list)
    alike: list[bool] = field(default_factory=list)
    again: int = 0
    again_lines: list[int] = field(default_factory=list)
    _sample: list[Sequence[str]] = field(default_factory=list)
    _told: tuple[int, str | None] = (-1, None)

    def __post_init__(self) -> None:
        self.blanks = [0] * len(self.header)
        self.blank_lines = [[] for _ in self.header]
        self.alike = [True] * len(self.header)

    @classmethod
    def of(cls, table: Table) -> Cells:
        """Those of a table that is held whole."""
        cells = cls(table.header)
        rows = [["" if one is None else str(one) for one in row] for row in table.rows]
        cells.see(rows, range(2, len(rows) + 2))
        return cells

    def see(self, rows: list[list[str]], lines: Sequence[int]) -> None:
        """More rows, and the lines on which they begin."""
        self.rows += len(rows)
        if len(self._sample) < LOOKED_AT:
            some = rows[: LOOKED_AT - len(self._sample)]
            self._sample += [[cell[:SHORT] for cell in row] for row in some]
        if list(self.header) in rows:
            repeated = [line for row, line in zip(rows, lines, strict=True) if tuple(row) == self.header]
            self.again += len(repeated)
            self.again_lines += repeated[: NOTED - len(self.again_lines)]
        width = len(self.header)
        even = rows if {*map(len, rows)} <= {width} else [[*row, *[""] * width][:width] for row in rows]
        for place, column in enumerate(zip(*even, strict=True)):
            if not all(map(str.strip, column)):
                self._blank(place, column, lines)
            self.alike[place] = self.alike[place] and self._is_alike(place, column)

    def _is_alike(self, place: int, column: Sequence[str]) -> bool:
        first = self._sample[0]
        return len(first) > place and column.count(column[0]) == len(column) and column[0][:SHORT] == first[place]

    def _blank(self, place: int, column: Sequence[str], lines: Sequence[int]) -> None:
        found = [line for cell, line in zip(column, lines, strict=True) if not cell.strip()]
        self.blanks[place] += len(found)
        self.blank_lines[place] += found[: NOTED - len(self.blank_lines[place])]

    def key_column(self) -> int | None:
        """The one column whose header says in so many words that it is the export key."""
        found = [place for place, name in enumerate(self.header) if _SPELLING.sub("", name).casefold() == KEY]
        return found[0] if len(found) == 1 else None

    def header_is_data(self) -> str | None:
        """Why the first row is no header but a row like the others; None where it may be one."""
        if self._told[0] != len(self._sample):  # each clause asks anew, and it takes long to tell
            self._told = len(self._sample), no_heading(self.header, self._sample)
        return self._told[1]
