"""The strict reference of the export jobs endpoint: create, list, read and cancel, one class of it all.

Each rule is a small method, so that a mutant overrides exactly one. Where the guide is silent the
server does the plainest thing; what else it might do belongs to the awkward world.
"""

from __future__ import annotations

import re
from typing import ClassVar, Final
from urllib.parse import urlencode, urlsplit

from export_contracts.model import Json, Request
from export_contracts.reference.server import Answer
from export_contracts.reference.world import World
from export_contracts.vendors.adobe import reference_jobs as jobs
from export_contracts.vendors.adobe.reference_delivery import Delivering
from export_contracts.vendors.adobe.reference_gateway import TOKEN_PATHS, answered, issued, problem, refusal
from export_contracts.vendors.adobe.reference_requests import Listing, Refused, listing, order

PATH: Final = re.compile(r"^(?P<base>.*/data/core/ups)?/export/jobs(?:/(?P<id>[^/]+))?/?$")
"""The guide prints the paths without their base, so that it may be part of a client's address; see `answer`."""
OPERATIONS: Final = {
    ("GET", False): "listExportJobs",
    ("POST", False): "createExportJob",
    ("GET", True): "retrieveExportJob",
    ("DELETE", True): "cancelExportJob",
}
SEGMENT: Final = "4edc8488-2c35-4f2a-9cb5-9bfa2e4b91c6"
SECOND_SEGMENT: Final = "7a1c0b0e-6f0d-4b5a-8b1b-0f5b7d2f3c11"
DATASET: Final = "5f3b2c1d4e5f6a7b8c9d0e1f"
BROKEN_DATASET: Final = "5f3b2c1d4e5f6a7b8c9d0eff"
MINUTE: Final = 60_000


class Adobe(Delivering):
    """The Segmentation Service's export jobs, for any number of organizations and sandboxes."""

    slug: ClassVar[str] = "adobe"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.state: dict[str, Json] = {
            "jobs": {},
            "next": 24_101,
            "tokens": ["reference-access-token"],
            "keys": ["reference-api-key"],
        }
        self._past()

    def facts(self) -> dict[str, Json]:
        """The settings of a target file for this server."""
        return {
            "token": "reference-access-token",
            "api_key": "reference-api-key",
            "org_id": "0123456789ABCDEF01234567@AdobeOrg",
            "sandbox": "prod",
            "dataset_id": DATASET,
            "failing_dataset_id": BROKEN_DATASET,
            "segment_id": SEGMENT,
            "second_segment_id": SECOND_SEGMENT,
            "schema_name": "_xdm.context.profile",
            "merge_policy_id": "timestampOrdered-none-mp",
        }

    def answer(self, request: Request) -> Answer:
        """Answer one request: token service, gateway, then the jobs."""
        if TOKEN_PATHS.match(request.path):
            return issued(request, self.state)
        found = PATH.match(request.path)
        if found is None or (found["base"] is None and (urlsplit(request.url).hostname or "").endswith("adobe.io")):
            return problem(404, "NotFound", "There is nothing at this path", None)
        operation = OPERATIONS.get((request.method, found["id"] is not None))
        if operation is None:
            return problem(405, "MethodNotAllowed", f"{request.method} is not possible here", None)
        against = self.admit(request, operation)
        if against is not None:
            return against
        if operation == "createExportJob":
            return self.create(request)
        if operation == "listExportJobs":
            return self.page(request)
        return self.one(request, operation, found["id"])

    def admit(self, request: Request, operation: str) -> Answer | None:
        """What the gateway says against the request."""
        return refusal(request, self.state, operation)

    def create(self, request: Request) -> Answer:
        """Take an order and answer with the new job."""
        media = (request.headers.get("content-type") or "").split(";")[0].strip().lower()
        if media != "application/json":
            return problem(400, "BadRequestError", "A valid content-type must be specified", "createExportJob")
        body = request.json
        try:
            self.check(body)
        except Refused as error:
            return problem(400, "BadRequestError", str(error), "createExportJob")
        job = self.enter(body, self.owner(request), self.now())
        where = f"{self.world.base_url}/data/core/ups/export/jobs/{job['id']}"
        return answered(200, self.created(job), "createExportJob", {"X-Location": where})

    def check(self, body: Json) -> None:
        """Raise `Refused` for an order that cannot be taken."""
        order(body)

    def enter(self, body: Json, owner: tuple[str, str], now: int) -> Json:
        """Keep a new job."""
        number = self.number()
        job = jobs.record(number, body, now, owner, self.world.random)
        job["fails"] = body["destination"]["datasetId"] == BROKEN_DATASET
        self.state["jobs"][str(number)] = job
        return job

    def number(self) -> int:
        """The next job's id."""
        self.state["next"] += 1
        return int(self.state["next"])

    def created(self, job: Json) -> Json:
        """The job as its creator sees it."""
        return self.shown(job)

    def page(self, request: Request) -> Answer:
        """One page of the jobs of the caller's sandbox, newest first."""
        try:
            asked = listing(dict(request.query))
        except Refused as error:
            return problem(400, "BadRequestError", str(error), "listExportJobs")
        found = self.sort(self.matching(self.owner(request), asked))
        rest = self.after(found, asked)
        shown = self.cut(rest, asked)
        more = len(rest) > len(shown)
        offset = self.offset(shown[-1]) if shown else ""
        body = {
            "records": [self.listed(one) for one in shown],
            "page": {"sortField": "createdTime", "sort": "desc", "pageOffset": offset, "pageSize": len(shown)},
            "link": {"next": self.link(asked, offset) if more else ""},
        }
        return answered(200, body, "listExportJobs")

    def matching(self, owner: tuple[str, str], asked: Listing) -> list[Json]:
        """The caller's jobs that the status filter lets through."""
        mine = [one for one in self.state["jobs"].values() if one["owner"] == [*owner]]
        return [one for one in mine if asked.status in {None, jobs.status(one, self.now())}]

    def sort(self, found: list[Json]) -> list[Json]:
        """Newest first."""
        return sorted(found, key=lambda one: (one["created"], one["id"]), reverse=True)

    def after(self, found: list[Json], asked: Listing) -> list[Json]:
        """What follows the offset."""
        if asked.after is None:
            return found
        return [one for one in found if (one["created"], one["id"]) < asked.after]

    def cut(self, rest: list[Json], asked: Listing) -> list[Json]:
        """No more than the limit."""
        return rest[: asked.limit]

    def offset(self, job: Json) -> str:
        """The offset behind a job."""
        return f"{job['created']}_{job['id']}"

    def link(self, asked: Listing, offset: str) -> str:
        """The way to the next page, relative to the service's base path."""
        query = {"limit": asked.limit, "offset": offset, **({"status": asked.status} if asked.status else {})}
        return "/export/jobs/?" + urlencode(query)

    def listed(self, job: Json) -> Json:
        """The job as a list shows it."""
        return self.shown(job)

    def one(self, request: Request, operation: str, number: str) -> Answer:
        """Read or cancel one job of the caller's sandbox."""
        job = self.find(number, self.owner(request))
        if job is None:
            return problem(404, "NotFound", f"There is no export job {number}", operation)
        if operation == "retrieveExportJob":
            return answered(200, self.read(job), operation)
        return self.cancel(job)

    def find(self, number: str, owner: tuple[str, str]) -> Json | None:
        """The caller's job of that id."""
        job = self.state["jobs"].get(number)
        return job if job is not None and job["owner"] == [*owner] else None

    def read(self, job: Json) -> Json:
        """The job as a reader sees it; what it has exported has arrived by then."""
        if jobs.status(job, self.now()) == "SUCCEEDED" and not job.get("delivered"):
            job["delivered"] = True
            self.deliver(job)
        return self.shown(job)

    def cancel(self, job: Json) -> Answer:
        """Mark the job; it stops a little later. A job marked before has nothing more to be told of."""
        if job["cancelled"] is not None:
            return Answer(204, operation="cancelExportJob")
        self.mark(job)
        said = {"status": True, "message": "Export job has been marked for cancelling"}
        return answered(200, said, "cancelExportJob")

    def mark(self, job: Json) -> None:
        """Remember that the job is to stop, unless it is over."""
        if jobs.status(job, self.now()) in {"NEW", "PROCESSING"} and job["cancelled"] is None:
            job["cancelled"] = self.now()

    def shown(self, job: Json) -> Json:
        """The job at this moment."""
        return jobs.shown(job, self.now(), self.world.users)

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return int(self.world.clock.now() * 1000)

    def owner(self, request: Request) -> tuple[str, str]:
        """Organization and sandbox of the caller."""
        return request.headers.get("x-gw-ims-org-id") or "", request.headers.get("x-sandbox-name") or ""

    def _past(self) -> None:
        """Jobs of earlier hours, one of them failed, so that a list has something to show."""
        known = self.facts()
        owner = (known["org_id"], known["sandbox"])
        for age in range(5, 0, -1):
            body = {
                "destination": {"datasetId": BROKEN_DATASET if age == 3 else DATASET},
                "schema": {"name": known["schema_name"]},
                "filter": {"segments": [{"segmentId": SEGMENT}]},
            }
            self.enter(body, owner, self.now() - age * 17 * MINUTE)
