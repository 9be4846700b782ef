"""A JSON document of any size that may be a table: where its header and its rows stand, or what failure it tells of.

Which keys table_json has is undocumented: header and rows are looked for under the names that are known for them, at
the top or one level below. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from export_contracts.files.json_pieces import Piece, read_pieces, value_of
from export_contracts.files.problem import Problem
from export_contracts.model import MISSING, Json
from export_contracts.vendors.bloomreach.checks_sheet import Form, Sheet
from export_contracts.vendors.bloomreach.checks_tables import HEADER_NAMES, REASONS, ROWS_NAMES, header_sheet

MOST_COLUMNS: Final = 100_000
MOST_TOLD: Final = 100
MOST_MEMBERS: Final = 10_000
"""Members near the top of a document that are remembered; an export has a handful."""
Path = tuple[str, ...]


@dataclass
class Document:
    """What was found. `rows_path` leads to the rows, `header` is the pointer of the names of columns."""

    form: Form = Form.OTHER
    sheet: Sheet | None = None
    rows_path: Path = ()
    header: str = ""
    failure: str = ""
    success: bytes = b""
    problems: list[Problem] = field(default_factory=list)

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


@dataclass
class _Array:
    """An array met on the way: its length, whether arrays alone or names alone stand in it, and these names."""

    length: int = 0
    of_rows: bool = True
    of_names: bool = True
    first_is_row: bool = False
    names: list[Json] = field(default_factory=list)


def read_document(parts: Iterable[bytes | Problem]) -> Document:
    """Go through a document once."""
    found = Document()
    arrays: dict[Path, _Array] = {}
    scalars: dict[Path, bytes] = {}
    last = _Array()
    for piece in read_pieces(parts):
        if isinstance(piece, Problem):
            found.add(piece)
        elif piece.index is None and piece.raw == b"[":
            last = _Array()
            if len(arrays) < MOST_MEMBERS:
                arrays[piece.path] = last
        elif piece.index is None:
            if len(scalars) < MOST_MEMBERS or piece.path == ("success",):
                scalars[piece.path] = piece.raw[:1000]
            found.value(piece.raw)
        else:
            _note(last, piece, found)
    _find_table(found, arrays, scalars)
    return found


def _note(array: _Array, piece: Piece, found: Document) -> None:
    if piece.values:
        array.first_is_row = array.first_is_row or not array.length
        array.length += len(piece.values)
        array.of_names = False
        return
    kind = piece.raw[:1]
    array.first_is_row = array.first_is_row or (not array.length and kind == b"[")
    array.length += 1
    array.of_rows = array.of_rows and kind == b"["
    value = found.value(piece.raw)
    array.of_names = array.of_names and kind in {b'"', b"{"} and array.length < MOST_COLUMNS
    if array.of_names and value is not MISSING:
        array.names.append(value)


def _find_table(found: Document, arrays: dict[Path, _Array], scalars: dict[Path, bytes]) -> None:
    """The header and the rows, at the top or one level below, under one of the names that are known for them."""
    tops = ((), *dict.fromkeys(path[:1] for path in arrays if len(path) == 2))
    found.success = scalars.get(("success",), b"")
    denied = scalars.get(("success",)) == b"false"
    for top in tops:
        named = next(((*top, one) for one in HEADER_NAMES if _names(arrays.get((*top, one)))), None)
        path = next(((*top, one) for one in ROWS_NAMES if _rows(arrays.get((*top, one)))), None)
        if named is not None and path is not None:
            found.rows_path, found.header = path, "/" + "/".join(named)
            found.sheet = None if denied else header_sheet(arrays[named].names)
            found.form = Form.FAILURE if found.sheet is None else found.sheet.form
            break
    else:
        told = any((name,) in scalars or (name,) in arrays or _beneath(name, scalars) for name in REASONS)
        found.form = Form.FAILURE if denied or told else Form.OTHER
    if found.form is Form.FAILURE:
        said = [f"{'.'.join(path)}: {raw.decode('utf-8', 'replace')}" for path, raw in scalars.items()]
        found.failure = ", ".join(said)


def _beneath(name: str, scalars: dict[Path, bytes]) -> bool:
    return any(path[0] == name for path in scalars if path)


def _names(array: _Array | None) -> bool:
    return array is not None and array.length > 0 and array.of_names


def _rows(array: _Array | None) -> bool:
    return array is not None and (array.of_rows or array.first_is_row)
