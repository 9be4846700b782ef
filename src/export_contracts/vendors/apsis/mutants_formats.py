"""Servers that spoil how a file is served: its format and its coding, one defect each. No other logic."""

from __future__ import annotations

import dataclasses
import gzip

from export_contracts.model import Headers, Json, Request
from export_contracts.reference.server import Answer
from export_contracts.vendors.apsis.reference_service import Apsis
from export_contracts.vendors.apsis.reference_sheet import CSV, XLSX


def _asking(request: Request, **headers: str | None) -> Request:
    """The request with headers replaced; None leaves one out."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = [(name, value) for name, value in request.headers if name.lower() not in changed]
    added = [(name, value) for name, value in changed.items() if value is not None]
    return dataclasses.replace(request, headers=Headers.of([*kept, *added]))


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
