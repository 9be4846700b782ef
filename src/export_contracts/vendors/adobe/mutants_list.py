"""Servers whose list has one defect: order, pages, filter, links."""

from __future__ import annotations

import dataclasses
from urllib.parse import urlencode

from export_contracts.model import Json, Request
from export_contracts.reference.server import Answer
from export_contracts.vendors.adobe.reference_requests import Listing, listing
from export_contracts.vendors.adobe.reference_service import Adobe


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


class ForgetsFilter(Adobe):
    """Lists jobs of every status from the second page on."""

    def matching(self, owner: tuple[str, str], asked: Listing) -> list[Json]:
        """All of the caller's jobs, once there is an offset."""
        forgotten = asked.after is not None
        return super().matching(owner, dataclasses.replace(asked, status=None) if forgotten else asked)


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


class LeadsBack(Adobe):
    """After the last page, links to the first."""

    def page(self, request: Request) -> Answer:
        """A page that always has a next one."""
        answer = super().page(request)
        first = b'"next": "/export/jobs/?limit=%d"' % listing(dict(request.query)).limit
        return dataclasses.replace(answer, body=answer.body.replace(b'"next": ""', first))


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


class TextIdsInLists(Adobe):
    """Shows ids as text in lists only."""

    def listed(self, job: Json) -> Json:
        """The job, its id in quotes."""
        shown = super().listed(job)
        return {**shown, "id": str(shown["id"])}


class OtherKindInLists(Adobe):
    """Shows another kind of job in lists."""

    def listed(self, job: Json) -> Json:
        """The job, as if it streamed."""
        return {**super().listed(job), "jobType": "STREAMING"}


class OneMoreInLists(Adobe):
    """Counts a profile more in lists."""

    def listed(self, job: Json) -> Json:
        """The job, its counter raised."""
        shown = super().listed(job)
        counted = shown.get("metrics", {}).get("totalExportedProfileCounter")
        if counted is None:
            return shown
        return {**shown, "metrics": {**shown["metrics"], "totalExportedProfileCounter": counted + 1}}
