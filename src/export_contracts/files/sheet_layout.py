"""Rows of a sheet that are written as one before them was: matched many at a time, by one expression.

A layout says of each column how its cells are written; a cell may be missing. What it does not match is left to
`sheet_quick`. A test holds the two together.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pcre2

from export_contracts.files.sheet_values import letters_of
from export_contracts.files.xml_events import Broken

Value = Callable[[str, str, int], str]
"""A cell's text by what stands in it, its type, and its style."""
MOST_COLUMNS: Final = 200
SPARSEST: Final = 4
"""Columns for each that has cells."""
LESSONS: Final = 20
"""Rows that are learnt from."""
END, LINE, CELL = "\x1d", "\x1e", "\x1f"
"""Marks that stand in no XML, between what is matched."""
_ROW: Final = r'\G\s*+<row r="([0-9]{1,7})"(?: [A-Za-z:0-9]++="[^"<>&]*+")*+>'
_FORMS: Final = (
    (re.compile(r"<v>[^<>]*</v>"), "<v>([^<>&]*+)</v>"),
    (re.compile(r"<is><t>[^<>]*</t></is>"), "<is><t>([^<>&]*+)</t></is>"),
    (
        re.compile(r'<is><t xml:space="preserve">[^<>]*</t></is>'),
        r'<is><t(?> xml:space="preserve")?+>([^<>&]*+)</t></is>',
    ),
)
_CELL: Final = re.compile(r'<c r="([A-Z]{1,3})[0-9]{1,7}"((?: s="([0-9]{1,5})")?(?: t="([a-zA-Z]{1,9})")?)>(.*?)</c>')


@dataclass(frozen=True)
class Column:
    """Where the cells of a column stand, what they are, and the expression of one."""

    place: int
    kind: str
    style: int
    cell: str


class Layout:
    """How rows were written that were seen."""

    def __init__(self) -> None:
        self._columns: dict[int, Column] = {}
        self._lessons = 0
        self._replace: Callable[[str, str], tuple[str, int]] | None = None
        self._template = ""

    def see(self, row: str) -> None:
        """Learn how a row is written that was not taken."""
        if self._lessons >= LESSONS:
            return
        self._lessons += 1
        for found in _CELL.finditer(row):
            letters, attributes, style, kind, inner = found.groups()
            form = next((form for pattern, form in _FORMS if pattern.fullmatch(inner)), None)
            if form is not None:
                blank = '(?: s="[0-9]{1,5}")?+/>'
                cell = rf'(?><c r="{letters}\1"(?>{re.escape(attributes)}>{form}</c>|{blank}))?+'
                place = letters_of(letters)
                self._columns[place] = Column(place, kind or "n", int(style or 0), cell)
        self._columns = dict(sorted(self._columns.items()))
        self._compile([one.cell for one in self._columns.values()])

    def _compile(self, cells: Sequence[str]) -> None:
        self._replace = None
        # Rows of few cells far apart would become wide lists, many of them at once.
        if 0 < len(cells) <= MOST_COLUMNS and max(self._columns) < SPARSEST * len(cells):
            self._template = LINE + CELL.join(f"${{{number}}}" for number in range(1, len(cells) + 2)) + END
            with contextlib.suppress(pcre2.PatternError, pcre2.LibraryError):  # too large, or nothing here compiles it
                self._replace = pcre2.compile(f"{_ROW}{''.join(cells)}</row>", jit=True).subn

    def take(self, held: str, value: Value) -> tuple[list[tuple[int, list[str]]], int]:
        """(line, cells) of the rows at the head of `held`, and how much of it they are."""
        if self._replace is None:
            return [], 0
        try:
            written, count = self._replace(self._template, held)
            body, _, rest = written.rpartition(END)
            return (list(self._rows(body, value)), len(held) - len(rest)) if count else ([], 0)
        except (pcre2.LibraryError, Broken, ValueError):  # out of the matcher's own stack; no value
            return [], 0

    def _rows(self, body: str, value: Value) -> Iterator[tuple[int, list[str]]]:
        columns = list(self._columns.values())
        plain = "_x" not in body
        special = [(at, one.kind, one.style) for at, one in enumerate(columns) if one.kind != "inlineStr" or not plain]
        dense = columns[-1].place + 1 == len(columns)
        for line in body[1:].split(END + LINE):
            number, *cells = line.split(CELL)
            for at, kind, style in special:
                if cells[at]:
                    cells[at] = value(cells[at], kind, style)
            yield int(number), cells if dense else _spread(columns, cells)


def _spread(columns: Sequence[Column], cells: Sequence[str]) -> list[str]:
    row = [""] * (columns[-1].place + 1)
    for column, cell in zip(columns, cells, strict=True):
        row[column.place] = cell
    return row
