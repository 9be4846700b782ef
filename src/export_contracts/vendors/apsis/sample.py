"""Synthetic exports as APSIS One streams them: CSV, the same in gzip, and a workbook. Some rows spoilt on purpose.

Written in parts, whatever the size; a workbook stands beside the others only up to `MOST_SHEET` profiles, for sheets
end at about a million rows. Nothing is put anywhere here.
"""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from export_contracts.reference.population import Person, Population
from export_contracts.reference.striking import Striking
from export_contracts.vendors.apsis.reference_editions import SHEETS
from export_contracts.vendors.apsis.reference_profiles import KEY, attribute, export_key
from export_contracts.vendors.apsis.reference_sheet import as_xlsx

NOW: Final = 1_790_000_000
MOST_SHEET: Final = 50_000
PART: Final = 2_000
COLUMNS: Final = ("City", "FirstName", "Email", "BirthDate", "Points")
HEADER: Final = (KEY, *COLUMNS)
KINDS: Final = {
    "ragged": "a row of the CSV file has a cell too many",
    "utf8": "a cell of the CSV file holds a byte that is not UTF-8",
    "blank-key": "a profile has no export key",
    "header-again": "the header stands among the rows",
    "other-cell": "a cell of the workbook differs",
    "no-header": "the CSV file has no header",
    "cut-gzip": "the compressed file breaks off",
    "cut-workbook": "the workbook breaks off",
    "wrong-name": "the workbook's name says CSV",
}
OF_FILES: Final = frozenset({"no-header", "cut-gzip", "cut-workbook", "wrong-name"})


def files(
    users: int, seed: int, defects: Sequence[Striking], as_of: str | None
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each file as (name, parts), in the formats of the month `as_of`; the same seed gives the same bytes."""
    struck = {one.kind for one in defects if one.kind in OF_FILES and one.strikes(seed, 0)}
    yield "export.csv", _csv(users, seed, defects, struck)
    yield "export.csv.gz", _gzip(_csv(users, seed, defects, struck), cut="cut-gzip" in struck)
    if users <= MOST_SHEET and (as_of is None or as_of >= SHEETS):
        body = as_xlsx(HEADER, list(_rows(users, seed, defects, sheet=True)))
        name = "workbook.csv" if "wrong-name" in struck else "export.xlsx"
        yield name, iter((body[:-200] if "cut-workbook" in struck else body,))


def _rows(users: int, seed: int, defects: Sequence[Striking], *, sheet: bool) -> Iterator[dict[str, str]]:
    for number, person in enumerate(Population(seed, users, NOW).people()):
        row = _row(person)
        for one in defects:
            if one.kind in OF_FILES or not one.strikes(seed, number):
                continue
            if one.kind == "blank-key":
                row[KEY] = ""
            elif one.kind == "header-again":
                yield dict(zip(HEADER, HEADER, strict=True))
            elif one.kind == "other-cell" and sheet:
                row["City"] += " (else)"
            elif one.kind in {"ragged", "utf8"} and not sheet:
                row["Points"] += _MARKS[one.kind]
        yield row


def _row(person: Person) -> dict[str, str]:
    return {KEY: export_key(person), **{name: attribute(person, name) for name in COLUMNS}}


_MARKS: Final = {"ragged": "\ue000", "utf8": "\ue001"}
"""Characters of private use, which bytes that no text can hold replace."""
_SPOILT: Final = {"ragged": b",surplus", "utf8": b"\xff"}


def _csv(users: int, seed: int, defects: Sequence[Striking], struck: set[str]) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if "no-header" not in struck:
        writer.writerow(HEADER)
    for number, row in enumerate(_rows(users, seed, defects, sheet=False), start=1):
        writer.writerow([row[name] for name in HEADER])
        if number % PART == 0:
            yield _encoded(out)
    yield _encoded(out)


def _encoded(out: io.StringIO) -> bytes:
    body = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    for kind, mark in _MARKS.items():
        body = body.replace(mark.encode(), _SPOILT[kind])
    return body


def _gzip(parts: Iterator[bytes], *, cut: bool) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for part in parts:
        yield packer.compress(part)
    yield packer.flush()[: -20 if cut else None]
