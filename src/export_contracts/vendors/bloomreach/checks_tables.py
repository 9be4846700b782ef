"""Reads tables and failures out of answers, whatever legal form they take. Judges nothing.

No sample of table_json exists for this endpoint, and quoting, character set and line ends of CSV are
unspecified: a table that cannot be read is no breach here, it is a `Form.OTHER` from which nothing follows.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from export_contracts.checks.talk import Talk
from export_contracts.files.delimiters import DELIMITERS
from export_contracts.files.tables import read_csv
from export_contracts.model import Exchange, Json, Unreadable
from export_contracts.vendors.bloomreach.checks_sheet import Form, Sheet

HEADER_NAMES: Final = ("header", "headers", "columns", "fields")
ROWS_NAMES: Final = ("rows", "data", "values", "customers", "results", "records", "items")
BEGINNING: Final = 200
"""Bytes in which JSON has its first bracket, whatever was put before it."""
DEEP: Final = 3
"""How many objects a table may lie in."""
REASONS: Final = ("error", "errors", "message")


def form_of(talk: Talk, exchange: Exchange) -> Form:
    """The form of an answer's body, found out once."""
    found = sheet_of(talk, exchange)
    return found if isinstance(found, Form) else found.form


def sheet(talk: Talk, exchange: Exchange) -> Sheet | None:
    """The table in a successful answer; None where there is none, or none that can be read."""
    if exchange.status is None or not 200 <= exchange.status < 300:
        return None
    found = sheet_of(talk, exchange)
    return None if isinstance(found, Form) else found


def sheet_of(talk: Talk, exchange: Exchange) -> Sheet | Form:
    """The table in an answer, or the form of an answer that holds none."""
    return talk.once(f"bloomreach-sheet:{exchange.index}", lambda: _read(exchange))


def _read(exchange: Exchange) -> Sheet | Form:
    response = exchange.response
    if response is None or isinstance(response.content, Unreadable):
        return Form.OTHER
    if not response.content.strip():
        return Form.EMPTY
    value = response.json
    if isinstance(value, (dict, list)):
        return _from_json(value)
    if is_json_lines(exchange) or _is_broken_json(exchange, response.content):
        return Form.OTHER
    return _from_csv(response.content)


def is_json_lines(exchange: Exchange) -> bool:
    """Whether the answer's first line is a JSON array or object of its own, which no row of names is."""
    content = exchange.response.content if exchange.response else b""
    if isinstance(content, Unreadable):
        return False
    try:
        first = json.loads(content.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")[0])
    except (ValueError, RecursionError):  # as deep as it is nested
        return False
    return isinstance(first, (dict, list))


def _is_broken_json(exchange: Exchange, content: bytes) -> bool:
    """Whether text that no JSON can be read from was meant to be some: brackets early on, and not asked for as CSV."""
    body = exchange.request.json
    asked_for = body.get("format") if isinstance(body, dict) else None
    return asked_for != "csv" and any(one in content[:BEGINNING] for one in (b"{", b"["))


def _from_json(value: Json) -> Sheet | Form:
    if isinstance(value, list):
        return _matrix(value) or _objects(value) or Form.OTHER
    for holder in _holders(value):
        found = _table_in(holder)
        if found is not None and (found.header or not any(name in value for name in REASONS)):
            return Form.FAILURE if value.get("success") is False else found
    failed = value.get("success") is False or any(name in value for name in REASONS)
    return Form.FAILURE if failed else Form.OTHER


def _holders(value: Json, depth: int = 0) -> Iterator[Mapping[str, Json]]:
    """An object and those within it, outer ones first."""
    yield value
    for one in value.values() if depth < DEEP else ():
        if isinstance(one, dict):
            yield from _holders(one, depth + 1)


def _table_in(holder: Mapping[str, Json]) -> Sheet | None:
    header = next((holder[name] for name in HEADER_NAMES if _is_header(holder.get(name))), None)
    rows = next((holder[name] for name in ROWS_NAMES if isinstance(holder.get(name), list)), None)
    if rows is None:
        return None
    if header is not None and _is_rows(rows):
        return header_sheet(header, tuple(tuple(row) for row in rows))
    return _objects(rows, [_label(one) for one in header or ()])


def _matrix(rows: list[Json]) -> Sheet | None:
    """A table of rows alone, of which the first holds names."""
    if not rows or not _is_rows(rows) or not _names_ids(rows[0]):
        return None
    return Sheet(Form.MATRIX, tuple(rows[0]), (None,) * len(rows[0]), tuple(tuple(row) for row in rows[1:]))


def _objects(rows: list[Json], labels: Sequence[str] = ()) -> Sheet | None:
    """A table of one object for each customer; its columns in the order of `labels`, else as they are met."""
    if not all(isinstance(one, dict) for one in rows):
        return None
    names = list(dict.fromkeys([*labels, *(name for row in rows for name in row)]))
    if rows and not _names_ids(names):
        return None
    cells = tuple(tuple(row.get(name) for name in names) for row in rows)
    return Sheet(Form.OBJECTS, tuple(names), (None,) * len(names), cells, ordered=False)


def _names_ids(names: list[Json]) -> bool:
    """Whether these are names of columns: one is of a documented identifier."""
    texts = [one.casefold() for one in names if isinstance(one, str)]
    return len(texts) == len(names) and any(known in one for one in texts for known in ("registered", "cookie"))


def header_sheet(header: Sequence[Json], rows: tuple[tuple[Json, ...], ...] = ()) -> Sheet:
    """A table under a header of texts, or of objects that tell each column's type."""
    typed = any(isinstance(one, dict) for one in header)
    return Sheet(
        Form.FIELDS_DATA if typed else Form.HEADER_ROWS,
        tuple(_label(one) for one in header),
        tuple(_kind(one) for one in header),
        rows,
    )


def _is_header(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, (str, dict)) for one in value)


def _is_rows(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(one, list) for one in value)


def _kind(column: Json) -> str | None:
    kind = column.get("type") if isinstance(column, dict) else None
    return kind if isinstance(kind, str) else None


def _label(column: Json) -> str:
    if isinstance(column, str):
        return column
    kind = column.get("type")
    name = column.get("id") if kind == "id" else column.get("property", column.get("id", column.get("category")))
    if isinstance(name, str):
        return name
    return next((str(column[one]) for one in ("name", "label", "title") if one in column), "")


def delimiter_of(content: bytes | Unreadable) -> str:
    """What separates the names in the first line of CSV."""
    return "," if isinstance(content, Unreadable) else _delimiter(_as_utf8(content)[0])


def _from_csv(content: bytes) -> Sheet | Form:
    body, sure = _as_utf8(content)
    delimiter = _delimiter(body)
    table = read_csv(body, delimiter=delimiter)
    codes = {one.code for one in table.problems}
    header, rows = table.header, table.rows
    if codes & {"ragged", "damaged"}:
        escaped = _with_backslashes(body, delimiter)
        if escaped and len({len(row) for row in escaped}) == 1:
            header, rows = escaped[0], tuple(escaped[1:])
        elif "damaged" in codes:
            return Form.OTHER
    if not header:
        return Form.EMPTY
    counted = len(header) > 1 and not codes & {"empty-line"}
    return Sheet(Form.CSV, header, (None,) * len(header), rows, counted, sure)


def _delimiter(body: bytes) -> str:
    """What stands most often in the first line; a comma where nothing does. Rows may hold whatever they like."""
    line = body.split(b"\n", 1)[0].decode("utf-8", errors="replace")
    return max(DELIMITERS, key=line.count)


def _with_backslashes(body: bytes, delimiter: str) -> list[tuple[str, ...]]:
    text = io.StringIO(body.decode("utf-8", errors="replace"), newline="")
    reader = csv.reader(text, delimiter=delimiter, doublequote=False, escapechar="\\")
    try:
        return [tuple(row) for row in reader if row]
    except csv.Error:
        return []


def _as_utf8(content: bytes) -> tuple[bytes, bool]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace").encode(), True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1").encode(), False
    return content, True
