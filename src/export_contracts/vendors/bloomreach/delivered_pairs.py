"""Two formats of one export held against one another, in bounded memory: customers are put down on disk in parts.

The rules are those of `checks_comparisons`, put to the customers of one part after another.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from zlib import crc32

from export_contracts.checks.delivered import Named, Totals
from export_contracts.checks.readers import groups, marks
from export_contracts.errors import ExportContractsError
from export_contracts.files.streams import Limits
from export_contracts.model import Evidence, Finding, Json, Kept, Where
from export_contracts.vendors.bloomreach.checks_cells import is_row, other_cells
from export_contracts.vendors.bloomreach.checks_comparisons import other_customers, other_labels, other_width
from export_contracts.vendors.bloomreach.checks_sheet import Form, Sheet, plain
from export_contracts.vendors.bloomreach.delivered_bodies import open_body

PART: Final = 5_000
"""Customers compared at a time, about; more where there are more than MOST_PARTS such parts."""
MOST_PARTS: Final = 512
MOST_ALONE: Final = 100
"""Files among which one of each form is looked for, all others being unsound."""
HELD: Final = 20_000
"""Rows held before they are put down."""
TOLD: Final = 20
UNBOUNDED: Final = 1 << 62
_ENDING: Final = re.compile(
    r"(?:[._-](?:csv|table|table_json|native|native_json))?\.(?:csv|txt|json)(?:\.gz)?$", re.IGNORECASE
)


@dataclass(frozen=True)
class Kin:
    """A file as its remark tells."""

    named: Named
    remark: Mapping[str, Json]

    def __getitem__(self, name: str) -> Json:
        return self.remark[name]

    @property
    def form(self) -> Form:
        """Its form."""
        return Form[self.remark["form"]]

    def at(self, row: int | None = None) -> Where:
        """A line of text, or a row of a document, counted from 1."""
        if row is None or self.form is Form.CSV:
            return Where(file=self.named.name, line=row)
        return Where(file=self.named.name, pointer=f"/{'/'.join(self.remark['path'])}/{row - 1}")

    def sheet(self, rows: Sequence[Sequence[Json]] = ()) -> Sheet:
        """Some of its rows under its header."""
        told = tuple(tuple(row) for row in rows)
        return Sheet(self.form, tuple(self["header"]), tuple(self["kinds"]), told, self["counted"], self["sure"])


def pair_evidence(totals: Totals) -> Iterator[tuple[str, Evidence]]:
    """(check, evidence) for each file that holds an export which an earlier file holds in another format."""
    for first, second in _pairs(totals.remarks):
        at = second.at()
        width = other_width(first.sheet(), second.sheet())
        yield "same_width", Kept(at) if width is None else Finding(at, *width)
        if width is None and {first.form, second.form} == {Form.CSV, Form.HEADER_ROWS}:
            labels = other_labels(first.sheet(), second.sheet())
            yield "same_labels", Kept(at) if labels is None else Finding(at, *labels)
        if first["counted"] and second["counted"] and first["rows"] != second["rows"]:
            yield "same_customers", Finding(at, f"{first['rows']} rows as in {first.named.name}", str(second["rows"]))
        with contextlib.suppress(_Gone):
            yield from _of_rows(first, second, totals)


class _Gone(Exception):
    """A file cannot be read again."""


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Nothing is said of a pair that could not be compared for want of room: the run ends."""
    try:
        yield
    except OSError as error:
        raise ExportContractsError(
            f"The folder {tempfile.gettempdir()} for temporary files cannot be written: {error.strerror or error}.",
            hint="Make room, or name another one by TMPDIR.",
        ) from None


def _again(kin: Kin, totals: Totals) -> BinaryIO:
    try:
        if totals.reopen is not None:
            return totals.reopen(kin.named)
    except (OSError, ExportContractsError):
        pass
    raise _Gone


def _pairs(remarks: Sequence[tuple[Named, Json]]) -> Iterator[tuple[Kin, Kin]]:
    """Files of one export: named alike but for their endings, or one of each form and nothing else."""
    few = [one for one in itertools.starmap(Kin, remarks) if one["sound"]] if len(remarks) <= MOST_ALONE else []
    if few and len({one.form for one in few}) == len(few):
        yield from ((few[0], other) for other in few[1:])
        return
    for places in groups(marks(_ENDING.sub("", named.name) for named, _ in remarks)):
        group = [one for one in (Kin(*remarks[place]) for place in places) if one["sound"]]
        yield from ((group[0], other) for other in group[1:] if other.form is not group[0].form)


def _of_rows(first: Kin, second: Kin, totals: Totals) -> Iterator[tuple[str, Evidence]]:
    parts = min(MOST_PARTS, 1 + max(first["rows"], second["rows"]) // PART)
    at, same, cells = second.at(), True, 0
    named = first.sheet().column("registered") is not None and second.sheet().column("registered") is not None
    compared = False
    with _explained(), tempfile.TemporaryDirectory(prefix="export-contracts-") as folder:
        for kin, name in ((first, "first"), (second, "second")):
            _put_down(kin, totals, Path(folder, name), parts)
        for number in range(parts):
            one, other = (
                kin.sheet(_read(Path(folder, name), number)) for kin, name in ((first, "first"), (second, "second"))
            )
            yield from _of_names(first, second, one, other)
            differing = other_customers(one, other) if named else None
            if differing is not None and same:
                same = False
                yield "same_customers", Finding(at, *differing)
            for text in itertools.islice(other_cells(one, other), TOLD - cells) if _sure(first, second) else ():
                cells += 1
                yield "same_cells", Finding(at, *text)
            compared = compared or bool(one.by_registered.keys() & other.by_registered.keys())
    if same and first["rows"] == second["rows"]:
        yield "same_customers", Kept(at)
    if compared and not cells and _sure(first, second):
        yield "same_cells", Kept(at)


def _sure(first: Kin, second: Kin) -> bool:
    return bool(first["sure"] and second["sure"])


def _of_names(first: Kin, second: Kin, one: Sheet, other: Sheet) -> Iterator[tuple[str, Evidence]]:
    for kin, text, rows in ((first, one, other), (second, other, one)):
        if kin.form is Form.CSV and any(is_row(text.header, row) for row in rows.rows):
            yield "names_first", Finding(kin.at(1), "a row of column names first", ", ".join(text.header)[:120])


def _put_down(kin: Kin, totals: Totals, folder: Path, parts: int) -> None:
    """Write each row into the part of its customer; those without a `registered` id are only counted."""
    folder.mkdir()
    place = kin.sheet().column("registered")
    held: defaultdict[int, list[str]] = defaultdict(list)
    count = 0
    with _again(kin, totals) as file:
        for _, rows, _ in open_body(kin.named, file, Limits(total=UNBOUNDED)).rows():
            for row in rows:
                who = plain(row[place]) if place is not None and place < len(row) else ""
                if who:
                    held[crc32(who.encode("utf-8", "surrogatepass")) % parts].append(json.dumps(row))
                    count += 1
            if count >= HELD:
                _flush(folder, held)
                count = 0
    _flush(folder, held)


def _flush(folder: Path, held: defaultdict[int, list[str]]) -> None:
    for number, lines in held.items():
        with (folder / str(number)).open("a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
    held.clear()


def _read(folder: Path, number: int) -> list[list[Json]]:
    path = folder / str(number)
    if not path.is_file():
        return []
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
