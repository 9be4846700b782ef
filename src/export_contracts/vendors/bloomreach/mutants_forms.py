"""Servers that take values they cannot read, or write a table in a form that nobody expects: one defect each."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Sequence
from typing import Any, Final

from export_contracts.model import Json
from export_contracts.reference.server import Answer
from export_contracts.vendors.bloomreach.reference_request import FORMATS, Ask, Column
from export_contracts.vendors.bloomreach.reference_service import Bloomreach

Rows = list[list[Json]]
TYPES: Final[dict[str, type | tuple[type, ...]]] = {
    "format": str,
    "attributes": dict,
    "filter": dict,
    "execution_time": (int, float),
    "timezone": str,
}


class TakesAnyFormat(Bloomreach):
    """Falls back on JSON for a format that it does not know."""

    def read_format(self, body: dict[str, Any]) -> str:
        form = body.get("format")
        unknown = isinstance(form, str) and form not in FORMATS
        return super().read_format({**body, "format": "table_json"} if unknown else body)


class TakesAnyAttributes(Bloomreach):
    """Falls back on everything for a type of attributes that it does not know."""

    def read_body(self, body: bytes) -> dict[str, Any]:
        read = super().read_body(body)
        return _without_unknown_type(read, "attributes", ("some", "properties_and_ids"))


class TakesAnyFilter(Bloomreach):
    """Falls back on everybody for a type of filter that it does not know."""

    def read_body(self, body: bytes) -> dict[str, Any]:
        return _without_unknown_type(super().read_body(body), "filter", ("segment", "all"))


def _without_unknown_type(body: dict[str, Any], name: str, known: tuple[str, ...]) -> dict[str, Any]:
    given = body.get(name)
    kind = given.get("type") if isinstance(given, dict) else None
    unknown = isinstance(kind, str) and kind not in known
    return {member: value for member, value in body.items() if member != name or not unknown}


class DropsUnreadableMembers(Bloomreach):
    """Passes over members of the wrong type."""

    def read_body(self, body: bytes) -> dict[str, Any]:
        read = super().read_body(body)
        kept = {name: value for name, value in read.items() if isinstance(value, TYPES.get(name, object))}
        return {"format": "csv", **kept} if "format" in read else kept


class CsvLosesLetters(Bloomreach):
    """Writes CSV in a character set that lacks most letters."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        answer = super().written(form, columns, rows)
        if form != "csv":
            return answer
        return dataclasses.replace(answer, body=answer.body.decode().encode("latin-1", "replace"))


class CsvLabelledJson(Bloomreach):
    """Calls CSV JSON."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        answer = super().written(form, columns, rows)
        headers = {**answer.headers, "Content-Type": "application/json"}
        return dataclasses.replace(answer, headers=headers)


class CsvWithSemicolons(Bloomreach):
    """Separates columns by semicolons."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        answer = super().written(form, columns, rows)
        if form != "csv":
            return answer
        out = io.StringIO(newline="")
        table = csv.reader(answer.body.decode().splitlines(keepends=True))
        csv.writer(out, delimiter=";", lineterminator="\n").writerows(table)
        return dataclasses.replace(answer, body=out.getvalue().encode())


class CsvWithoutQuotes(Bloomreach):
    """Ends each line of CSV with text that should stand in quotes and does not."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        answer = super().written(form, columns, rows)
        if form != "csv":
            return answer
        header, *lines = answer.body.decode().splitlines()
        spoilt = [header, *[line.rpartition(",")[0] + ',"so" called, once' for line in lines]]
        return dataclasses.replace(answer, body="\n".join(spoilt).encode())


class SegmentsInAFormOfTheirOwn(Bloomreach):
    """Calls the rows of a segment by another name."""

    def export(self, ask: Ask) -> Answer:
        answer = super().export(ask)
        if ask.segment is None or ask.format != "table_json":
            return answer
        return dataclasses.replace(answer, body=answer.body.replace(b'"rows"', b'"customers"'))


class OneNameForAll(Bloomreach):
    """Gives every column the same name."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        return super().written(form, [Column("property", "value") for _ in columns], rows)


class CsvAsJsonLines(Bloomreach):
    """Writes a JSON array a line where CSV was asked for."""

    def written(self, form: str, columns: Sequence[Column], rows: list[list[Json]]) -> Answer:
        """Rows without a row of names."""
        answer = super().written(form, columns, rows)
        if form != "csv":
            return answer
        return dataclasses.replace(answer, body="\n".join(json.dumps(one) for one in rows).encode())
