"""Servers that spoil what stands in a file, one defect each. No other logic."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from export_contracts.model import Json
from export_contracts.reference.population import Person
from export_contracts.vendors.apsis import reference_profiles as profiles
from export_contracts.vendors.apsis.reference_request import Order
from export_contracts.vendors.apsis.reference_service import Apsis
from export_contracts.vendors.apsis.reference_sheet import CSV, XLSX, as_csv, as_xlsx


class LatinCsv(Apsis):
    """Writes CSV in ISO-8859-1."""

    def csv(self, header: Sequence[str], rows: Sequence[dict[str, str]], delimiter: str = ",") -> bytes:
        return (super().csv(header, rows, delimiter).decode() + "Ångström\r\n").encode("latin-1", errors="replace")


class RaggedCsv(Apsis):
    """Appends a cell to the last row."""

    def csv(self, header: Sequence[str], rows: Sequence[dict[str, str]], delimiter: str = ",") -> bytes:
        return super().csv(header, rows, delimiter).rstrip() + b",surplus\r\n"


class CsvWithoutHeader(Apsis):
    """Begins a CSV file with the first profile."""

    def csv(self, header: Sequence[str], rows: Sequence[dict[str, str]], delimiter: str = ",") -> bytes:
        whole = super().csv(header, rows, delimiter)
        return whole.split(b"\r\n", 1)[1] if rows else whole


class HeaderAgain(Apsis):
    """Writes the header a second time, beneath the first profile."""

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:
        whole = super().rows(order, media_type)
        return [*whole[:1], {name: name for name in self.header(order)}, *whole[1:]]


class EmptyFile(Apsis):
    """Sends no bytes."""

    def render(self, export: dict[str, Json], media_type: str) -> bytes:
        del export, media_type
        return b""


class DamagedWorkbook(Apsis):
    """Loses the end of the workbook."""

    def render(self, export: dict[str, Json], media_type: str) -> bytes:
        whole = super().render(export, media_type)
        return whole[: len(whole) // 2] if media_type == XLSX else whole


class ZipWithoutWorkbook(Apsis):
    """Sends a zip archive that is no workbook."""

    def render(self, export: dict[str, Json], media_type: str) -> bytes:
        whole = super().render(export, media_type)
        return whole.replace(b"xl/workbook.xml", b"xl/wurkbook.xml") if media_type == XLSX else whole


class NoKeyColumn(Apsis):
    """Leaves the export key out."""

    def header(self, order: Order) -> list[str]:
        return super().header(order)[1:]


class DropsLastColumn(Apsis):
    """Forgets the column asked for last."""

    def header(self, order: Order) -> list[str]:
        whole = super().header(order)
        return whole[:-1] if len(whole) > 1 else whole


class RenamesColumns(Apsis):
    """Numbers the columns instead of naming them as asked."""

    def csv(self, header: Sequence[str], rows: Sequence[dict[str, str]], delimiter: str = ",") -> bytes:
        renamed = [dict(zip(_numbered(header), row.values(), strict=False)) for row in rows]
        return as_csv(_numbered(header), renamed, delimiter)

    def xlsx(self, header: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
        return as_xlsx(_numbered(header), [dict(zip(_numbered(header), row.values(), strict=False)) for row in rows])


def _numbered(header: Sequence[str]) -> list[str]:
    return [name if place == 0 else f"column {place}" for place, name in enumerate(header)]


class ShrinksOnRepeat(Apsis):
    """Loses a row with each download of the CSV after the first."""

    def render(self, export: dict[str, Json], media_type: str) -> bytes:
        whole = super().render(export, media_type)
        if media_type == XLSX:
            return whole
        lines = whole.splitlines(keepends=True)
        export["served"] = export.get("served", 0) + 1
        return b"".join(lines[: max(1, len(lines) - export["served"] + 1)])


class WorkbookLacksRow(Apsis):
    """Leaves the last row out of the workbook."""

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:
        whole = super().rows(order, media_type)
        return whole[:-1] if media_type == XLSX else whole


class WorkbookDiffers(Apsis):
    """Writes the rows of the workbook with their first names in capitals."""

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:
        whole = super().rows(order, media_type)
        if media_type != XLSX:
            return whole
        return [{name: one.upper() if name == "First name" else one for name, one in row.items()} for row in whole]


class IgnoresFilter(Apsis):
    """Exports everybody, whatever the filter says."""

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:
        return super().rows(dataclasses.replace(order, filter=None), media_type)


class LosesLastRow(Apsis):
    """Forgets the last profile where a segment is negated."""

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:
        whole = super().rows(order, media_type)
        return whole[:-1] if order.filter == "!(wanted)" else whole


class ForgetsNot(Apsis):
    """Takes `!(a)` for `a`."""

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:
        text = None if order.filter is None else order.filter.replace("!", "")
        return super().rows(dataclasses.replace(order, filter=text), media_type)


class AndIsOr(Apsis):
    """Takes `a & b` for `a | b`."""

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:
        text = None if order.filter is None else order.filter.replace("&", "|")
        return super().rows(dataclasses.replace(order, filter=text), media_type)


class NarrowAddsStrangers(Apsis):
    """Adds profiles that share nothing to an export narrowed by topics."""

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:
        whole = super().rows(order, media_type)
        return [*whole, dict.fromkeys(self.header(order), "stranger")] if order.topics else whole


class TopicsForSegments(Apsis):
    """Forgets the segments of an order that has topics too."""

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:
        both = order.topics and order.filter is not None
        return super().rows(dataclasses.replace(order, segments={}, filter=None) if both else order, media_type)


class ExportsEverybody(Apsis):
    """Exports profiles whether or not their city is shared."""

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:
        whole = super().rows(order, media_type)
        lonely: Person = self.people.person(0)
        extra = {profiles.KEY: "lonely"} | dict.fromkeys(order.columns, f"Nowhere {lonely.index}")
        return [*whole, extra] if order.filter is None and not order.topics else whole
