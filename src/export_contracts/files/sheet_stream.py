"""The first sheet of an XLSX file of any size, row by row, in bounded memory. Judges no contents.

Codes: those of `streams`, not-xlsx, damaged, doctype, and of `row_batches` what is wrong in the shape. Cells come as
text: numbers without a trailing `.0`, truth as `true` or `false`, moments in ISO 8601. A row begins where the header
does; what is blank at its end is left out, and filled up to the header's width.
"""

from __future__ import annotations

import codecs
import errno
import itertools
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import IO, BinaryIO, Final
from xml.parsers import expat

from export_contracts.files import sheet_quick
from export_contracts.files.problem import Problem
from export_contracts.files.row_batches import Batch, Shape
from export_contracts.files.sheet_layout import Layout
from export_contracts.files.sheet_parts import LONGEST, Strings, Styles, Workbook, read_styles, read_workbook
from export_contracts.files.sheet_values import column_of, value_of
from export_contracts.files.streams import Limits, open_stream
from export_contracts.files.xml_events import STEP, Broken, Events, opened, parse_parts
from export_contracts.files.zip_members import BROKEN

ROWS: Final = 1_000
MOST_COLUMNS: Final = 16_384
MOST_ROWS: Final = 1_048_576
WIDE: Final = 1_000
"""Cells of a row that is held as it is; one that is longer and nearly empty would weigh a thousand times its XML."""
CELLS: Final = 500_000
"""Cells of a batch, after which it ends."""
Row = list[str] | dict[int, str]
"""Cells in order, or those that are not empty by their column."""
TRIES: Final = 8
"""Rows of a part that may be written otherwise before all of its rest is read one by one."""
LARGEST: Final = 8 * 1024 * 1024 * 1024
"""Bytes of XML that are read at most, whatever the archive's own bounds."""
OURS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE})
"""Errors that speak of this machine and not of the file."""


def sheet_batches(file: BinaryIO, shape: Shape, limits: Limits) -> Iterator[Batch]:
    """The rows of the first sheet; what is wrong is put into `shape`. Never raises because of what the bytes are."""
    bounds = replace(limits, total=min(limits.total, LARGEST))
    for problem in _archive_problems(file, bounds):
        shape.add(problem)
        shape.whole = False
    if not shape.whole:
        return
    try:
        with zipfile.ZipFile(file) as archive:
            workbook = read_workbook(archive)
            styles = read_styles(archive, workbook)
            with closing(Strings.read(archive, workbook)) as strings:
                yield from _rows(archive, workbook, styles, strings)
    except Broken as error:
        shape.add(error.problem)
        shape.whole = False
    except (*BROKEN, LookupError, expat.ExpatError) as error:
        if isinstance(error, OSError) and error.errno in OURS:
            raise
        shape.add(Problem("damaged", f"the workbook cannot be read: {error}"))
        shape.whole = False


def _archive_problems(file: BinaryIO, limits: Limits) -> Iterator[Problem]:
    """Go through the whole archive once, for its checksums and its bounds."""
    stream = open_stream(file, limits=limits)
    if stream.kind != "zip":
        yield Problem("not-xlsx", "the file is no XLSX workbook: it is not a zip archive")
        return
    for item in stream.items:
        if isinstance(item, Problem):
            yield item
        else:
            yield from (part for part in item.parts if isinstance(part, Problem))


def _rows(archive: zipfile.ZipFile, workbook: Workbook, styles: Styles, strings: Strings) -> Iterator[Batch]:
    sheet = _Sheet(styles, strings)
    start: int | None = None
    width = 0
    for _ in _steps(archive, workbook.sheet, sheet):
        rows, lines = sheet.taken()
        kept: list[list[str]] = []
        begun = held = 0
        for number, packed in enumerate(rows):
            cells = _unpacked(packed)
            if start is None:
                start = next(place for place, cell in enumerate(cells) if cell)
                width = len(cells) - start
            # Cells left of the header would shift the others: they are put at the end, where they are too many.
            row = cells[start:] + [cell for cell in cells[:start] if cell]
            kept.append(row + [""] * (width - len(row)))
            held += len(kept[-1])
            if held > CELLS:
                yield Batch(kept, lines[begun : number + 1])
                kept, begun, held = [], number + 1, 0
        if kept:
            yield Batch(kept, lines[begun:])


def _packed(row: list[str]) -> Row:
    if len(row) <= WIDE or row.count("") < len(row) * 7 // 8:
        return row
    return {place: row[place] for place in itertools.compress(range(len(row)), row)}


def _unpacked(row: Row) -> list[str]:
    if isinstance(row, list):
        return row
    cells = [""] * (max(row) + 1)
    for place, cell in row.items():
        cells[place] = cell
    return cells


def _steps(archive: zipfile.ZipFile, member: str, sheet: _Sheet) -> Iterator[None]:
    """Gather rows step by step: plainly written ones in passing, from the first other one on by the XML parser."""
    with opened(archive, member) as stream:
        rest = stream.read(sheet_quick.FARTHEST)
        before = sheet_quick.prolog(rest)
        if before is not None:
            rest = yield from _in_passing(rest[len(before) :], stream, sheet)
        yield from parse_parts(itertools.chain((before or b"", rest), iter(lambda: stream.read(STEP), b"")), sheet)


def _in_passing(part: bytes, stream: IO[bytes], sheet: _Sheet) -> Generator[None, None, bytes]:
    """Take plain rows; what was read and not taken is returned."""
    decoder, held = codecs.getincrementaldecoder("utf-8")(), ""
    while part:
        kept = decoder.getstate()[0]
        if not sheet_quick.is_plain(part):
            return held.encode() + kept + part
        try:
            held += decoder.decode(part)
        except UnicodeDecodeError:
            return held.encode() + kept + part
        held = held[sheet.take(held) :]
        yield
        # What comes next is whole, and yet no row that could be taken.
        start = held.lstrip()[: len(sheet_quick.END_OF_ROWS)]
        if sheet_quick.END_OF_ROW in held or start == sheet_quick.END_OF_ROWS or len(held) > sheet_quick.LONGEST:
            break
        part = stream.read(STEP)
    return held.encode() + decoder.getstate()[0]


class _Sheet(Events):
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
            self._rows.append(_packed(self._row))
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
