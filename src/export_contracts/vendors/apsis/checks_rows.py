"""What is to be seen of a table's rows, gathered as they go by: blanks, headers among them, the kind of their cells.

Small tables of an answer and delivered files of any size are looked at alike. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from export_contracts.files.tables import Table
from export_contracts.model import Json

LOOKED_AT: Final = 1_000
"""Rows whose cells are told apart by kind."""
NOTED: Final = 50
"""Lines noted of one matter."""
KEY: Final = "exportkey"
_SPELLING: Final = re.compile(r"[\W_]+")
_RIGID: Final = (
    ("uuid", re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)),
    ("e-mail address", re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")),
    ("moment", re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?")),
    ("telephone number", re.compile(r"\+\d{7,15}")),
)
_CODE: Final = re.compile(r"(?=.*\d)[A-Za-z0-9._:-]{8,}")
_CLASSES: Final = str.maketrans(
    {**dict.fromkeys("0123456789", "9"), **{chr(code): "a" for code in range(97, 123)}}
    | {chr(code): "A" for code in range(65, 91)}
)


@dataclass
class Cells:
    """What was seen so far. `blanks` counts for each column the rows in which it holds nothing.

    `blank_lines` are the first of these; `again` counts rows that repeat the header, `again_lines` are the first.
    """

    header: tuple[str, ...]
    rows: int = 0
    blanks: list[int] = field(default_factory=list)
    blank_lines: list[list[int]] = field(default_factory=list)
    again: int = 0
    again_lines: list[int] = field(default_factory=list)
    _sample: list[Sequence[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blanks = [0] * len(self.header)
        self.blank_lines = [[] for _ in self.header]

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
            self._sample += rows[: LOOKED_AT - len(self._sample)]
        if list(self.header) in rows:
            repeated = [line for row, line in zip(rows, lines, strict=True) if tuple(row) == self.header]
            self.again += len(repeated)
            self.again_lines += repeated[: NOTED - len(self.again_lines)]
        width = len(self.header)
        even = rows if {*map(len, rows)} <= {width} else [[*row, *[""] * width][:width] for row in rows]
        for place, column in enumerate(zip(*even, strict=True)):
            if not all(map(str.strip, column)):
                self._blank(place, column, lines)

    def _blank(self, place: int, column: Sequence[str], lines: Sequence[int]) -> None:
        found = [line for cell, line in zip(column, lines, strict=True) if not cell.strip()]
        self.blanks[place] += len(found)
        self.blank_lines[place] += found[: NOTED - len(self.blank_lines[place])]

    def key_column(self) -> int | None:
        """The one column whose header says in so many words that it is the export key."""
        found = [place for place, name in enumerate(self.header) if _SPELLING.sub("", name).casefold() == KEY]
        return found[0] if len(found) == 1 else None

    def header_is_data(self) -> str | None:
        """Why the first row is no header but a row like the others; None where it may be one.

        It is one of them where each of its cells is of the kind of those beneath it and at least one of these kinds
        is such as no name of a column has.
        """
        telling = None
        for place, head in enumerate(self.header):
            under = [row[place].strip() for row in self._sample if len(row) > place and row[place].strip()]
            kind = _kind_of_all(under)
            if kind is None or not head.strip():
                continue
            if not _is_of(kind, head.strip()):
                return None
            if kind != "number" and telling is None:
                telling = f"{head!r}, as {_SAID.get(kind, 'a ' + kind)} stands in each row beneath"
        return telling


_SAID: Final = {"uuid": "a UUID", "e-mail address": "an e-mail address"}


def _kind_of_all(cells: Sequence[str]) -> str | None:
    """The strict kind that all cells have: one of the known ones, number, or a pattern of letters and digits."""
    if len(cells) < 2:
        return None
    for kind, pattern in _RIGID:
        if all(pattern.fullmatch(one) for one in cells):
            return kind
    if all(_is_number(one) for one in cells):
        return "number"
    first = cells[0].translate(_CLASSES)
    alike = len(cells) > 2 and len({*cells}) == len(cells) and _CODE.fullmatch(cells[0]) is not None
    return f"code like {first}" if alike and all(one.translate(_CLASSES) == first for one in cells) else None


def _is_of(kind: str, cell: str) -> bool:
    known = dict(_RIGID).get(kind)
    if known is not None:
        return known.fullmatch(cell) is not None
    return _is_number(cell) if kind == "number" else f"code like {cell.translate(_CLASSES)}" == kind


def _is_number(cell: Json) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
