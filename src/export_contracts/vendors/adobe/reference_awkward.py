"""The same service, legal and inconvenient: whatever the documents leave open, or show in two ways, varies.

Which quirks a server has is drawn once, when it is built; only haste and other people act by the moment.
No rule of the documents is broken here.
"""

from __future__ import annotations

import copy
import json
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from export_contracts.model import Json, Request
from export_contracts.reference.server import Answer
from export_contracts.reference.world import World
from export_contracts.vendors.adobe.reference_gateway import answered
from export_contracts.vendors.adobe.reference_requests import Listing
from export_contracts.vendors.adobe.reference_service import Adobe

QUIRKS: Final = (
    "absolute-links",
    "bare-refusals",
    "busy",
    "cancelled-stays",
    "cancelled-vanishes",
    "charset",
    "counter-on-top",
    "dataset-spelling",
    "defaults-filled",
    "empty-cancel",
    "extra-members",
    "hasty-caller",
    "last-page-twice",
    "links-without-slash",
    "no-link-at-end",
    "null-link-at-end",
    "page-size-is-limit",
    "pace-instant",
    "pace-slow",
    "reordered",
    "seconds",
    "status-cancelled",
    "status-in-a-word",
    "terse-answer",
    "times-with-offset",
    "zeros",
)


class Awkward(Adobe):
    """The reference with some of the quirks. Each is looked up by its name."""

    def __init__(self, world: World) -> None:
        self.quirks = frozenset(one for one in QUIRKS if world.maybe(0.3, one))
        super().__init__(world)

    def answer(self, request: Request) -> Answer:
        """As the reference, with another dress, and now and then too busy."""
        if self.world.maybe(0.1 if "hasty-caller" in self.quirks else 0.02, "429"):
            return answered(429, {"title": "Too many requests"}, None, {"Retry-After": "2"})
        if "busy" in self.quirks and self.world.maybe(0.3):
            self._by_others()
        answer = super().answer(request)
        if "bare-refusals" in self.quirks and answer.status in {401, 403, 404}:
            return Answer(answer.status, operation=answer.operation)
        return self._dressed(answer)

    def enter(self, body: Json, owner: tuple[str, str], now: int) -> Json:
        """Keep a new job, slow or done almost at once."""
        job = super().enter(body, owner, now)
        job["pace"] = 20 if "pace-slow" in self.quirks else 0.01 if "pace-instant" in self.quirks else 1
        return job

    def created(self, job: Json) -> Json:
        """The job as its creator sees it, perhaps no more than its id."""
        view = {**self.shown(job), "status": "NEW"}
        if "terse-answer" in self.quirks:
            return {name: view[name] for name in ("id", "status", "creationTime")}
        return view

    def cancel(self, job: Json) -> Answer:
        """Mark the job, perhaps without a word."""
        answer = super().cancel(job)
        return Answer(204, operation=answer.operation) if "empty-cancel" in self.quirks else answer

    def read(self, job: Json) -> Json:
        """The job, with the batches' states in words where that is the quirk."""
        view = super().read(job)
        for one in view["destination"].get("batches", ()) if "status-in-a-word" in self.quirks else ():
            one["status"] = one["status"][0]
        return view

    def find(self, number: str, owner: tuple[str, str]) -> Json | None:
        """The job, unless it was cancelled and is gone."""
        job = super().find(number, owner)
        gone = job is not None and job["cancelled"] is not None and "cancelled-vanishes" in self.quirks
        return None if gone else job

    def matching(self, owner: tuple[str, str], asked: Listing) -> list[Json]:
        """The caller's jobs that are there and show the status asked for."""
        found = [one for one in self.state["jobs"].values() if self.find(str(one["id"]), owner) is not None]
        return [one for one in found if asked.status in {None, self.shown(one)["status"]}]

    def link(self, asked: Listing, offset: str) -> str:
        """The way to the next page, written otherwise."""
        link = super().link(asked, offset)
        if "links-without-slash" in self.quirks:
            link = link.replace("/jobs/?", "/jobs?")
        return f"{self.world.base_url}/data/core/ups{link}" if "absolute-links" in self.quirks else link

    def page(self, request: Request) -> Answer:
        """A page, its end and its size told otherwise."""
        answer = super().page(request)
        body = json.loads(answer.body)
        if answer.status != 200:
            return answer
        asked = dict(request.query)
        if "page-size-is-limit" in self.quirks and "limit" in asked:
            body["page"]["pageSize"] = int(asked["limit"])
        if not body["link"]["next"]:
            self._end(body, asked)
        return answered(200, body, answer.operation)

    def shown(self, job: Json) -> Json:
        """The job, with what the documents leave open filled in one way or another."""
        view = copy.deepcopy(super().shown(job))
        if job["cancelled"] is not None and "cancelled-stays" in self.quirks:
            view["status"] = "NEW"
        elif job["cancelled"] is not None and view["status"] == "FAILED" and "status-cancelled" in self.quirks:
            view["status"] = "CANCELLED"
        if "dataset-spelling" in self.quirks:
            view["destination"]["dataSetId"] = view["destination"].pop("datasetId")
        if "counter-on-top" in self.quirks and "totalExportedProfileCounter" in view["metrics"]:
            view["totalExportedProfileCounter"] = view["metrics"].pop("totalExportedProfileCounter")
        if "zeros" in self.quirks:
            unknown = {"startTimeInMs": 0, "endTimeInMs": 0, "totalTimeInMs": 0}
            for name in ("totalTime", "profileExportTime"):
                view["metrics"][name] = {**unknown, **view["metrics"].get(name, {})}
        if "seconds" in self.quirks:
            view.update({name: view[name] // 1000 for name in ("creationTime", "updateTime")})
        return self._filled(view)

    def _filled(self, view: Json) -> Json:
        chosen = view.get("filter", {})
        if "defaults-filled" in self.quirks:
            view.setdefault("fields", "")
            view.setdefault("mergePolicy", {}).setdefault("version", 1)
            chosen.setdefault("emptyProfiles", False)
            for one in chosen.get("segments", ()):
                one.setdefault("segmentNs", "ups")
                one.setdefault("status", ["realized"])
        if "times-with-offset" in self.quirks and "fromIngestTimestamp" in chosen:
            moment = datetime.fromisoformat(chosen["fromIngestTimestamp"].upper())
            chosen["fromIngestTimestamp"] = moment.isoformat(timespec="milliseconds")
        return view

    def _end(self, body: Json, asked: dict[str, str]) -> None:
        if "last-page-twice" in self.quirks and body["records"]:
            known = {**asked, "offset": body["page"]["pageOffset"]}
            body["link"]["next"] = "/export/jobs/?" + urlencode(known)
        elif "null-link-at-end" in self.quirks:
            body["link"]["next"] = None
        elif "no-link-at-end" in self.quirks:
            del body["link"]

    def _dressed(self, answer: Answer) -> Answer:
        body, headers = answer.body, dict(answer.headers)
        if body and "reordered" in self.quirks:
            body = json.dumps(_reversed(json.loads(body)), indent=1).encode()
        if body and "extra-members" in self.quirks:
            body = json.dumps({**json.loads(body), "_links": {"self": "…"}, "x": None}).encode()
        if "charset" in self.quirks and "Content-Type" in headers:
            headers["content-type"] = headers.pop("Content-Type") + ";charset=UTF-8"
        return Answer(answer.status, body, headers, answer.operation)

    def _by_others(self) -> None:
        known = self.facts()
        body = {"destination": {"datasetId": known["dataset_id"]}, "schema": {"name": known["schema_name"]}}
        self.enter(body, (known["org_id"], known["sandbox"]), self.now())


def _reversed(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _reversed(value[name]) for name in reversed(value)}
    return [_reversed(one) for one in value] if isinstance(value, list) else value
