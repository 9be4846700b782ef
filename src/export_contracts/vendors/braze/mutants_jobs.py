"""Defects in the life of an export: its prefix, its URL, its callback, its end."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from typing import ClassVar

from export_contracts.model import Json, Request
from export_contracts.reference.draw import Draw
from export_contracts.reference.server import Answer
from export_contracts.vendors.braze.reference_company import Workspace
from export_contracts.vendors.braze.reference_exports import Job
from export_contracts.vendors.braze.reference_requests import Order
from export_contracts.vendors.braze.reference_service import Braze, Refusal


class UrlNeverExpires(Braze):
    """Keeps downloads for ever."""

    def expire(self, job: Job) -> None:
        """Nothing is deleted."""


class UrlExpiresSoon(Braze):
    """Keeps downloads for five minutes."""

    valid_for: ClassVar[float] = 300.0


class UrlDeliversOnce(Braze):
    """Gives what it has, and nothing the next time."""

    def download(self, job: Job) -> bytes:
        """Empty once it was fetched."""
        fetched, job["fetched"] = job.get("fetched", False), True
        return b"" if fetched else super().download(job)


class DownloadShrinks(Braze):
    """Leaves out users when it is asked again."""

    def download(self, job: Job) -> bytes:
        """Made anew, and of half the users, once it was fetched."""
        fetched, job["fetched"] = job.get("fetched", False), True
        return (
            super().download({**job, "id": f"{job['id']}-again", "fewer": True}) if fetched else super().download(job)
        )

    def rows(self, job: Job) -> Iterator[Json]:
        """Every other one, the second time."""
        rows = super().rows(job)
        return itertools.islice(rows, 0, None, 2) if job.get("fewer") else rows


class ExpiredBreaksDown(Braze):
    """Breaks down over a URL that has expired."""

    def fetch(self, request: Request, path: str) -> Answer:
        """500 where nothing is left of the export."""
        gone = path.split("/")[2] not in self.state["jobs"]
        return Answer(500, b"", {}, "downloadExport") if gone else super().fetch(request, path)


class UrlLivesTwelveHours(Braze):
    """Keeps downloads three times as long as they may live."""

    valid_for: ClassVar[float] = 12 * 3600.0


class NeverReady(Braze):
    """Starts exports and never ends them."""

    def progress(self, job: Job, now: float) -> None:
        """None is made."""


class CallbackOmitsUrl(Braze):
    """Leaves the URL out of the callback."""

    def callback_body(self, job: Job) -> dict[str, Json]:  # noqa: ARG002 - every job alike
        """Success and no more."""
        return {"success": True}


class CallbackUrlPathOnly(Braze):
    """Sends a URL without scheme and host."""

    def callback_body(self, job: Job) -> dict[str, Json]:
        """The path of the download."""
        body = super().callback_body(job)
        return {**body, "url": "/" + body["url"].split("/", 3)[3]} if "url" in body else body


class CallbackUrlOwnStorage(Braze):
    """Tells of a URL though the files went to the company's own storage."""

    def callback_body(self, job: Job) -> dict[str, Json]:
        """Success and always a URL."""
        return {"success": True, "url": self.url(job)}


class CallbackNotSuccess(Braze):
    """Says success as text."""

    def callback_body(self, job: Job) -> dict[str, Json]:
        """Text where a boolean belongs."""
        return {**super().callback_body(job), "success": "true"}


class CallbackWrongUrl(Braze):
    """Sends a URL that leads nowhere."""

    def callback_body(self, job: Job) -> dict[str, Json]:
        """The URL of an export that never was."""
        body = super().callback_body(job)
        return {**body, "url": body["url"].replace(job["id"], job["id"][::-1])} if "url" in body else body


class CallbackBeforeFiles(Braze):
    """With own storage, calls back at once and delivers when the export ends."""

    def start(self, order: Order, workspace: Workspace) -> Job:
        """Announced before anything is there."""
        job = super().start(order, workspace)
        if job["own_storage"]:
            self.notify(job)
        return job


class CallbackAsGet(Braze):
    """Calls back with the wrong method."""

    def callback(self, job: Job) -> Request:
        """GET."""
        return dataclasses.replace(super().callback(job), method="GET")


class CallbackEarly(Braze):
    """Calls back when the export starts."""

    def start(self, order: Order, workspace: Workspace) -> Job:
        """Start, call, and never call again."""
        job = super().start(order, workspace)
        self.notify(job)
        job["callback"] = None
        return job


class CallbackMissing(Braze):
    """Never calls back."""

    def notify(self, job: Job) -> None:
        """Nothing is sent."""


class CancelIgnored(Braze):
    """Says that it cancelled, and goes on."""

    def cancel(self, segment_id: str) -> None:
        """Nothing ends."""


class ShortExportsGoOn(CancelIgnored):
    """Does not stop exports that take less time than a cancel may."""

    def seconds(self, segment_id: str) -> float:  # noqa: ARG002 - every segment alike
        """Over in a moment."""
        return 1.0


class CancelEndsAll(Braze):
    """Ends whatever is running."""

    def cancel(self, segment_id: str) -> None:
        """Not this segment's exports alone."""
        for one in {segment_id, *(job["segment_id"] for job in self.running())}:
            super().cancel(one)


class SegmentOnce(Braze):
    """Exports a segment once, and never again."""

    def idle(self, segment_id: str) -> None:
        """Busy for ever after the first time."""
        if segment_id in self.state.setdefault("exported", []):
            raise Refusal(429, "This segment is being exported; wait until that export has ended")

    def start(self, order: Order, workspace: Workspace) -> Job:
        """Remember the segment."""
        self.state["exported"].append(order.segment_id)
        return super().start(order, workspace)


class CancelKeepsSegment(Braze):
    """Ends the export, but holds its segment as running for ever."""

    def cancel(self, segment_id: str) -> None:
        """The export is put off beyond any waiting."""
        for job in self.running():
            if job["segment_id"] == segment_id:
                job["ends"] += 1e9


class KeyWithoutTimestamp(Braze):
    """Names the folder, and the prefix, by a UUID alone."""

    def prefix(self, draw: Draw, now: float) -> str:  # noqa: ARG002 - the time is what is missing
        """A bare UUID."""
        return draw.uuid()


class PrefixIdFixed(Braze):
    """Gives every prefix the same id; only the time tells them apart."""

    def prefix(self, draw: Draw, now: float) -> str:  # noqa: ARG002 - nothing is drawn
        """One id for all, with an ever later time, so that no prefix recurs."""
        return f"{Draw('fixed').uuid()}-{int(now) + self.state['started']}"


class TimestampMillis(Braze):
    """Tells the time of the request in milliseconds."""

    def prefix(self, draw: Draw, now: float) -> str:
        """A thousand times the seconds."""
        return f"{draw.uuid()}-{int(now * 1000)}"


class TimestampLocal(Braze):
    """Tells the time of the request by a clock on another continent's wall."""

    def prefix(self, draw: Draw, now: float) -> str:
        """Nine hours ahead."""
        return f"{draw.uuid()}-{int(now) + 9 * 3600}"
