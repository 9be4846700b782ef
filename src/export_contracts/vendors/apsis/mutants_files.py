"""Servers that spoil the file: its format, its coding, its table, one defect each. No other logic."""

from __future__ import annotations

import dataclasses
import gzip
from collections.abc import Sequence

from export_contracts.model import Headers, Json, Request
from export_contracts.reference.population import Person
from export_contracts.reference.server import Answer
from export_contracts.vendors.apsis import reference_profiles as profiles
from export_contracts.vendors.apsis.reference import Apsis
from export_contracts.vendors.apsis.reference_request import Order
from export_contracts.vendors.apsis.reference_sheet import CSV, XLSX, as_csv, as_xlsx


def _asking(request: Request, **headers: str | None) -> Request:
    """The request with headers replaced; None leaves one out."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = [(name, value) for name, value in request.headers if name.lower() not in changed]
    added = [(name, value) for name, value in changed.items() if value is not None]
    return dataclasses.replace(request, headers=Headers.of([*kept, *added]))


def _coded(answer: Answer, body: bytes | None = None, **headers: str) -> Answer:
    changed = {**answer.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return dataclasses.replace(answer, body=answer.body if body is None else body, headers=changed)


class WorkbookByDefault(Apsis):
    """Serves XLSX to whoever does not choose."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        chosen = request.headers.get("accept")
        return super().file(_asking(request, accept=chosen or XLSX), export)


class WorkbookForCsv(Apsis):
    """Serves XLSX to whoever chooses at all."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        return super().file(_asking(request, accept=XLSX) if "accept" in request.headers else request, export)


class IgnoresAccept(Apsis):
    """Serves CSV whatever was asked for."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        return super().file(_asking(request, accept=None), export)


class BareContentType(Apsis):
    """Leaves the parameters of the CSV type out."""

    def content_type(self, media_type: str) -> str:
        return media_type.split(";", maxsplit=1)[0]


class LatinContentType(Apsis):
    """Names another charset."""

    def content_type(self, media_type: str) -> str:
        return media_type.replace("UTF-8", "ISO-8859-1")


class ForgetsHeaderParameter(Apsis):
    """Does not say that there is a header."""

    def content_type(self, media_type: str) -> str:
        return media_type.replace(";header=present", "")


class OctetStream(Apsis):
    """Names no format."""

    def content_type(self, media_type: str) -> str:
        del media_type
        return "application/octet-stream"


class CsvLabelledXlsx(Apsis):
    """Writes CSV under the name of a workbook."""

    def render(self, export: dict[str, Json], media_type: str) -> bytes:
        del media_type
        return super().render(export, CSV)


class IgnoresAcceptEncoding(Apsis):
    """Never compresses."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        return super().file(_asking(request, accept_encoding=None), export)


class GzipWithoutHeader(Apsis):
    """Compresses and does not say so."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        answer = super().file(request, export)
        kept = {name: value for name, value in answer.headers.items() if name != "Content-Encoding"}
        return dataclasses.replace(answer, headers=kept)


class GzipForCsvOnly(Apsis):
    """Never compresses a workbook."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        workbook = request.headers.get("accept") == XLSX
        return super().file(_asking(request, accept_encoding=None) if workbook else request, export)


class AlwaysGzip(Apsis):
    """Compresses whether asked or not."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        return super().file(_asking(request, accept_encoding="gzip"), export)


class SaysGzipOnly(Apsis):
    """Says gzip and sends the file as it is."""

    def compress(self, body: bytes) -> bytes:
        return body


class GzipTwice(Apsis):
    """Compresses what is compressed."""

    def compress(self, body: bytes) -> bytes:
        return gzip.compress(gzip.compress(body, mtime=0), mtime=0)


class CutsGzip(Apsis):
    """Loses the end of the compressed file."""

    def compress(self, body: bytes) -> bytes:
        return super().compress(body)[:-12]


class LatinCsv(Apsis):
    """Writes CSV in ISO-8859-1."""

    def csv(self, header: Sequence[str], rows: Sequence[dict[str, str]], delimiter: str = ",") -> bytes:
        return (super().csv(header, rows, delimiter).decode() + "Ångström\r\n").encode("latin-1", errors="replace")


class RaggedCsv(Apsis):
    """Appends a cell to the last row."""

    def csv(self, header: Sequence[str], rows: Sequence[dict[str, str]], delimiter: str = ",") -> bytes:
        return super().csv(header, rows, delimiter).rstrip() + b",surplus\r\n"


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


class ExportsEverybody(Apsis):
    """Exports profiles whether or not their city is shared."""

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:
        whole = super().rows(order, media_type)
        lonely: Person = self.people.person(0)
        extra = {profiles.KEY: "lonely"} | dict.fromkeys(order.columns, f"Nowhere {lonely.index}")
        return [*whole, extra] if order.filter is None and not order.topics else whole
