"""A saved body of an export, of any size: which form it has by its bytes and by its name, and its rows. Judges nothing.

How CSV is quoted, in which character set it is and which keys table_json has is undocumented: what can be read in one
of the usual ways is read that way. The file is gone through twice, for names of columns may follow the rows.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, BinaryIO, Final, Literal

from export_contracts.checks.delivered import Named
from export_contracts.files.delimiters import DELIMITERS
from export_contracts.files.json_pieces import Piece, read_pieces, value_of
from export_contracts.files.problem import Problem
from export_contracts.files.row_batches import Shape, csv_batches
from export_contracts.files.strangers import stranger
from export_contracts.files.streams import GZIP_MAGIC, Limits, open_stream
from export_contracts.model import MISSING, Json
from export_contracts.vendors.bloomreach.checks_sheet import Form, Sheet
from export_contracts.vendors.bloomreach.checks_tables import HEADER_NAMES, REASONS, ROWS_NAMES, header_sheet

Text = Literal["csv", "json"]
STEP: Final = 256 * 1024
MOST_COLUMNS: Final = 100_000
MOST_TOLD: Final = 100
SAMPLE: Final = 1_000
SHORT: Final = 100
"""Characters of a cell in the sample."""
DIALECTS: Final[tuple[dict[str, Any], ...]] = (
    {"strict": True},
    {"doublequote": False, "escapechar": "\\"},
    {"quoting": csv.QUOTE_NONE},
)
"""Ways to quote, the usual one first."""
_SUFFIX: Final = re.compile(r"\.(csv|txt|json)(?:\.gz)?$")
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
Parts = Iterator[bytes | Problem]
Rows = tuple[int, Sequence[Json], Sequence[int] | None]
"""Number of the first row, rows, and their lines where the form has lines."""


@dataclass
class Body:
    """A file as it turned out. `problems` keep it from being what `text` is; `rows_path` leads to the rows."""

    named: Named
    file: BinaryIO
    limits: Limits
    text: Text
    form: Form
    sheet: Sheet | None = None
    problems: list[Problem] = field(default_factory=list)
    rows_path: tuple[str, ...] = ()
    header_pointer: str = ""
    dialect: dict[str, Any] = field(default_factory=dict)
    sample: list[Sequence[str]] = field(default_factory=list)
    failure: str = ""
    success: bytes = b""

    @property
    def whole(self) -> bool:
        """Whether all of it could be read."""
        return not any(one.code not in {"duplicate-key", "trailing-bytes"} for one in self.problems)

    def add(self, problem: Problem) -> None:
        """One more problem, as long as they are few."""
        if len(self.problems) < MOST_TOLD:
            self.problems.append(problem)

    def value(self, raw: bytes) -> Json:
        """The value of a piece, with what is wrong in it."""
        found: list[Problem] = []
        value = value_of(raw, found)
        for one in found:
            self.add(one)
        return value

    def rows(self) -> Iterator[Rows]:
        """The rows in batches, from the beginning each time."""
        if self.sheet is None:
            return
        if self.text == "csv":
            shape, first = Shape(), 0
            for batch in csv_batches(_parts(self.file, self.named, self.limits), shape, **self.dialect):
                yield first, batch.rows, batch.lines
                first += len(batch.rows)
            return
        for piece in read_pieces(_parts(self.file, self.named, self.limits)):
            if isinstance(piece, Problem) or piece.path != self.rows_path or piece.index is None:
                continue
            yield piece.index, piece.values or [value_of(piece.raw, [])], None


def text_by_name(named: Named) -> Text | None:
    """What the name says; `.txt` says CSV."""
    found = _SUFFIX.search(named.path.lower())
    if found is None:
        return None
    return "json" if found.group(1) == "json" else "csv"


def open_body(named: Named, file: BinaryIO, limits: Limits) -> Body:
    """Find out the form of a file."""
    head = b"".join(one for one in _first(_parts(file, named, limits)) if isinstance(one, bytes))[:STEP]
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    body = Body(named, file, limits, "csv", Form.EMPTY)
    if not head.strip():
        body.text = text_by_name(named) or "csv"
        body.problems += [one for one in _parts(file, named, limits) if isinstance(one, Problem)]
        body.problems.append(Problem("empty", "an empty file"))
    elif start != b"{" and not head.startswith(_UTF16) and (told := stranger(head)) is not None:
        body.text = text_by_name(named) or "csv"
        body.form = Form.OTHER
        body.problems.append(Problem("no-text", told))
    elif start in {b"{", b"["} and _is_json(body):
        body.text = "json"
    else:
        _survey_csv(body, head)
    return body


def _first(parts: Parts) -> Iterator[bytes | Problem]:
    size = 0
    for one in parts:
        yield one
        size += len(one) if isinstance(one, bytes) else 0
        if size >= STEP:
            return


def _parts(file: BinaryIO, named: Named, limits: Limits) -> Parts:
    """The bytes, unpacked where they are in gzip, as UTF-8 where they are UTF-16."""
    file.seek(0)
    head = file.read(2)
    file.seek(0)
    if head == GZIP_MAGIC:
        for item in open_stream(file, name=named.name, limits=limits).items:
            if not isinstance(item, Problem):
                yield from item.parts
    elif head in _UTF16:
        decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
        yield from (decoder.decode(one).encode() for one in iter(partial(file.read, STEP), b""))
    else:
        yield from iter(partial(file.read, STEP), b"")


@dataclass
class _Array:
    """An array met on the way: its length, whether arrays alone or names alone stand in it, and these names."""

    length: int = 0
    of_rows: bool = True
    of_names: bool = True
    first_is_row: bool = False
    names: list[Json] = field(default_factory=list)


def _is_json(body: Body) -> bool:
    """Go through a JSON document and find table or failure in it; False where its name says CSV and it is no JSON."""
    arrays: dict[tuple[str, ...], _Array] = {}
    scalars: dict[tuple[str, ...], bytes] = {}
    for piece in read_pieces(_parts(body.file, body.named, body.limits)):
        if isinstance(piece, Problem):
            body.add(piece)
        elif piece.index is None and piece.raw == b"[":
            arrays[piece.path] = _Array()
        elif piece.index is None:
            scalars[piece.path] = piece.raw[:1000]
            body.value(piece.raw)
        else:
            _note(arrays[piece.path], piece, body)
    if body.problems and text_by_name(body.named) == "csv":
        body.problems.clear()
        return False
    _find_table(body, arrays, scalars)
    return True


def _note(array: _Array, piece: Piece, body: Body) -> None:
    if piece.values:
        array.first_is_row = array.first_is_row or not array.length
        array.length += len(piece.values)
        array.of_names = False
        return
    kind = piece.raw[:1]
    array.first_is_row = array.first_is_row or (not array.length and kind == b"[")
    array.length += 1
    array.of_rows = array.of_rows and kind == b"["
    value = body.value(piece.raw)
    array.of_names = array.of_names and kind in {b'"', b"{"} and array.length < MOST_COLUMNS
    if array.of_names and value is not MISSING:
        array.names.append(value)


def _find_table(body: Body, arrays: dict[tuple[str, ...], _Array], scalars: dict[tuple[str, ...], bytes]) -> None:
    """The header and the rows, at the top or one level below, under one of the names that are known for them."""
    tops = ((), *dict.fromkeys(path[:1] for path in arrays if len(path) == 2))
    body.success = scalars.get(("success",), b"")
    denied = scalars.get(("success",)) == b"false"
    for top in tops:
        named = next(((*top, one) for one in HEADER_NAMES if _names(arrays.get((*top, one)))), None)
        path = next(((*top, one) for one in ROWS_NAMES if _rows(arrays.get((*top, one)))), None)
        if named is not None and path is not None:
            body.rows_path, body.header_pointer = path, "/" + "/".join(named)
            body.sheet = None if denied else header_sheet(arrays[named].names)
            body.form = Form.FAILURE if body.sheet is None else body.sheet.form
            break
    else:
        told = any((name,) in scalars or (name,) in arrays or _beneath(name, scalars) for name in REASONS)
        body.form = Form.FAILURE if denied or told else Form.OTHER
    if body.form is Form.FAILURE:
        said = [f"{'.'.join(path)}: {raw.decode('utf-8', 'replace')}" for path, raw in scalars.items()]
        body.failure = ", ".join(said)


def _beneath(name: str, scalars: dict[tuple[str, ...], bytes]) -> bool:
    return any(path[0] == name for path in scalars if path)


def _names(array: _Array | None) -> bool:
    return array is not None and array.length > 0 and array.of_names


def _rows(array: _Array | None) -> bool:
    return array is not None and (array.of_rows or array.first_is_row)


def _survey_csv(body: Body, head: bytes) -> None:
    """Find the way of quoting in which each row is as wide as the header; the usual one where there is none."""
    told: list[Problem] = []
    line = head.removeprefix(codecs.BOM_UTF8).split(b"\n", 1)[0].decode("utf-8", errors="replace")
    delimiter = max(DELIMITERS, key=line.count)
    for quoting in DIALECTS:
        dialect = {**quoting, "delimiter": delimiter}
        shape = Shape()
        sample: list[Sequence[str]] = []
        for batch in csv_batches(_parts(body.file, body.named, body.limits), shape, **dialect):
            sample += [[cell[:SHORT] for cell in row] for row in batch.rows[: SAMPLE - len(sample)]]
        even = not shape.codes.keys() & {"ragged", "damaged"}
        if even or quoting is DIALECTS[0]:
            body.dialect, body.sample = dialect, sample
            told = [one for one in shape.problems if one.code not in _OPEN]
            sheet = Sheet(Form.CSV, shape.header, (None,) * len(shape.header), ())
            counted = len(shape.header) > 1 and "empty-line" not in shape.codes
            body.sheet = Sheet(Form.CSV, sheet.header, sheet.kinds, (), counted, "invalid-utf8" not in shape.codes)
        if even:
            break
    body.problems += told
    body.form = Form.CSV if body.sheet is not None and body.sheet.header else Form.EMPTY
    if len(body.sample) == 0 and b"no permission" in head[:1000].lower():
        body.form, body.failure = Form.FAILURE, head[:200].decode("utf-8", "replace")


_OPEN: Final = frozenset({"bom", "empty-line", "duplicate-column", "invalid-utf8", "ragged", "empty-table"})
"""What no document speaks of, and what is told row by row."""
