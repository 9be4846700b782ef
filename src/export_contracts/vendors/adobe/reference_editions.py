"""Export jobs as Adobe's guide and collections showed them in a month. What is not named here, nobody saw to differ.

The guide was rewritten once between 2020 and 2022; when it said what is dated here is known to no month, and the
last one in which it can have happened is taken.
"""

from __future__ import annotations

import copy
from typing import Final
from urllib.parse import urlencode

from export_contracts.model import Json, Request
from export_contracts.reference.server import Answer
from export_contracts.vendors.adobe import reference_jobs as jobs
from export_contracts.vendors.adobe.reference_gateway import answered
from export_contracts.vendors.adobe.reference_service import Adobe

FILTERED: Final = "2019-11"
"""From when on a list may be asked for one status."""
REWRITTEN: Final = "2022-05"
"""By when the guide had been rewritten: schema required, events up to a moment, counters, batches a list."""
DEPRECATED: Final = "2023-04"
"""From when on segments are exported without those who were in them before, unless they are asked for."""
SCHEMA: Final = "_xdm.context.profile"


class AdobeAsOf(Adobe):
    """The service in the month that the world names."""

    def page(self, request: Request) -> Answer:
        """A parameter that is not known yet is passed over."""
        if not self.world.before(FILTERED):
            return super().page(request)
        path, _, _ = request.url.partition("?")
        query = urlencode([one for one in request.query if one[0] != "status"])
        return super().page(Request(request.method, f"{path}?{query}", request.headers, request.body))

    def check(self, body: Json) -> None:
        """The name of the schema could be left out."""
        if self.world.before(REWRITTEN) and isinstance(body, dict):
            body = {"schema": {"name": SCHEMA}, **_known(body)}
        super().check(body)

    def enter(self, body: Json, owner: tuple[str, str], now: int) -> Json:
        """Keep the job without what nobody knew yet, and with what stood for something left out."""
        body = copy.deepcopy(body)
        if self.world.before(REWRITTEN):
            body = {"schema": {"name": SCHEMA}, **_known(body)}
        job = super().enter(body, owner, now)
        for one in (body.get("filter") or {}).get("segments") or () if self.world.before(DEPRECATED) else ():
            job.setdefault("memberships", {})[one["segmentId"]] = one.get("status") or ["realized", "existing"]
        return job

    def shown(self, job: Json) -> Json:
        """The job, its batches with whom they hold by default then, and before the rewriting its older members."""
        view = super().shown(job)
        batches = view["destination"].get("batches")
        for one in batches or ():
            one["status"] = job.get("memberships", {}).get(one["segmentId"], one["status"])
        if not self.world.before(REWRITTEN):
            return view
        if batches:
            view["destination"]["batches"] = batches[-1]
        elif batches is not None:
            view["destination"]["batches"] = {}
        view["computeGatewayJobId"] = {**view["computeGatewayJobId"], "pushJob": ""}
        metrics = {name: one for name, one in view["metrics"].items() if "Counter" not in name}
        if view["status"] == "SUCCEEDED":
            end = jobs.ended(job)
            metrics["aCPDatasetWriteTime"] = jobs.span(metrics["profileExportTime"]["endTimeInMs"], end)
        return {**view, "metrics": metrics}

    def cancel(self, job: Json) -> Answer:
        """Every cancellation was answered 200."""
        answer = super().cancel(job)
        if answer.status != 204 or not self.world.before(REWRITTEN):
            return answer
        said = {"status": True, "message": "Export job has been marked for cancelling"}
        return answered(200, said, "cancelExportJob")


def _known(body: dict[str, Json]) -> dict[str, Json]:
    """An order without the members that the guide did not have yet: they had no effect."""
    kept = {name: copy.deepcopy(one) for name, one in body.items() if name != "evaluationInfo"}
    _member(_member(_member(kept, "additionalFields"), "eventList"), "filter").pop("toIngestTimestamp", None)
    return kept


def _member(value: dict[str, Json], name: str) -> dict[str, Json]:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}
