"""Servers that spoil the life of a poll URL, one defect each. No other logic."""

from __future__ import annotations

from export_contracts.model import Json, Request
from export_contracts.reference.server import Answer
from export_contracts.vendors.apsis.reference_request import Refused
from export_contracts.vendors.apsis.reference_service import Apsis
from export_contracts.vendors.apsis.reference_sheet import XLSX


class IdInsteadOfUrl(Apsis):
    """Hands out an identifier and leaves the URL to the client."""

    def start(self, request: Request) -> Answer:
        super().start(request)
        return Answer(202, b'{"id": "7f3c"}', {"Content-Type": "application/json"})


class OnePollUrl(Apsis):
    """Hands out one poll URL, which gives the export that was ordered last."""

    def poll_url(self, name: str) -> str:
        exports = self.state["exports"]
        exports["the-one"] = exports[name]
        return super().poll_url("the-one")


class RedirectsToFile(Apsis):
    """Sends to another place instead of streaming the file."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        del request, export
        return Answer(302, b"", {"Location": "/elsewhere"})


class RefusesWorkbook(Apsis):
    """Knows CSV only."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        if request.headers.get("accept") == XLSX:
            raise Refused(406, "Not Acceptable", "There is CSV only.")
        return super().file(request, export)


class GoneWhileRunning(Apsis):
    """Says 410 while the file is being made."""

    def running(self, export: dict[str, Json]) -> Answer:
        raise self.gone(export)


class GivesFileOnce(Apsis):
    """Forgets the file once it was fetched."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        if export.get("fetched"):
            raise self.unknown()
        export["fetched"] = True
        return super().file(request, export)


class WorkbookForAnHour(Apsis):
    """Drops the workbook after an hour and keeps the CSV."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        if request.headers.get("accept") == XLSX and self.now > export["ready"] + 3_600:
            raise self.unknown()
        return super().file(request, export)


class ValidHalfADay(Apsis):
    """Drops the file after twelve hours."""

    def is_over(self, export: dict[str, Json]) -> bool:
        return bool(self.now >= export["ordered"] + 43_200)


class NeverExpires(Apsis):
    """Keeps the file for ever."""

    def is_over(self, export: dict[str, Json]) -> bool:
        del export
        return False


class LaterFormSaysNotFound(Apsis):
    """Keeps 404 for "in progress" in the later form of the URL."""

    def running_later(self) -> Answer:
        raise self.unknown()


class LaterFormForgets(Apsis):
    """Says 404 for "gone" in the later form of the URL."""

    def gone_later(self) -> Refused:
        return self.unknown()


class NeverReady(Apsis):
    """Is in progress to the end."""

    def is_ready(self, export: dict[str, Json]) -> bool:
        del export
        return False


class FileForAnybody(Apsis):
    """Asks nobody for a token at the poll URL."""

    def authorise_look(self, request: Request) -> None:
        del request


class PromisesUnknown(Apsis):
    """Says that an export nobody ordered is on its way."""

    def unknown(self) -> Refused:
        return Refused(202, "Accepted", "The export is in progress.")


class BreaksDownWhileRunning(Apsis):
    """Answers every look at an unfinished export with an error of its own."""

    def running(self, export: dict[str, Json]) -> Answer:
        del export
        raise Refused(503, "Service Unavailable", "The export is in progress.")


class CallsUnknownMalformed(Apsis):
    """Calls an identifier that was never given a malformed one."""

    def unknown(self) -> Refused:
        return Refused(400, "Bad Request", "There is no such export.")


class ForbidsOnceGone(Apsis):
    """Forbids what has gone."""

    def gone(self, export: dict[str, Json]) -> Refused:
        del export
        return Refused(403, "Forbidden", "The export is no longer available.")


class RefusesAfterThree(Apsis):
    """Refuses a file that was fetched three times to the token that fetched it."""

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        export["served"] = export.get("served", 0) + 1
        if export["served"] > 3 and request.headers.get("accept-encoding"):
            raise Refused(401, "Unauthorized", "A valid bearer token is needed.")
        return super().file(request, export)
