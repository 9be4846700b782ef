"""APSIS One's duplicate profile export as a strict server: token, order, poll URL, file. Routing and life cycle only.

Strict reading: 404 while the file is made, 200 with the file for a day from the order on, then 410; an identifier
that was never given is 404. What is legal but inconvenient stands in `reference_awkward`.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
import uuid
from collections.abc import Sequence
from typing import Final

from export_contracts.model import Json, Request, Unreadable
from export_contracts.reference.population import Population
from export_contracts.reference.server import Answer, Reference
from export_contracts.reference.world import World
from export_contracts.vendors.apsis import reference_account as accounts
from export_contracts.vendors.apsis import reference_awkward as awkward
from export_contracts.vendors.apsis import reference_profiles as profiles
from export_contracts.vendors.apsis.reference_facts import facts
from export_contracts.vendors.apsis.reference_negotiation import takes_gzip, wanted_type
from export_contracts.vendors.apsis.reference_request import LARGEST_BODY, Order, Refused, read
from export_contracts.vendors.apsis.reference_sheet import CSV, XLSX, as_csv, as_xlsx

ANCHOR: Final = 1_767_225_600
VALID: Final = 86_400
MAKING: Final = 90.0
"""Seconds until a file is ready."""

_ROUTES: Final = (
    ("createToken", "POST", re.compile(r"/oauth/token/?$")),
    ("requestDuplicatesExport", "POST", re.compile(r"/audience/profiles/reports/duplicates/?$")),
    ("downloadExport", "GET", re.compile(r"/audience/profiles/reports/files/([^/]+)$")),
)


class Apsis(Reference):
    """The server. Each step that a mutant may spoil is a method of its own."""

    slug = "apsis"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.account = accounts.credentials(world.seed)
        self.people = Population(world.seed, world.users, ANCHOR)

    @property
    def now(self) -> float:
        """Seconds since the epoch."""
        return self.world.clock.now()

    def facts(self) -> dict[str, Json]:
        """What a target file for this server declares."""
        return facts(self.account, self.people)

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        operation, method, found = next(
            ((name, method, match) for name, method, path in _ROUTES if (match := path.search(request.path))),
            (None, "", None),
        )
        try:
            if operation is None or found is None or request.method.upper() != method:
                refusal = accounts.problem(_no_such_call(method), operation)
                return dataclasses.replace(
                    refusal, headers={**refusal.headers, **({"Allow": method} if method else {})}
                )
            answer = self.serve(operation, request, found)
        except Refused as refused:
            return accounts.problem(refused, operation)
        return awkward.dressed(self.world, dataclasses.replace(answer, operation=operation))

    def serve(self, operation: str, request: Request, found: re.Match[str]) -> Answer:
        """Carry out one of the three calls; raises `Refused`."""
        if operation == "requestDuplicatesExport":
            return self.start(request)
        if operation == "downloadExport":
            return self.look(request, found.group(1))
        self.count("token")
        return _json(200, self.issue(request))

    def issue(self, request: Request) -> dict[str, Json]:
        """A token for the client credentials in the request."""
        return accounts.issue(request, self.account, self.state, self.now)

    def count(self, bucket: str) -> None:
        """Count a call against the account's rate."""
        if awkward.busy(self.world):
            raise Refused(429, "Too Many Requests", "The account's other keys have used up its rate.")
        if not self.world.obliging:
            accounts.count(bucket, self.state, self.now)

    def authorise_order(self, request: Request) -> None:
        """Refuse an order without a good token."""
        accounts.authorise(request, self.account, self.state, self.now)

    def authorise_look(self, request: Request) -> None:
        """Refuse a look at the poll URL without a good token."""
        accounts.authorise(request, self.account, self.state, self.now)

    def start(self, request: Request) -> Answer:
        """Take an order and hand out its poll URL."""
        self.authorise_order(request)
        self.count("export")
        order = self.read_order(request)
        exports = self.state.setdefault("exports", {})
        name = str(uuid.uuid5(uuid.NAMESPACE_URL, f"apsis/{self.world.seed}/export/{len(exports)}"))
        making = MAKING + awkward.delay(self.world)
        exports[name] = {
            "ordered": self.now,
            "ready": self.now + making,
            "order": json.loads(json.dumps(dataclasses.asdict(order))),  # lists, as a restart would bring them back
            "form": awkward.form(self.world),
        }
        return awkward.started(self.world, self.poll_url(name))

    def read_order(self, request: Request) -> Order:
        """The order in the request."""
        sent = request.content
        return read(request.body if isinstance(sent, Unreadable) or len(request.body) > LARGEST_BODY else sent)

    def poll_url(self, name: str) -> str:
        """Where the file of an export is to be had."""
        return f"{self.world.base_url}/audience/profiles/reports/files/{name}"

    def look(self, request: Request, name: str) -> Answer:
        """Answer a look at a poll URL."""
        self.authorise_look(request)
        self.count("download")
        export = self.state.get("exports", {}).get(name)
        if export is None:
            raise self.unknown()
        later = dict(request.query).get("form") == "2"
        if self.is_over(export):
            raise self.gone_later() if later else self.gone(export)
        if not self.is_ready(export):
            return self.running_later() if later else self.running(export)
        return self.file(request, export)

    def unknown(self) -> Refused:
        """The answer to an identifier that was never given."""
        return Refused(404, "Not Found", "There is no such export.")

    def is_over(self, export: dict[str, Json]) -> bool:
        """Whether the poll URL's day has passed."""
        return bool(self.now >= export["ordered"] + VALID)

    def is_ready(self, export: dict[str, Json]) -> bool:
        """Whether the file is made."""
        return bool(self.now >= export["ready"])

    def gone(self, export: dict[str, Json]) -> Refused:
        """The answer once the day is over."""
        return Refused(export["form"]["gone"], "Gone", "The export is no longer available.")

    def running(self, export: dict[str, Json]) -> Answer:
        """The answer while the file is being made."""
        if export["form"]["running"] == 202:
            return Answer(202)
        raise Refused(404, "Not Found", "The export is in progress.")

    def running_later(self) -> Answer:
        """The answer of the later form while the file is being made."""
        return Answer(202)

    def gone_later(self) -> Refused:
        """The answer of the later form once the day is over."""
        return Refused(410, "Gone", "The export is no longer available.")

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        """The file, in the format and coding that the request asks for."""
        media_type = wanted_type(request.headers.get("accept"))
        body = self.render(export, media_type)
        headers = {"Content-Type": self.content_type(media_type)}
        if takes_gzip(request.headers.get("accept-encoding")):
            headers["Content-Encoding"] = "gzip"
            body = self.compress(body)
        return Answer(200, body, headers)

    def content_type(self, media_type: str) -> str:
        """How the format is named in the answer."""
        return media_type

    def compress(self, body: bytes) -> bytes:
        """The body under `Content-Encoding: gzip`."""
        return gzip.compress(body, mtime=0)

    def render(self, export: dict[str, Json], media_type: str) -> bytes:
        """The export's table in a format."""
        order, form = Order(**export["order"]), export["form"]
        header = [*self.header(order), *form["surplus"]]
        rows = [
            self.row("profiles", {**dict.fromkeys(form["surplus"], "2"), **one}) for one in self.rows(order, media_type)
        ]
        if form["backwards"]:
            rows.reverse()
        return self.xlsx(header, rows) if media_type == XLSX else self.csv(header, rows, form["delimiter"])

    def csv(self, header: Sequence[str], rows: Sequence[dict[str, str]], delimiter: str = ",") -> bytes:
        """The table as CSV."""
        return as_csv(header, rows, delimiter)

    def xlsx(self, header: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
        """The table as a workbook."""
        return as_xlsx(header, rows)

    def header(self, order: Order) -> list[str]:
        """The columns: the export key and what was asked for."""
        return [profiles.KEY, *order.columns]

    def rows(self, order: Order, media_type: str = CSV) -> list[dict[str, str]]:  # noqa: ARG002 - a mutant differs here
        """The rows of an order, alike in every format."""
        return list(profiles.rows(order, self.people))


def _no_such_call(method: str) -> Refused:
    if method:
        return Refused(405, "Method Not Allowed", f"Only {method} is served here.")
    return Refused(404, "Not Found", "Nothing is here.")


def _json(status: int, body: Json) -> Answer:
    return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})
