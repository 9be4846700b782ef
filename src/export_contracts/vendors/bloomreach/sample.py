"""Synthetic exports as saved bodies of Bloomreach: csv, table_json and native_json of one project. Some spoilt.

Written in parts, whatever the size. Nothing is put anywhere here.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Final

from export_contracts.model import Json
from export_contracts.reference.population import Population
from export_contracts.reference.striking import Striking
from export_contracts.vendors.bloomreach.reference_customers import IDS, PROPERTIES, Customer

NOW: Final = 1_790_000_000
PART: Final = 2_000
HEADER: Final = (*IDS, *PROPERTIES)
KINDS: Final = {
    "ragged": "a row of table_json has a cell too many",
    "nan": "a cell of table_json is NaN",
    "duplicate": "a customer comes again at once",
    "other-text": "a text of the CSV file differs",
    "lost": "a customer is missing in the CSV file",
    "cut": "table_json breaks off",
    "failure": "native_json tells of failure",
    "no-header": "the CSV file has no header",
}
OF_FILES: Final = frozenset({"cut", "failure", "no-header"})
Rows = Iterator[list[Json]]


def files(
    users: int,
    seed: int,
    defects: Sequence[Striking],
    as_of: str | None,  # noqa: ARG001 - a sampler's signature
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each file as (name, parts); the same seed gives the same bytes. No month is known to have had other ones."""
    struck = {one.kind for one in defects if one.kind in OF_FILES and one.strikes(seed, 0)}
    table = _document({"header": list(HEADER)}, "rows", _rows(users, seed, defects, "table"))
    typed = [{"type": "id", "id": one} for one in IDS] + [{"type": "property", "property": one} for one in PROPERTIES]
    native = _document({"success": True, "fields": typed}, "data", _rows(users, seed, defects, "native"))
    yield "customers.csv", _csv(_rows(users, seed, defects, "csv"), named="no-header" not in struck)
    yield "customers.table_json.json", _shortened(table) if "cut" in struck else table
    failure = iter((b'{"success": false, "errors": ["no permission"]}',))
    yield "customers.native_json.json", failure if "failure" in struck else native


def _rows(users: int, seed: int, defects: Sequence[Striking], form: str) -> Rows:
    for number, person in enumerate(Population(seed, users, NOW).people()):
        customer = Customer(person)
        row = [*(customer.ids[name] for name in IDS), *map(customer.properties.get, PROPERTIES)]
        struck = {one.kind for one in defects if one.kind not in OF_FILES and one.strikes(seed, number)}
        if "duplicate" in struck and not person.anonymous:
            yield row
        if form == "csv" and "other-text" in struck:
            row[len(IDS)] = f"{row[len(IDS)]} (else)"
        if form == "table":
            row += ["surplus"] if "ragged" in struck else []
            row[-1] = float("nan") if "nan" in struck else row[-1]
        if form != "csv" or "lost" not in struck:
            yield row


def _csv(rows: Rows, *, named: bool) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    if named:
        writer.writerow(HEADER)
    for number, row in enumerate(rows, start=1):
        writer.writerow([_text(one) for one in row])
        if number % PART == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _text(cell: Json) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)


def _document(head: dict[str, Json], name: str, rows: Rows) -> Iterator[bytes]:
    """A document whose rows come one after another, and last."""
    yield json.dumps(head)[:-1].encode() + f', "{name}": ['.encode()
    between = ""
    held: list[str] = []
    for row in rows:
        held.append(json.dumps(row, ensure_ascii=False))
        if len(held) == PART:
            yield (between + ", ".join(held)).encode()
            between, held = ", ", []
    yield ((between if held else "") + ", ".join(held)).encode()
    yield b"]}" if "success" in head else b'], "success": true}'


def _shortened(parts: Iterator[bytes]) -> Iterator[bytes]:
    """All but the last part."""
    last = next(parts)
    for part in parts:
        yield last
        last = part
