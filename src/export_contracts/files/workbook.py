"""The first sheet of an XLSX file as a `Table`. Refuses what would fill the memory before it is opened."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time
from typing import Final

from export_contracts.files.archive import Archive, Limits, read_archive
from export_contracts.files.problem import Problem
from export_contracts.files.tables import Table, assemble
from export_contracts.model import Json

MOST_CELLS: Final = 10_000_000
"""Cells of the rectangle around a sheet's used cells; the reader lays it out whole, however few are filled."""

BOUNDS: Final = Limits()
_REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)([0-9]*)([^"']*)""")


def read_xlsx(body: bytes, *, limits: Limits = BOUNDS) -> Table:
    """The table on the first sheet; never raises. Cells come back as text, see `tables`."""
    archive = read_archive(body, limits=limits)
    problems = [*archive.problems, *_refusals(archive)]
    if problems:
        return Table(problems=tuple(problems))
    try:
        rows = _cells(body)
    except BaseException as error:
        # The reader is Rust: its panics arrive as a BaseException without a public name.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        return Table(problems=(Problem("damaged", f"the workbook cannot be read: {error}"),))
    return assemble(enumerate(rows, start=1))


def _refusals(archive: Archive) -> list[Problem]:
    if archive.kind != "zip":
        return [Problem("not-xlsx", "the file is no XLSX workbook: it is not a zip archive")]
    if not any(member.name.lower() == "xl/workbook.xml" for member in archive.members):
        return [Problem("not-xlsx", "the file is no XLSX workbook: it has no xl/workbook.xml")]
    return [
        Problem("too-many-cells", f"the sheet spans more than {MOST_CELLS} cells", member.name)
        for member in archive.members
        if member.name.lower().startswith("xl/worksheets/") and not _small(member.body)
    ]


def _small(sheet: bytes) -> bool:
    """Whether the rectangle around all cell references is within bounds."""
    width = height = 1
    for match in _REFERENCE.finditer(sheet):
        letters, digits, rest = match.groups()
        if b"&" in rest or len(letters) > 3 or len(digits) > 7:
            return False
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        width = max(width, column)
        height = max(height, int(digits or 1))
    return width * height <= MOST_CELLS


def _cells(body: bytes) -> list[list[str]]:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(body)) as workbook:
        names = workbook.sheet_names
        sheet = workbook.get_sheet_by_index(0) if names else None
        return [[_plain(cell) for cell in row] for row in (sheet.to_python() if sheet else [])]


def _plain(cell: Json) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    return str(cell)
