"""Servers with one defect of time or state, and clients with one bad request.

A server overrides one rule of the reference. A client is an innocent transcript with one request spoilt
where a patch cannot reach.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from urllib.parse import urlencode

from export_contracts.model import Exchange, Headers, Json, Request, Transcript, Unreadable
from export_contracts.reference.server import Answer
from export_contracts.vendors.adobe.reference import Adobe
from export_contracts.vendors.adobe.reference_gateway import problem
from export_contracts.vendors.adobe.reference_requests import Listing


class _Lenient(Adobe):
    codes: tuple[str, ...] = ()

    def admit(self, request: Request, operation: str) -> Answer | None:
        answer = super().admit(request, operation)
        return None if answer and any(one.encode() in answer.body for one in self.codes) else answer


class AnyToken(_Lenient):
    """Believes any access token."""

    codes = ("401013",)


class NoKeyNeeded(_Lenient):
    """Needs no API key."""

    codes = ("403000",)


class AnyKey(_Lenient):
    """Believes any API key."""

    codes = ("403003",)


class AnyContent(Adobe):
    """Reads an order whatever content it is said to be."""

    def create(self, request: Request) -> Answer:
        """Order as if it were JSON, if it is said to be anything."""
        if "content-type" in request.headers:
            fields = [(name, value) for name, value in request.headers if name.lower() != "content-type"]
            request = dataclasses.replace(request, headers=Headers.of([*fields, ("Content-Type", "application/json")]))
        return super().create(request)


class TakesBrokenOrders(Adobe):
    """Takes a broken order for the smallest one there is."""

    def create(self, request: Request) -> Answer:
        """Order something, whatever the body says."""
        if isinstance(request.json, Unreadable):
            least = b'{"destination": {"datasetId": "any"}, "schema": {"name": "any"}}'
            request = dataclasses.replace(request, body=least)
        return super().create(request)


class TextIds(Adobe):
    """Shows ids as text."""

    def shown(self, job: Json) -> Json:
        """The job, its id in quotes."""
        return {**super().shown(job), "id": str(job["id"])}


class SharedIds(Adobe):
    """Gives two orders one id, and keeps the later."""

    def number(self) -> int:
        """Every second time the number before."""
        number = super().number()
        return number - number % 2


class NewAgain(Adobe):
    """Shows a job that is over as new when it is read once more."""

    def read(self, job: Json) -> Json:
        """The job; from its second reading after the end as new."""
        view = super().read(job)
        job["seen"] = job.get("seen", 0) + (view["status"] == "SUCCEEDED")
        return {**view, "status": "NEW"} if job["seen"] > 1 else view


class FailsAfterwards(Adobe):
    """Shows a job that has succeeded as failed when it is read once more."""

    def read(self, job: Json) -> Json:
        """The job; from its second reading after the end as failed."""
        view = super().read(job)
        job["seen"] = job.get("seen", 0) + (view["status"] == "SUCCEEDED")
        errors = [{"code": "unknown", "msg": "late", "callStack": ""}]
        return {**view, "status": "FAILED", "errors": errors} if job["seen"] > 1 else view


class CreationCreeps(Adobe):
    """Shows an earlier creation each time a job is read."""

    def read(self, job: Json) -> Json:
        """The job, a second older."""
        job["seen"] = job.get("seen", 0) + 1
        view = super().read(job)
        return {**view, "creationTime": view["creationTime"] - 1000 * job["seen"]}


class UpdateFalls(Adobe):
    """Shows an earlier update each time a job is read."""

    def read(self, job: Json) -> Json:
        """The job, updated far ahead and less far each time."""
        job["seen"] = job.get("seen", 0) + 1
        view = super().read(job)
        return {**view, "updateTime": view["creationTime"] + 10**9 - job["seen"]}


class EndsBeforeItStarts(Adobe):
    """Confuses start and end of the whole duration."""

    def shown(self, job: Json) -> Json:
        """The job with its duration turned round."""
        view = super().shown(job)
        total = view["metrics"]["totalTime"]
        if "endTimeInMs" in total:
            start, end = total["startTimeInMs"], total["endTimeInMs"]
            turned = {"startTimeInMs": end, "endTimeInMs": start, "totalTimeInMs": start - end}
            view["metrics"] = {**view["metrics"], "totalTime": turned}
        return view


class MixesUpBatches(Adobe):
    """Lists batches for a job with one, and names one for a job with many."""

    def shown(self, job: Json) -> Json:
        """The job with the other kind of destination."""
        view = super().shown(job)
        batch, batches = job["batch"], [{"segmentId": one, "batchId": two} for one, two in job["batches"].items()]
        where = {name: one for name, one in view["destination"].items() if name not in {"batchId", "batches"}}
        apart = where["segmentPerBatch"]
        view["destination"] = {**where, **({"batchId": batch} if apart else {"batches": batches})}
        return view


class NewBatchEachTime(Adobe):
    """Names another batch each time a job is read."""

    def read(self, job: Json) -> Json:
        """The job with a fresh batch."""
        view = super().read(job)
        if "batchId" in view["destination"]:
            fresh = f"{self.world.random.getrandbits(128):032x}"
            view["destination"] = {**view["destination"], "batchId": fresh}
        return view


class IgnoresLimit(Adobe):
    """Shows all jobs on one page."""

    def cut(self, rest: list[Json], asked: Listing) -> list[Json]:
        """Everything, whatever is asked."""
        del asked
        return rest


class OneTooFew(Adobe):
    """Shows one job less than asked for."""

    def cut(self, rest: list[Json], asked: Listing) -> list[Json]:
        """One less, but never none."""
        return rest[: max(1, asked.limit - 1)]


class OldestFirst(Adobe):
    """Lists in the order of creation."""

    def sort(self, found: list[Json]) -> list[Json]:
        """Oldest first."""
        return super().sort(found)[::-1]

    def after(self, found: list[Json], asked: Listing) -> list[Json]:
        """What follows the offset in that order."""
        return [one for one in found if asked.after is None or (one["created"], one["id"]) > asked.after]


class PagesUpsideDown(Adobe):
    """Shows the right jobs on each page, the wrong way round."""

    def cut(self, rest: list[Json], asked: Listing) -> list[Json]:
        """The page turned round."""
        return super().cut(rest, asked)[::-1]


class IgnoresFilter(Adobe):
    """Lists jobs of every status."""

    def matching(self, owner: tuple[str, str], asked: Listing) -> list[Json]:
        """All of the caller's jobs."""
        return super().matching(owner, dataclasses.replace(asked, status=None))


class FiltersEverything(Adobe):
    """Lists nothing when asked for a status."""

    def matching(self, owner: tuple[str, str], asked: Listing) -> list[Json]:
        """None, if a status is asked for."""
        return [] if asked.status else super().matching(owner, asked)


class KnowsNoSuccess(Adobe):
    """Lists nothing when asked for succeeded jobs."""

    def matching(self, owner: tuple[str, str], asked: Listing) -> list[Json]:
        """None, if success is asked for."""
        return [] if asked.status == "SUCCEEDED" else super().matching(owner, asked)


class RepeatsTheLast(Adobe):
    """Begins each page with the last job of the one before."""

    def after(self, found: list[Json], asked: Listing) -> list[Json]:
        """The offset's own job too."""
        return [one for one in found if asked.after is None or (one["created"], one["id"]) <= asked.after]


class SkipsOne(Adobe):
    """Leaves out the job after each page."""

    def after(self, found: list[Json], asked: Listing) -> list[Json]:
        """What follows the offset, but for the first."""
        rest = super().after(found, asked)
        return rest if asked.after is None else rest[1:]


class IgnoresOffset(Adobe):
    """Answers every page with the first."""

    def after(self, found: list[Json], asked: Listing) -> list[Json]:
        """Everything, whatever the offset."""
        del asked
        return found


class GoesInCircles(Adobe):
    """From the second page on, links to the page itself."""

    def link(self, asked: Listing, offset: str) -> str:
        """A link that leads nowhere new."""
        return super().link(asked, f"{asked.after[0]}_{asked.after[1]}" if asked.after else offset)


class LinksElsewhere(Adobe):
    """Links to a path that is not the list's."""

    def link(self, asked: Listing, offset: str) -> str:
        """A link with the right query."""
        return super().link(asked, offset).replace("/export/jobs/", "/jobs")


class LinkForgetsStatus(Adobe):
    """Leaves the status out of the link."""

    def link(self, asked: Listing, offset: str) -> str:
        """A link without the status."""
        return super().link(dataclasses.replace(asked, status=None), offset)


class LinkForgetsLimit(Adobe):
    """Leaves the limit out of the link."""

    def link(self, asked: Listing, offset: str) -> str:
        """A link without the limit."""
        return "/export/jobs/?" + urlencode({"offset": offset, **({"status": asked.status} if asked.status else {})})


class NumbersPages(Adobe):
    """Hands out the number of jobs shown so far as offset."""

    def page(self, request: Request) -> Answer:
        """A page after so many jobs."""
        query = dict(request.query)
        skipped = int(query.pop("offset", "0"))
        self.state["skipped"] = skipped
        plain = request.url.split("?")[0] + "?" + urlencode(query)
        return super().page(dataclasses.replace(request, url=plain))

    def after(self, found: list[Json], asked: Listing) -> list[Json]:
        """What follows so many jobs."""
        del asked
        return found[self.state["skipped"] :]

    def link(self, asked: Listing, offset: str) -> str:
        """A link that counts."""
        del offset
        return super().link(asked, str(self.state["skipped"] + asked.limit))


class ListsAsNew(Adobe):
    """Lists every job as new."""

    def listed(self, job: Json) -> Json:
        """The job, as new."""
        return {**super().listed(job), "status": "NEW"}


class StumblesOverCancelled(Adobe):
    """Cannot show a job once it is cancelled."""

    def one(self, request: Request, operation: str, number: str) -> Answer:
        """The job, unless it is cancelled and to be read."""
        job = self.find(number, self.owner(request))
        if operation == "retrieveExportJob" and job is not None and job["cancelled"] is not None:
            return problem(400, "BadRequestError", "The job is cancelled", operation)
        return super().one(request, operation, number)


class NeverStops(Adobe):
    """Says that a job is marked and lets it go on."""

    def mark(self, job: Json) -> None:
        """Nothing."""


def _spoilt(
    innocent: tuple[Transcript, ...], wanted: Callable[[Exchange], bool], spoil: Callable[[Request], Request]
) -> Transcript:
    for talk in innocent:
        for place, one in enumerate(talk.exchanges):
            if wanted(one) and one.fault is None:
                bad = dataclasses.replace(one, request=spoil(one.request), operation=None)
                return dataclasses.replace(talk, exchanges=(*talk.exchanges[:place], bad, *talk.exchanges[place + 1 :]))
    raise LookupError("no such request in the innocent run")


def posts_a_cancellation(innocent: tuple[Transcript, ...]) -> Transcript:
    """A client that cancels by POST, as the Profile guide's command line does."""
    return _spoilt(
        innocent,
        lambda one: one.operation == "cancelExportJob",
        lambda request: dataclasses.replace(request, method="POST"),
    )


def misspells_the_path(innocent: tuple[Transcript, ...]) -> Transcript:
    """A client that asks for the list in the singular."""
    return _spoilt(
        innocent,
        lambda one: one.operation == "listExportJobs",
        lambda request: dataclasses.replace(request, url=request.url.replace("/export/jobs", "/export/job")),
    )


def off_the_base_path(innocent: tuple[Transcript, ...]) -> Transcript:
    """A client that asks the platform itself, without the base path."""
    return _spoilt(
        innocent,
        lambda one: one.operation == "listExportJobs",
        lambda request: dataclasses.replace(request, url="https://platform.adobe.io/export/jobs?limit=5"),
    )


def makes_up_an_offset(innocent: tuple[Transcript, ...]) -> Transcript:
    """A client that changes the offset it was given."""
    return _spoilt(
        innocent,
        lambda one: one.operation == "listExportJobs" and "offset=" in one.request.url,
        lambda request: dataclasses.replace(request, url=request.url.replace("offset=1", "offset=2")),
    )
