"""Servers that get columns, cells or formats wrong: one defect each."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from export_contracts.model import Json
from export_contracts.reference.server import Answer
from export_contracts.vendors.bloomreach.reference_customers import Customer
from export_contracts.vendors.bloomreach.reference_request import Ask, Column
from export_contracts.vendors.bloomreach.reference_service import Bloomreach

Rows = list[list[Json]]
WIDE = 9
"""More columns than a scenario lists: an export of everything."""


class AlwaysJson(Bloomreach):
    """Ignores the format: every export is a JSON table."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        """JSON for csv too."""
        return super().written("table_json" if form == "csv" else form, columns, rows)


class AlwaysCsv(Bloomreach):
    """Ignores the format: every export is CSV."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        """CSV for table_json too."""
        return super().written("csv" if form == "table_json" else form, columns, rows)


class DropsEmptyCells(Bloomreach):
    """Leaves out a cell that holds nothing."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        """Rows of everything without their nulls at the end."""
        wide = len(columns) > WIDE
        return super().written(form, columns, [row[:-1] if wide and row[-1] is None else row for row in rows])


class IgnoresTheList(Bloomreach):
    """Exports everything whatever the list says; the listed columns come first."""

    def columns(self, ask: Ask) -> tuple[Column, ...]:
        """The list, and then all the rest."""
        listed = super().columns(ask)
        rest = super().columns(dataclasses.replace(ask, columns=None))
        return (*listed, *(one for one in rest if one not in listed))


class AddsAColumn(Bloomreach):
    """Adds an identifier that nobody listed."""

    def columns(self, ask: Ask) -> tuple[Column, ...]:
        """The list, and one more."""
        listed = super().columns(ask)
        return listed if ask.columns is None else (*listed, Column("property", "internal_number"))


class AddsIdsToProperties(Bloomreach):
    """Puts the registered id before listed properties."""

    def columns(self, ask: Ask) -> tuple[Column, ...]:
        """With an id, even where a list has none."""
        columns = super().columns(ask)
        return columns if any(one.kind == "id" for one in columns) else (Column("id", "registered"), *columns)


class OwnOrder(Bloomreach):
    """Orders listed columns as it pleases."""

    def columns(self, ask: Ask) -> tuple[Column, ...]:
        """By name."""
        columns = super().columns(ask)
        return columns if ask.columns is None else tuple(sorted(columns, key=lambda one: one.name))


class CellsInOwnOrder(Bloomreach):
    """Orders the header by the list, and the cells beneath as it pleases."""

    def export(self, ask: Ask) -> Answer:
        """Cells by the names of their columns."""
        if ask.columns is None:
            return super().export(ask)
        ordered = sorted(ask.columns, key=lambda one: one.name)
        rows = [[self.cell(one, column) for column in ordered] for one in self.chosen(ask)]
        return self.written(ask.format, ask.columns, rows)


class IdsLast(Bloomreach):
    """Puts identifiers after properties."""

    def columns(self, ask: Ask) -> tuple[Column, ...]:
        """Properties first."""
        columns = super().columns(ask)
        return columns if ask.columns is not None else tuple(sorted(columns, key=lambda one: one.kind == "id"))


class Alphabetical(Bloomreach):
    """Puts columns in the order of their names."""

    def columns(self, ask: Ask) -> tuple[Column, ...]:
        """By name, whatever the kind."""
        columns = super().columns(ask)
        return columns if ask.columns is not None else tuple(sorted(columns, key=lambda one: one.name))


class NoCookies(Bloomreach):
    """Leaves out the soft identifier unless it is listed."""

    def columns(self, ask: Ask) -> tuple[Column, ...]:
        """Everything but cookies."""
        columns = super().columns(ask)
        return columns if ask.columns is not None else tuple(one for one in columns if one.name != "cookie")


class NoProperties(Bloomreach):
    """Leaves out properties unless they are listed."""

    def columns(self, ask: Ask) -> tuple[Column, ...]:
        """Identifiers alone."""
        columns = super().columns(ask)
        return columns if ask.columns is not None else tuple(one for one in columns if one.kind == "id")


class ShoutsWhenListed(Bloomreach):
    """Writes text in capitals where attributes are listed."""

    def export(self, ask: Ask) -> Answer:
        """Properties in capitals."""
        if ask.columns is None:
            return super().export(ask)
        rows = [[self._loud(one, column) for column in ask.columns] for one in self.chosen(ask)]
        return self.written(ask.format, ask.columns, rows)

    def _loud(self, customer: Customer, column: Column) -> Json:
        value = self.cell(customer, column)
        return value.upper() if isinstance(value, str) and column.kind == "property" else value


class CsvLacksAColumn(Bloomreach):
    """Leaves the last column out of CSV."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        """CSV that is one column short."""
        wide = len(columns) > WIDE and form == "csv"
        return super().written(form, columns[:-1] if wide else columns, [row[:-1] if wide else row for row in rows])


class CsvRenamesColumns(Bloomreach):
    """Writes names of its own over the columns of CSV."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        """Properties with a remark."""
        if form == "csv":
            columns = [one if one.kind == "id" else Column("property", f"{one.name} (text)") for one in columns]
        return super().written(form, columns, rows)


class CsvCutsText(Bloomreach):
    """Cuts long text in CSV."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        """CSV whose addresses end early."""
        if form == "csv":
            rows = [
                [cell[:12] if isinstance(cell, str) and column.name == "email" else cell for cell, column in pairs]
                for pairs in (list(zip(row, columns, strict=True)) for row in rows)
            ]
        return super().written(form, columns, rows)


class CsvInSmallLetters(Bloomreach):
    """Writes text in small letters in CSV, but for ids."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        """CSV that has forgotten what was written large."""
        if form == "csv":
            rows = [
                [cell.lower() if isinstance(cell, str) and column.kind != "id" else cell for cell, column in pairs]
                for pairs in (list(zip(row, columns, strict=True)) for row in rows)
            ]
        return super().written(form, columns, rows)


class CsvCountsOtherwise(Bloomreach):
    """Writes other numbers in CSV."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        """CSV whose numbers are ten times as large."""
        if form == "csv":
            rows = [[cell * 10 if type(cell) in {int, float} else cell for cell in row] for row in rows]
        return super().written(form, columns, rows)


class CsvWithoutNames(Bloomreach):
    """Leaves out the row of column names."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        """CSV that begins with a customer."""
        answer = super().written(form, columns, rows)
        if form != "csv":
            return answer
        return dataclasses.replace(answer, body=answer.body.split(b"\n", 1)[1])


class CsvOfTheKnown(Bloomreach):
    """Leaves customers without a registered id out of CSV."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        """CSV without anonymous customers."""
        place = next((place for place, one in enumerate(columns) if one.name == "registered"), None)
        if form == "csv" and place is not None:
            rows = [row for row in rows if row[place] is not None]
        return super().written(form, columns, rows)


class FailsUnder200(Bloomreach):
    """Tells of a missing permission under status 200 when asked for CSV."""

    def written(self, form: str, columns: Sequence[Column], rows: Rows) -> Answer:
        """A failure in the body alone."""
        answer = super().written(form, columns, rows)
        body = {"success": False, "error": "no permission"}
        return answer if form != "csv" else dataclasses.replace(answer, body=json.dumps(body).encode())
