"""Export jobs as the reference server keeps and shows them. No HTTP here.

A record is plain JSON: what was ordered, when, and whether it was cancelled. Everything a reader sees
(status, metrics, batches) follows from the record and the present moment, so nothing has to run.
"""

from __future__ import annotations

import copy
import random
from typing import Final

from export_contracts.model import Json

STARTS_AFTER: Final = 20_000
"""Milliseconds for which a job is NEW."""
ENDS_AFTER: Final = 60_000
"""Milliseconds after which it has succeeded or failed."""
STOPS_AFTER: Final = 15_000
"""Milliseconds from the request to cancel until the job has stopped."""
ECHOED: Final = ("fields", "mergePolicy", "filter", "additionalFields", "evaluationInfo")


def record(number: int, order: Json, now: int, owner: tuple[str, str], chance: random.Random) -> dict[str, Json]:
    """A new job's record. `now` is in milliseconds; `owner` is organization and sandbox."""
    chosen = (order.get("filter") or {}).get("segments") or []
    batches = {one["segmentId"]: f"{chance.getrandbits(128):032x}" for one in chosen}
    return {
        "id": number,
        "order": copy.deepcopy(order),
        "created": now,
        "cancelled": None,
        "fails": False,
        "owner": list(owner),
        "batch": f"{chance.getrandbits(128):032x}",
        "batches": batches,
        "request": f"{chance.getrandbits(128):032x}",
        "instance": "ups",
        "pace": 1,
    }


def status(job: Json, now: int) -> str:
    """NEW, PROCESSING, SUCCEEDED or FAILED at the moment `now`; a cancelled job ends as FAILED."""
    stopped = job["cancelled"] is not None and now - job["cancelled"] >= STOPS_AFTER
    if stopped and _reached(job, job["cancelled"] + STOPS_AFTER) not in {"SUCCEEDED", "FAILED"}:
        return "FAILED"
    return _reached(job, now)


def _reached(job: Json, moment: int) -> str:
    age = (moment - job["created"]) / job["pace"]
    if age < STARTS_AFTER:
        return "NEW"
    if age < ENDS_AFTER:
        return "PROCESSING"
    return "FAILED" if job["fails"] else "SUCCEEDED"


def shown(job: Json, now: int, profiles: int) -> dict[str, Json]:
    """The job as a reader sees it at `now`; `profiles` is how many a finished export holds."""
    state = status(job, now)
    view: dict[str, Json] = {
        "id": job["id"],
        "jobType": "BATCH",
        "destination": destination(job),
        "schema": {"name": job["order"]["schema"]["name"]},
        "imsOrgId": job["owner"][0],
        "status": state,
        "profileInstanceId": job["instance"],
        "metrics": metrics(job, state, now, profiles),
        "computeGatewayJobId": {"exportJob": "" if state == "NEW" else job["request"]},
        "creationTime": job["created"],
        "updateTime": updated(job, state, now),
        "requestId": job["request"],
    }
    view.update({name: job["order"][name] for name in ECHOED if job["order"].get(name) is not None})
    if state == "FAILED":
        stopped = job["cancelled"] is not None
        view["errors"] = [
            {
                "code": "0090000009" if stopped else "0100000003",
                "msg": "Export job was cancelled" if stopped else "Error in Export Job",
                "callStack": "com.adobe.aep.unifiedprofile.common.logging.Logger",
            }
        ]
    return view


def destination(job: Json) -> dict[str, Json]:
    """Where the data goes: one batch for each segment where that was ordered, else one for all."""
    ordered = job["order"]["destination"]
    apart = ordered.get("segmentPerBatch") is True
    view: dict[str, Json] = {"datasetId": ordered["datasetId"], "segmentPerBatch": apart}
    if not apart:
        return {**view, "batchId": job["batch"]}
    chosen = (job["order"].get("filter") or {}).get("segments") or []
    batches = {
        one["segmentId"]: {
            "segmentId": one["segmentId"],
            "segmentNs": one.get("segmentNs") or "ups",
            "status": one.get("status") or ["realized"],
            "batchId": job["batches"][one["segmentId"]],
        }
        for one in chosen
    }
    return {**view, "batches": list(batches.values())}


def updated(job: Json, state: str, now: int) -> int:
    """Milliseconds of the last change of state."""
    last: int = job["created"]
    if state != "NEW":
        last += int(STARTS_AFTER * job["pace"])
    if state in {"SUCCEEDED", "FAILED"}:
        last = ended(job)
    cancelled: int | None = job["cancelled"]
    return last if cancelled is None else min(now, max(last, cancelled))


def ended(job: Json) -> int:
    """Milliseconds at which the job has reached, or will reach, its end."""
    planned = int(job["created"] + ENDS_AFTER * job["pace"])
    return planned if job["cancelled"] is None else min(planned, job["cancelled"] + STOPS_AFTER)


def span(start: int, end: int | None) -> dict[str, int]:
    """A duration in milliseconds; without an end only its start is known."""
    if end is None:
        return {"startTimeInMs": start}
    return {"startTimeInMs": start, "endTimeInMs": end, "totalTimeInMs": end - start}


def metrics(job: Json, state: str, now: int, profiles: int) -> dict[str, Json]:
    """How long the job took and what it exported, as far as is known at `now`."""
    start = job["created"]
    over = state in {"SUCCEEDED", "FAILED"}
    view: dict[str, Json] = {"totalTime": span(start, ended(job) if over else None)}
    begun = int(start + STARTS_AFTER * job["pace"])
    if begun < min(now, ended(job)):
        done = begun + (ended(job) - begun) * 7 // 8
        view["profileExportTime"] = span(begun, done if over else None)
    if state == "SUCCEEDED":
        view["totalExportedProfileCounter"] = profiles
        view["exportedProfileByNamespaceCounter"] = {"ECID": profiles, "Email": profiles // 2}
    return view
