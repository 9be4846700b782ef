"""Tables of any size as batches of rows: the first of them begins with the header. Judges no contents.

Codes of what is wrong: bom, invalid-utf8, damaged, ragged, duplicate-column, empty-table, empty-line; and those of
`streams`, of which all but trailing-bytes end the table early. Where rows are as wide as the header and no line is
empty, nothing is done for a single row, so that tables are read as fast as the `csv` module can.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from export_contracts.files.delimiters import LONGEST_CELL, dialect_of, sniff
from export_contracts.files.problem import Problem

ROWS: Final = 2_000
"""Rows of a batch at most; fewer where rows are long."""
BYTES: Final = 1024 * 1024
"""Bytes read from the file after which a batch ends."""
TOLD: Final = 50
"""Problems of one kind that are told one by one."""
LONGEST_ROW: Final = 8 * 1024 * 1024
"""Bytes of one row; cells that hold line breaks may keep it from ending, however short its lines are."""
_BREAK: Final = re.compile(r"\r\n|\r|\n")
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows as they follow one another, none of them empty; `lines` are their first lines, counted from 1."""

    rows: list[list[str]]
    lines: Sequence[int]


@dataclass
class Shape:
    """What was seen of a table's shape while it was read. `rows` do not count the header.

    `codes` counts all problems; of each code the first `TOLD` stand in `problems`. `whole` says that the file was
    read to its end.
    """

    header: tuple[str, ...] = ()
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    whole: bool = True

    def add(self, problem: Problem) -> None:
        """One more problem."""
        seen = self.codes.get(problem.code, 0)
        self.codes[problem.code] = seen + 1
        if seen < TOLD:
            self.problems.append(problem)


def csv_batches(
    parts: Iterable[bytes | Problem], shape: Shape, *, delimiter: str | None = None, **dialect: Any
) -> Iterator[Batch]:
    """The rows beneath the header of a CSV file; the delimiter is found out as `delimiters` does. Never raises.

    `dialect` is what `csv.reader` takes besides; without any, quotes have to stand as RFC 4180 has them, or be escaped
    by backslashes throughout.
    """
    source = _Text(parts, shape)
    text = io.TextIOWrapper(io.BufferedReader(source, BYTES // 4), encoding="utf-8", errors="replace", newline="")
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    if dialect or delimiter:
        dialect = {"delimiter": delimiter or sniff(source.head()), **(dialect or {"strict": True})}
    reader = csv.reader(text, **(dialect or dialect_of(source.head())))
    yield from shaped(_cut(reader, source, shape), shape)


def shaped(batches: Iterable[Batch], shape: Shape) -> Iterator[Batch]:
    """Take the header off, note what is wrong in the shape, leave empty lines out."""
    for batch in batches:
        rows, lines = batch.rows, batch.lines
        if [] in rows or len(lines) != len(rows):
            kept = [place for place, row in enumerate(rows) if row]
            for place, row in enumerate(rows):
                if not row:
                    shape.add(Problem("empty-line", "the line is empty", line=lines[place]))
            rows, lines = [rows[place] for place in kept], [lines[place] for place in kept]
        if not shape.header and rows:
            _head(tuple(rows[0]), shape)
            rows, lines = rows[1:], lines[1:]
        width = len(shape.header)
        if rows and {*map(len, rows)} != {width}:
            for row, line in zip(rows, lines, strict=True):
                if len(row) != width:
                    shape.add(Problem("ragged", f"{len(row)} cells under a header of {width}", line=line))
        shape.rows += len(rows)
        if rows:
            yield Batch(rows, lines)
    if not shape.header and shape.whole:
        shape.add(Problem("empty-table", "the file holds no header"))


def _head(header: tuple[str, ...], shape: Shape) -> None:
    shape.header = header
    for name in sorted(name for name, count in Counter(header).items() if count > 1):
        shape.add(Problem("duplicate-column", f"the column {name!r} stands twice", line=1))


def _cut(reader: Iterator[list[str]], source: _Text, shape: Shape) -> Iterator[Batch]:
    """Batches of records, empty ones among them."""
    line, going = 1, True
    while going:
        rows: list[list[str]] = []
        mark = source.given + BYTES
        source.most = mark + LONGEST_ROW
        going = False
        try:
            for row in reader:
                rows.append(row)
                # Where the file breaks off, what is left is at hand, and its last row is torn.
                if shape.whole and (len(rows) == ROWS or source.given > mark):
                    going = True
                    break
        except csv.Error as error:
            if shape.whole:
                at = reader.line_num  # type: ignore[attr-defined]  # the type of csv.reader has no public name
                shape.add(Problem("damaged", f"the file is not CSV: {error}", line=at))
                shape.whole = False
        else:
            if not going and not shape.whole:
                del rows[-1:]  # What the file breaks off in is no row; that it breaks off is told.
        end = reader.line_num + 1 if going else None  # type: ignore[attr-defined]  # the same
        lines = _numbers(rows, line, end)
        yield Batch(rows, lines)
        line = end or line


def _numbers(rows: list[list[str]], first: int, end: int | None) -> Sequence[int]:
    """The first line of each row: counted where a cell may hold line breaks, reckoned where none does."""
    if end == first + len(rows):
        return range(first, end)
    found = []
    for row in rows:
        found.append(first)
        first += 1 + sum(len(_BREAK.findall(cell)) for cell in row if "\n" in cell or "\r" in cell)
    return found


class _Text(io.RawIOBase):
    """The bytes of a file without its byte order mark, looked over for what is not UTF-8 as they go by."""

    def __init__(self, parts: Iterable[bytes | Problem], shape: Shape) -> None:
        super().__init__()
        self._parts = iter(parts)
        self._shape = shape
        self._held = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._lines = 1
        self._begun = False
        self._gap = 0
        self.given = 0
        self.most = BYTES + LONGEST_ROW

    def readable(self) -> bool:
        return True

    def head(self) -> str:
        """The first records, nothing of which is taken away."""
        self._fill()
        whole = self._held.rpartition(b"\n")[0] or self._held
        return whole.decode("utf-8", errors="replace")

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader gives
        """More bytes."""
        if not self._held and self._may_go_on():
            self._fill()
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        self.given += count
        return count

    def _may_go_on(self) -> bool:
        """Whether the row at hand may be read on; where it may not, the file ends here."""
        if self.given > self.most and self._shape.whole:
            message = f"a row is longer than {LONGEST_ROW} bytes; the rest was not read"
            self._shape.add(Problem("damaged", message, line=self._lines))
            self._shape.whole = False
        return self.given <= self.most

    def _fill(self) -> None:
        for part in self._parts:
            if isinstance(part, Problem):
                self._shape.add(part)
                self._shape.whole = self._shape.whole and part.code == "trailing-bytes"
                continue
            if self._gap > LONGEST_CELL:
                self._shape.whole = False
                return
            self._held += self._looked_over(part)
            if len(self._held) > BYTES // 4:
                return
        if self._decoder.getstate()[0] and self._shape.whole:
            self._decoder.reset()
            self._shape.add(Problem("invalid-utf8", "the file ends within a character", line=self._lines))

    def _looked_over(self, part: bytes) -> bytes:
        if not self._begun and part:
            self._begun = True
            if part.startswith(codecs.BOM_UTF8):
                self._shape.add(Problem("bom", "the file begins with a byte order mark", line=1))
                part = part[len(codecs.BOM_UTF8) :]
        try:
            self._decoder.decode(part)
        except UnicodeDecodeError as error:
            self._decoder.reset()
            line = self._lines + error.object.count(b"\n", 0, error.start)
            self._shape.add(Problem("invalid-utf8", f"a byte {error.object[error.start]:#04x} is not UTF-8", line=line))
        self._lines += part.count(b"\n")
        self._measure(part)
        return part

    def _measure(self, part: bytes) -> None:
        """A line that never ends would be held whole."""
        last = max(part.rfind(b"\n"), part.rfind(b"\r"))
        self._gap = len(part) - last - 1 if last >= 0 else self._gap + len(part)
        if self._gap > LONGEST_CELL:
            message = f"a line is longer than {LONGEST_CELL} bytes; the rest was not read"
            self._shape.add(Problem("damaged", message, line=self._lines))
