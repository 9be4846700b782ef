"""Tables from CSV and XLSX, cells as text so that both forms of one table compare. Judges no contents.

Codes: bom, invalid-utf8, ragged, duplicate-column, empty-table, empty-line, damaged; for XLSX also those of
`archive`, too-many-cells and not-xlsx. Numbers lose a trailing `.0`, truth is `true` or `false`, moments are
ISO 8601, and an empty cell is the empty string.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from export_contracts.files.problem import Problem
from export_contracts.model import Json

DELIMITERS: Final = (",", ";", "\t", "|")
LONGEST_CELL: Final = 16 * 1024 * 1024
"""Characters of one cell; Python's own bound of 131,072 is less than a cell of nested JSON may hold."""


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows beneath it; a row may be wider or narrower than the header (`ragged`)."""

    header: tuple[str, ...] = ()
    rows: tuple[tuple[Json, ...], ...] = ()
    problems: tuple[Problem, ...] = ()


def read_csv(body: bytes, *, delimiter: str | None = None) -> Table:
    """The table in a CSV file; the delimiter is found out among comma, semicolon, tab and bar. Never raises."""
    problems: list[Problem] = []
    text = _text(body, problems)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend(_records(text, delimiter or sniff(text)))
    except csv.Error as error:
        problems.append(Problem("damaged", f"the file is not CSV: {error}"))
    return assemble(rows, problems)


def assemble(numbered: Iterable[tuple[int, list[str]]], problems: Iterable[Problem] = ()) -> Table:
    """A table from numbered records, the first of which is the header, with what is wrong in its shape."""
    found = list(problems)
    records = iter(numbered)
    header = next((tuple(row) for _, row in records if row), ())
    if not header:
        found.append(Problem("empty-table", "the file holds no header"))
    doubled = sorted({name for name in header if header.count(name) > 1})
    found.extend(Problem("duplicate-column", f"the column {name!r} stands twice", line=1) for name in doubled)
    rows: list[tuple[str, ...]] = []
    for line, row in records:
        if not row:
            found.append(Problem("empty-line", "the line is empty", line=line))
            continue
        if len(row) != len(header):
            found.append(Problem("ragged", f"{len(row)} cells under a header of {len(header)}", line=line))
        rows.append(tuple(row))
    return Table(header, tuple(rows), tuple(found))


def sniff(text: str) -> str:
    """The delimiter that cuts the first records into most cells, evenly; a comma where nothing does."""

    def merit(delimiter: str) -> tuple[bool, int]:
        widths: list[int] = []
        try:
            widths.extend(len(row) for _, row in itertools.islice(_records(text, delimiter), 20) if row)
        except csv.Error as error:
            # Text that breaks off within quotes says as much as the records before; other errors speak against it.
            if not widths or "end of data" not in str(error):
                return False, 0
        return len(set(widths)) == 1 and widths[0] > 1, max(widths, default=0)

    return max(DELIMITERS, key=merit)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def _text(body: bytes, problems: list[Problem]) -> str:
    if body.startswith(codecs.BOM_UTF8):
        problems.append(Problem("bom", "the file begins with a byte order mark", line=1))
        body = body[len(codecs.BOM_UTF8) :]
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        problems.append(Problem("invalid-utf8", f"byte {error.start} is not UTF-8", line=line))
        return body.decode("utf-8", errors="replace")
