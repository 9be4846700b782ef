"""Braze as a server: which requests it takes, what it refuses and how, which headers it sends.

What becomes of an export once it is accepted is told in `reference_exports`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlsplit

from export_contracts.model import Json, Request, Unreadable
from export_contracts.reference.server import Answer
from export_contracts.vendors.braze import reference_requests as requests
from export_contracts.vendors.braze.reference_company import CANCEL, EXPORT, Workspace
from export_contracts.vendors.braze.reference_exports import Exports, Job
from export_contracts.vendors.braze.reference_requests import Order

ROUTES = {
    ("POST", "/users/export/segment"): ("exportUsersBySegment", EXPORT),
    ("POST", "/export/segment/cancel"): ("cancelSegmentExport", CANCEL),
}
DENIED = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"""
GONE = DENIED.replace("AccessDenied", "NoSuchKey").replace("Access Denied", "The specified key does not exist.")


class Refusal(Exception):
    """The request is not served: the status and the words of the error envelope."""

    def __init__(self, status: int, message: str, errors: list[str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.errors = status, message, errors

    @property
    def body(self) -> dict[str, Json]:
        """The envelope of every error."""
        return {"message": self.message, **({"errors": self.errors} if self.errors else {})}


class Braze(Exports):
    """Braze's segment export, by the strict reading."""

    hourly: ClassVar[int] = 250_000
    at_once: ClassVar[int] = 100

    def answer(self, request: Request) -> Answer:
        """The answer to any request; time has been settled before."""
        path = request.path.removeprefix(urlsplit(self.world.base_url).path.rstrip("/"))
        if request.method in {"GET", "HEAD"} and path.startswith("/download/"):
            return self.fetch(request, path)
        # What becomes of a slash at the end is not documented: it is passed over, as by most servers.
        operation, permission = ROUTES.get((request.method, path.removesuffix("/")), (None, None))
        key = self.key_of(request)
        try:
            status, body = 200, self.serve(request, operation, permission, key)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        return self.dressed(Answer(status, json.dumps(body).encode(), self.meter(key), operation))

    def serve(
        self, request: Request, operation: str | None, permission: str | None, key: str | None
    ) -> dict[str, Json]:
        """The body of a 200, or a refusal."""
        if operation is None or permission is None:
            raise Refusal(404, "Invalid URL")
        workspace = self.workspace(request, key)
        self.within_the_hour(key)
        self.permitted(workspace, permission)
        self.sized(request)
        self.typed(request)
        if operation == "cancelSegmentExport":
            return self.stop(request.json)
        return self.begin(request.json, workspace)

    def key_of(self, request: Request) -> str | None:
        """The REST API key that the request carries; one in the body does not count."""
        return requests.bearer(request)

    def workspace(self, request: Request, key: str | None) -> Workspace:  # noqa: ARG002 - defects look at the request
        """What the key opens."""
        if key is None or key not in self.company.workspaces:
            raise Refusal(401, "Invalid API key" if key else "API key missing")
        return self.company.workspaces[key]

    def within_the_hour(self, key: str | None) -> None:
        """Refuse beyond the hour's allowance, or, in an awkward world, when it pleases."""
        if self.used(key) >= self.hourly or self.world.maybe(0.03, "429"):
            self.state["used"][key or ""] = [int(self.world.clock.now() // 3600), self.hourly]
            raise Refusal(429, "API rate limit exceeded; the limit resets on the hour")

    def permitted(self, workspace: Workspace, permission: str) -> None:
        """Refuse a key without the permission."""
        if permission not in workspace.permissions:
            raise Refusal(403, "Access Denied", [f"The API key lacks the permission {permission}"])

    def sized(self, request: Request) -> None:
        """Refuse a body that is too large."""
        if len(request.body) > requests.LARGEST:
            raise Refusal(413, "Request Entity Too Large")

    def typed(self, request: Request) -> None:
        """Refuse a body that does not call itself JSON."""
        if not requests.sends_json(request):
            # Only a third party's description names 415; 400 is as good.
            raise Refusal(400 if self.world.maybe(0.5) else 415, "Content-Type must be application/json")

    def faults(self, body: Json | Unreadable) -> list[str]:
        """What is wrong with an export request."""
        return requests.faults(body)

    def begin(self, body: Json | Unreadable, workspace: Workspace) -> dict[str, Json]:
        """Start an export."""
        found = self.faults(body)
        if found:
            raise Refusal(400, "Bad Request", found)
        order = self.order(body)
        self.known(order.segment_id)
        if self.world.obliging:
            self.make_way(order)
        self.idle(order.segment_id)
        self.room()
        return self.started(self.start(order, workspace))

    def order(self, body: Json) -> Order:
        """What a request without faults asks for."""
        return requests.order(body)

    def stop(self, body: Json) -> dict[str, Json]:
        """Cancel what runs of a segment; nothing running is no error."""
        found = requests.cancel_faults(body)
        if found:
            raise Refusal(400, "Bad Request", found)
        self.known(body["segment_id"])
        self.cancel(body["segment_id"])
        return {"message": "success"}

    def known(self, segment_id: str) -> None:
        """Refuse a segment that is not the company's."""
        if segment_id not in self.company.segments:
            raise Refusal(400, "Bad Request", ["segment_id is not the identifier of a segment"])

    def idle(self, segment_id: str) -> None:
        """Refuse a segment that is being exported."""
        if any(job["segment_id"] == segment_id for job in self.running()):
            raise Refusal(429, "This segment is being exported; wait until that export has ended")

    def room(self) -> None:
        """Refuse when as many exports run as a company may have."""
        if len(self.running()) >= self.at_once:
            # The documents promise an error and leave its status open.
            status = 400 if self.world.maybe(0.5) else 429
            raise Refusal(status, f"The company already has {self.at_once} segment exports running")

    def started(self, job: Job) -> dict[str, Json]:
        """The answer to an accepted request; with own storage its url is null one time, absent the next."""
        body: dict[str, Json] = {"message": "success", "object_prefix": job["prefix"]}
        if not job["own_storage"]:
            body["url"] = self.url(job)
        elif job["number"] % 2:
            body["url"] = None
        return body

    def fetch(self, request: Request, path: str) -> Answer:
        """The download, or the storage's refusal before it is ready, after it expired, and for a wrong address."""
        job = self.state["jobs"].get(path.split("/")[2])
        if job is None or job["own_storage"] or not self.addressed(request, job):
            return Answer(403, DENIED.encode(), {"Content-Type": "application/xml"}, "downloadExport")
        if not self.available(job):
            early = (404, GONE) if "missing-is-404" in job["quirks"] else (403, DENIED)
            return Answer(early[0], early[1].encode(), {"Content-Type": "application/xml"}, "downloadExport")
        headers = {"Content-Type": "application/zip"}
        return self.dressed(Answer(200, self.download(job), headers, "downloadExport"))

    def addressed(self, request: Request, job: Job) -> bool:
        """Whether the request bears the URL's signature."""
        return ("Signature", job["secret"]) in request.query

    def available(self, job: Job) -> bool:
        """Whether the download exists now."""
        return bool(job["ready"])

    def used(self, key: str | None) -> int:
        """Requests counted for a key in the present clock hour."""
        hour, number = self.state["used"].get(key or "", (0, 0))
        return int(number) if hour == self.world.clock.now() // 3600 else 0

    def meter(self, key: str | None) -> dict[str, str]:
        """Count the request and tell the allowance: a fixed window that ends on the hour."""
        known = key if key in self.company.workspaces else ""
        hour = int(self.world.clock.now() // 3600)
        number = self.used(known) + 1
        self.state["used"][known or ""] = [hour, number]
        return {
            "Content-Type": "application/json",
            "X-RateLimit-Limit": str(self.hourly),
            "X-RateLimit-Remaining": str(max(0, self.hourly - number)),
            "X-RateLimit-Reset": str((hour + 1) * 3600),
        }

    def dressed(self, answer: Answer) -> Answer:
        """The answer as an awkward world sends it."""
        headers: Mapping[str, str] = answer.headers
        if self.world.maybe(0.3, "names in lower case"):
            headers = {name.lower(): value for name, value in headers.items()}
        if self.world.maybe(0.3, "more headers"):
            headers = {**headers, "X-Request-Id": "awkward", "Vary": "Origin"}
        body = answer.body
        if answer.operation != "downloadExport" and self.world.maybe(0.3, "news"):
            told = json.loads(body)
            body = json.dumps({"news": {"of": ["a field", None]}, **dict(reversed(told.items()))}, indent=1).encode()
        return Answer(answer.status, body, headers, answer.operation)
