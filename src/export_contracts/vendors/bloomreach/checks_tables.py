"""Reads tables and failures out of answers, whatever legal form they take. Judges nothing.

No sample of table_json exists for this endpoint, and quoting, character set and line ends of CSV are
unspecified: a table that cannot be read is no breach here, it is a `Form.OTHER` from which nothing follows.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from export_contracts.checks.talk import Talk
from export_contracts.files.tables import DELIMITERS, read_csv
from export_contracts.model import Exchange, Json, Unreadable

HEADER_NAMES: Final = ("header", "headers", "columns", "fields")
ROWS_NAMES: Final = ("rows", "data")
QUALIFIERS: Final = (":", ".", "/", ">", "]")
REASONS: Final = ("error", "errors", "message")


class Form(Enum):
    """What an answer's body looks like."""

    CSV = "text, as CSV is"
    HEADER_ROWS = "header and rows"
    FIELDS_DATA = "fields and data"
    OTHER = "other"
    FAILURE = "failure"
    EMPTY = "empty"


@dataclass(frozen=True)
class Sheet:
    """A table read from one answer. `kinds` holds the columns' types where the form tells them.

    `counted` is False where blank lines leave the number of rows open, `sure_text` where the text's
    character set had to be guessed.
    """

    form: Form
    header: tuple[str, ...]
    kinds: tuple[str | None, ...]
    rows: tuple[tuple[Json, ...], ...]
    counted: bool = True
    sure_text: bool = True

    def column(self, name: str) -> int | None:
        """Index of the one column labelled with an attribute's name, exactly or after a qualifier."""
        wanted = name.casefold()
        labels = [label.strip().casefold() for label in self.header]
        for fits in (lambda label: label == wanted, lambda label: _ends_with(label, wanted)):
            found = [place for place, label in enumerate(labels) if fits(label)]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    @cached_property
    def registered(self) -> Counter[str] | None:
        """How often each non-empty `registered` id stands in the table; None where no column has it."""
        place = self.column("registered")
        if place is None:
            return None
        ids = (plain(row[place]) for row in self.rows if place < len(row))
        return Counter(one for one in ids if one)

    @cached_property
    def by_registered(self) -> dict[str, tuple[Json, ...]]:
        """The rows of customers whose `registered` id stands in the table once."""
        place, known = self.column("registered"), self.registered
        if place is None or known is None:
            return {}
        full = ((plain(row[place]), row) for row in self.rows if place < len(row))
        return {one: row for one, row in full if one and known[one] == 1}

    @cached_property
    def identities(self) -> Counter[str]:
        """Each customer by `registered`, else by cookies; customers with neither are left out."""
        places = {name: self.column(name) for name in ("registered", "cookie")}
        if set(places.values()) == {None}:
            return Counter(repr([flat(cell) for cell in row]) for row in self.rows)
        return Counter(one for one in (_identity(row, places) for row in self.rows) if one)


def _ends_with(label: str, name: str) -> bool:
    """`id: registered` and `ids.registered` name the identifier; `is registered` and `not_registered` do not."""
    qualifier = label.removesuffix(name).rstrip()
    return label.endswith(name) and qualifier.endswith(QUALIFIERS)


def _identity(row: Sequence[Json], places: Mapping[str, int | None]) -> str | None:
    for name, place in places.items():
        value = flat(row[place]) if place is not None and place < len(row) else ""
        if value:
            return f"{name} {value}"
    return None


def plain(value: Json) -> str:
    """A scalar cell as comparable text; nothing, in any spelling, is the empty string."""
    if value is None or isinstance(value, (list, dict)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return "" if text.casefold() in {"null", "none"} else text


def flat(value: Json) -> str:
    """Any cell as text that does not depend on the order of a list."""
    if isinstance(value, list):
        return ",".join(sorted(flat(one) for one in value))
    if isinstance(value, dict):
        return ",".join(sorted(f"{name}={flat(one)}" for name, one in value.items()))
    text = plain(value)
    return "" if text in {"[]", "{}"} else text


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
    return _from_csv(response.content)


def _from_json(value: Json) -> Sheet | Form:
    if not isinstance(value, dict):
        return Form.OTHER
    for holder in (value, *(one for one in value.values() if isinstance(one, dict))):
        found = _table_in(holder)
        if found is not None:
            return Form.FAILURE if value.get("success") is False else found
    failed = value.get("success") is False or any(name in value for name in REASONS)
    return Form.FAILURE if failed else Form.OTHER


def _table_in(holder: Mapping[str, Json]) -> Sheet | None:
    header = next((holder[name] for name in HEADER_NAMES if _is_header(holder.get(name))), None)
    rows = next((holder[name] for name in ROWS_NAMES if _is_rows(holder.get(name))), None)
    if header is None or rows is None:
        return None
    typed = any(isinstance(one, dict) for one in header)
    return Sheet(
        Form.FIELDS_DATA if typed else Form.HEADER_ROWS,
        tuple(_label(one) for one in header),
        tuple(one.get("type") if isinstance(one, dict) else None for one in header),
        tuple(tuple(row) for row in rows),
    )


def _is_header(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, (str, dict)) for one in value)


def _is_rows(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(one, list) for one in value)


def _label(column: Json) -> str:
    if isinstance(column, str):
        return column
    kind = column.get("type")
    name = column.get("id") if kind == "id" else column.get("property", column.get("id", column.get("category")))
    if isinstance(name, str):
        return name
    return next((str(column[one]) for one in ("name", "label", "title") if one in column), "")


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
