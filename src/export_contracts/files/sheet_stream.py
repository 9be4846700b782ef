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
from export_contracts.files.sheet_parts import Strings, Styles, Workbook, read_styles, read_workbook
from export_contracts.files.sheet_rows import Gathering, unpacked
from export_contracts.files.streams import Limits, open_stream
from export_contracts.files.xml_events import STEP, Broken, opened, parse_parts
from export_contracts.files.zip_members import BROKEN

CELLS: Final = 500_000
"""Cells of a batch, after which it ends."""
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
    sheet = Gathering(styles, strings)
    start: int | None = None
    width = 0
    for _ in _steps(archive, workbook.sheet, sheet):
        rows, lines = sheet.taken()
        kept: list[list[str]] = []
        begun = held = 0
        for number, held_row in enumerate(rows):
            cells = unpacked(held_row)
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


def _steps(archive: zipfile.ZipFile, member: str, sheet: Gathering) -> Iterator[None]:
    """Gather rows step by step: plainly written ones in passing, from the first other one on by the XML parser."""
    with opened(archive, member) as stream:
        rest = stream.read(sheet_quick.FARTHEST)
        before = sheet_quick.prolog(rest)
        if before is not None:
            rest = yield from _in_passing(rest[len(before) :], stream, sheet)
        yield from parse_parts(itertools.chain((before or b"", rest), iter(lambda: stream.read(STEP), b"")), sheet)


def _in_passing(part: bytes, stream: IO[bytes], sheet: Gathering) -> Generator[None, None, bytes]:
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
