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
from export_contracts.files.json_pieces import read_pieces, value_of
from export_contracts.files.problem import Problem
from export_contracts.files.row_batches import Shape, csv_batches
from export_contracts.files.strangers import stranger
from export_contracts.files.streams import GZIP_MAGIC, Limits, open_stream
from export_contracts.model import Json
from export_contracts.vendors.bloomreach.checks_sheet import Form, Sheet
from export_contracts.vendors.bloomreach.delivered_documents import read_document

Text = Literal["csv", "json"]
STEP: Final = 256 * 1024
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


def _is_json(body: Body) -> bool:
    """Read it as a JSON document; False where its name says CSV and it is none."""
    found = read_document(_parts(body.file, body.named, body.limits))
    if found.problems and text_by_name(body.named) == "csv":
        return False
    body.form, body.sheet, body.rows_path, body.header_pointer = found.form, found.sheet, found.rows_path, found.header
    body.failure, body.success = found.failure, found.success
    body.problems += found.problems
    return True


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
        yield from _as_utf8(iter(partial(file.read, STEP), b""))
    else:
        yield from iter(partial(file.read, STEP), b"")


def _as_utf8(utf16: Iterator[bytes]) -> Parts:
    """The same text; what breaks off within a character was cut."""
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    yield from (decoder.decode(one).encode() for one in utf16)
    if decoder.decode(b"", final=True):
        yield Problem("truncated", "the UTF-16 text ends within a character")


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
            if quoting is not DIALECTS[0] and "ragged" in shape.codes:
                break  # Another way of quoting is only of use where it is even throughout.
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
