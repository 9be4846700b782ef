"""The life of an export: started, running, complete or cancelled; its files, its URL, its callback.

Time comes from the world, and all that must outlive a restart stands in `state`. HTTP is not spoken here.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from export_contracts.model import Headers, Json, Request
from export_contracts.reference.draw import Draw
from export_contracts.reference.population import Person
from export_contracts.reference.server import Reference
from export_contracts.reference.world import World
from export_contracts.vendors.braze import reference_files as files
from export_contracts.vendors.braze.reference_company import Storage, Workspace, company
from export_contracts.vendors.braze.reference_requests import Order, can_be_called
from export_contracts.vendors.braze.reference_users import exported

Job = dict[str, Any]
"""An export as it stands in the state: plain JSON, made by `Exports.start`."""

QUIRKS: Final = (
    *("slow", "early-files", "small-files", "somebody-twice", "text-members", "spaced-json", "escaped-json"),
    *("reversed-keys", "no-last-line-feed", "unknown-members", "empty-lists", "older-notations", "missing-is-404"),
)
"""What an awkward world may do to an export; all of it within the contract."""


class Exports(Reference):
    """Every export of one company."""

    slug = "braze"
    users_a_file: ClassVar[int] = 5000
    valid_for: ClassVar[float] = 4 * 3600.0
    """Seconds for which a download URL is good, from completion on."""

    def __init__(self, world: World, storage: Storage | None = None) -> None:
        super().__init__(world)
        chosen: Storage = storage or ("url" if world.bucket is None else "both")
        self.state = {"anchor": int(world.clock.now()), "started": 0, "jobs": {}, "used": {}}
        self._storage = chosen
        self.resume()

    def resume(self) -> None:
        """Take up the state as it is: people's past leads up to the first start, not to this one."""
        world = self.world
        self.company = company(world.seed, world.users, self.state["anchor"], self._storage, world.large)
        self._archives: dict[str, bytes] = {}

    def facts(self) -> dict[str, Json]:
        """What the company's owner knows."""
        return self.company.facts()

    def running(self) -> list[Job]:
        """Exports under way."""
        return [job for job in self.state["jobs"].values() if not job["ready"]]

    def start(self, order: Order, workspace: Workspace) -> Job:
        """A new export; whether it may start has been decided."""
        now = self.world.clock.now()
        quirks = [one for one in QUIRKS if self.world.maybe(0.25, one)]
        self.state["started"] += 1
        draw = Draw(f"{self.world.seed}/export/{self.state['started']}")
        job: Job = {
            "number": self.state["started"],
            "id": draw.hex(24),
            "prefix": self.prefix(draw, now),
            "segment_id": order.segment_id,
            "fields": list(order.fields),
            "custom_attributes": list(order.custom_attributes),
            "output_format": order.output_format,
            "callback": order.callback,
            "own_storage": workspace.own_storage,
            "started": now,
            "ends": now + self.seconds(order.segment_id) * (10 if "slow" in quirks else 1),
            "ready": False,
            "delivered": 0,
            "quirks": quirks,
            "secret": draw.hex(32),
        }
        self.state["jobs"][job["id"]] = job
        return job

    def prefix(self, draw: Draw, now: float) -> str:
        """RANDOM_UUID-TIMESTAMP: the answer's object_prefix and the folder of the files; Unix seconds."""
        return f"{draw.uuid()}-{int(now)}"

    def seconds(self, segment_id: str) -> float:
        """How long an export takes: 20 million users, more than an hour."""
        return 4.0 + len(self.company.segments[segment_id]) / 5000

    def cancel(self, segment_id: str) -> None:
        """End every running export of the segment; its URL never gets ready."""
        for job in self.running():
            if job["segment_id"] == segment_id:
                del self.state["jobs"][job["id"]]

    def make_way(self, order: Order) -> None:
        """End what runs of the segment, as an export may take any time; not for the same order again, a mere retry."""
        now = self.world.clock.now()
        for job in self.running():
            asked = (job["fields"], job["custom_attributes"], job["output_format"], job["callback"])
            again = (list(order.fields), list(order.custom_attributes), order.output_format, order.callback)
            if job["segment_id"] == order.segment_id and asked != again:
                job["ends"] = min(job["ends"], now)
        self.settle(now)

    def settle(self, now: float) -> None:
        """Complete what is due, and forget what has expired."""
        for job in list(self.state["jobs"].values()):
            if not job["ready"]:
                self.progress(job, now)
            if job["ready"] and (job["own_storage"] or now >= job["ends"] + self.valid_for):
                self.expire(job)

    def progress(self, job: Job, now: float) -> None:
        """Bring a running export to where it stands at `now`."""
        halfway = (job["started"] + job["ends"]) / 2
        done = now >= job["ends"]
        if job["own_storage"] and (done or (now >= halfway and "early-files" in job["quirks"])):
            self.deliver(job, None if done else 1)
        if done:
            job["ready"] = True
            self.notify(job)

    def expire(self, job: Job) -> None:
        """Delete the export and what could be downloaded of it."""
        self.state["jobs"].pop(job["id"], None)
        self._archives.pop(job["id"], None)

    def deliver(self, job: Job, stop: int | None = None) -> None:
        """Put the files not yet delivered, up to the file number `stop`, into the bucket."""
        if self.world.bucket is None:
            return
        for name, body in itertools.islice(self.texts(job), job["delivered"], stop):
            self.world.bucket.put(self.key(job, name), self.archive(job, name, body))
            job["delivered"] += 1

    def key(self, job: Job, name: str) -> str:
        """The object key of one file."""
        return files.key(job["segment_id"], job["ends"], job["prefix"], name + self.extension(job))

    def extension(self, job: Job) -> str:
        """The ending of a delivered file's name."""
        return ".gz" if job["output_format"] == "gzip" else ".zip"

    def archive(self, job: Job, name: str, body: bytes) -> bytes:
        """One delivered file: the text, compressed as asked for."""
        if job["output_format"] == "gzip":
            return files.gzipped(body)
        return files.zipped([(self.member(job, name), body)])

    def download(self, job: Job) -> bytes:
        """What the URL gives: one zip with all files, whatever the output format, which binds own storage only."""
        if job["id"] not in self._archives:
            members = [(self.member(job, name), body) for name, body in self.texts(job)]
            self._archives[job["id"]] = files.zipped(members)
        return self._archives[job["id"]]

    def member(self, job: Job, name: str) -> str:
        """The name of a file within an archive."""
        return name + (".txt" if "text-members" in job["quirks"] else ".json")

    def texts(self, job: Job) -> Iterator[tuple[str, bytes]]:
        """The files of an export as (random name, text); one empty file for an empty segment."""
        draw = Draw(f"{job['id']}/files")
        rows = self.rows(job)
        size = self.file_size(job)
        first = True
        while lines := [files.line(row, job["quirks"]) for row in itertools.islice(rows, size)] or first:
            yield draw.hex(32), self.text(job, lines if isinstance(lines, list) else [])
            first = False

    def file_size(self, job: Job) -> int:
        """How many users go into a file; a small segment may be split further."""
        if "small-files" in job["quirks"]:
            return max(1, len(self.company.segments[job["segment_id"]]) // 3)
        return self.users_a_file

    def text(self, job: Job, lines: list[str]) -> bytes:
        """The content of one file."""
        return files.text(lines, job["quirks"])

    def rows(self, job: Job) -> Iterator[Json]:
        """Every exported user, in the order of the files."""
        for position, person in enumerate(self.members(job)):
            row = self.row("users", self.user(job, person))
            yield row
            if position == 0 and "somebody-twice" in job["quirks"]:
                yield row

    def members(self, job: Job) -> Iterator[Person]:
        """The people of the segment."""
        return self.company.segments[job["segment_id"]].people()

    def user(self, job: Job, person: Person) -> dict[str, Json]:
        """One person with the fields asked for."""
        row = exported(person, int(job["started"]), job["fields"], job["custom_attributes"])
        return awkwardly(row, job) if job["quirks"] else row

    def url(self, job: Job) -> str:
        """Where the export can be fetched once it is ready."""
        query = urlencode({"Expires": int(job["ends"] + self.valid_for), "Signature": job["secret"]})
        return f"{self.world.base_url}/download/{job['id']}/{job['prefix']}.zip?{query}"

    def notify(self, job: Job) -> None:
        """Send the callback, where one was asked for at an address that HTTP reaches."""
        if job["callback"] is not None and can_be_called(job["callback"]) and self.world.send is not None:
            self.world.send(self.callback(job))

    def callback(self, job: Job) -> Request:
        """The request that tells of completion."""
        news = {"object_prefix": job["prefix"]} if "unknown-members" in job["quirks"] else {}
        body = json.dumps({**news, **self.callback_body(job)}).encode()
        return Request("POST", job["callback"], Headers.of({"Content-Type": "application/json"}), body)

    def callback_body(self, job: Job) -> dict[str, Json]:
        """Success, and where to fetch the export unless it lies in the company's own storage."""
        return {"success": True} if job["own_storage"] else {"success": True, "url": self.url(job)}


def awkwardly(row: dict[str, Json], job: Job) -> dict[str, Json]:
    """The row as an awkward world tells it: other notations, things empty rather than missing, news."""
    quirks = job["quirks"]
    if "empty-lists" in quirks:
        row |= {name: [] for name in job["fields"] if name in {"devices", "purchases", "apps"} and name not in row}
    if "unknown-members" in quirks and "devices" in row:
        row["devices"] = [{**one, "device_class": "unbekannt"} for one in row["devices"]]
    if "older-notations" in quirks and "created_at" in row:
        row["created_at"] = row["created_at"].replace("T", " ").replace("Z", " UTC")
    if "older-notations" in quirks and row.get("time_zone") == "America/Chicago":
        row["time_zone"] = "Central Time (US & Canada)"
    return row
