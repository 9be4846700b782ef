"""Servers with one defect each, and clients with one bad habit: what the clauses must catch."""

from __future__ import annotations

from collections.abc import Sequence

from export_contracts.model import Json
from export_contracts.reference.server import Answer
from export_contracts.vendors.bloomreach.reference import Bloomreach
from export_contracts.vendors.bloomreach.reference_request import Column


class AlwaysJson(Bloomreach):
    """Ignores the format: every export is a JSON table."""

    def written(self, form: str, columns: Sequence[Column], rows: list[list[Json]]) -> Answer:
        """JSON for csv too."""
        return super().written("table_json" if form == "csv" else form, columns, rows)


class AlwaysCsv(Bloomreach):
    """Ignores the format: every export is CSV."""

    def written(self, form: str, columns: Sequence[Column], rows: list[list[Json]]) -> Answer:
        """CSV for table_json too."""
        return super().written("csv" if form == "table_json" else form, columns, rows)


class DropsEmptyCells(Bloomreach):
    """Leaves out a cell that holds nothing."""

    def written(self, form: str, columns: Sequence[Column], rows: list[list[Json]]) -> Answer:
        """Rows without their nulls."""
        return super().written(form, columns, [[cell for cell in row if cell is not None] for row in rows])
