"""Journeys through Adobe's export jobs: an exemplary client, which asserts nothing.

What it does wrong on purpose is marked by an intent. Jobs of real platforms take minutes, so every journey
asks for little and polls to any end; other people's jobs may come and go meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from export_contracts.model import Exchange, Intent, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage

RUNNING: Final = ("NEW", "PROCESSING")
PAGES: Final = 30
"""Pages of two jobs that a walk visits before it goes on in larger ones."""
LOOKS: Final = 8
"""Looks at a cancelled job, whose end is documented nowhere."""
GATES: Final = ("Authorization", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name")
TICK: Final = 1.1
"""Seconds between two jobs whose order is to be seen, more than the coarsest clock's step."""


def order(stage: Stage, **more: Json) -> dict[str, Json]:
    """The smallest order the guide allows for one segment, with `more` members."""
    return {
        "filter": {"segments": [{"segmentId": stage.setting("segment_id")}]},
        "destination": {"datasetId": stage.setting("dataset_id")},
        "schema": {"name": stage.target.settings.get("schema_name") or "_xdm.context.profile"},
        **more,
    }


def body(exchange: Exchange) -> dict[str, Json]:
    """The answer's JSON object, empty where it is none."""
    parsed = exchange.response.json if exchange.response else None
    return parsed if isinstance(parsed, dict) else {}


def created(exchange: Exchange) -> str | None:
    """The id of the job that was created."""
    found = body(exchange).get("id") if exchange.status is not None and exchange.status < 300 else None
    return None if found is None else str(found)


def read(stage: Stage, job: str) -> Exchange:
    """Look at a job."""
    return stage.send("retrieveExportJob", path={"EXPORT_JOB_ID": job})


def finish(stage: Stage, job: str) -> Exchange | None:
    """Look until the job is over, in whatever state, or gone."""
    return stage.poll(lambda: read(stage, job), settled)


def settled(seen: Exchange) -> bool:
    """Whether no change is to be expected any more."""
    return seen.status != 200 or body(seen).get("status") not in RUNNING


def following(exchange: Exchange, asked: Mapping[str, str]) -> dict[str, str] | None:
    """The query of the next page: what the link says, and what it leaves unsaid as asked before."""
    link = body(exchange).get("link")
    after = link.get("next") if isinstance(link, dict) else None
    if not isinstance(after, str) or not after:
        return None
    said = dict(parse_qsl(urlsplit(after).query))
    return {**asked, **said} if said.get("offset") else None


def walk(stage: Stage, asked: Mapping[str, str], pages: int = PAGES) -> Iterator[Exchange]:
    """Page after page of the list, until its end, a page seen before, or `pages`."""
    query: dict[str, str] | None = dict(asked)
    seen: set[str] = set()
    for _ in range(pages):
        page = stage.send("listExportJobs", query=query)
        yield page
        query = following(page, query or {})
        if query is None or query["offset"] in seen:
            return
        seen.add(query["offset"])


@scenario()
def export_one_segment(stage: Stage) -> None:
    """Order an export, look at once, then until it is over; find it in the list."""
    job = created(stage.send("createExportJob", json=order(stage)))
    if job is None:
        return
    read(stage, job)
    finish(stage, job)
    read(stage, job)
    stage.send("listExportJobs", query={"limit": "5"})


@scenario()
def export_with_everything(stage: Stage) -> None:
    """Order with every member of the guide's table, and see it come back."""
    wanted = order(
        stage,
        fields="identities.id,personalEmail.address",
        additionalFields={
            "eventList": {
                "fields": "environment.browserDetails.name,environment.browserDetails.version",
                "filter": {
                    "fromIngestTimestamp": "2018-10-25T13:22:04-07:00",
                    "toIngestTimestamp": "2026-01-01T00:00:00Z",
                },
            }
        },
        evaluationInfo={"segmentation": True},
    )
    wanted["filter"]["segments"][0].update({"segmentNs": "ups", "status": ["realized"]})
    wanted["filter"].update(
        {
            "segmentQualificationTime": {"startTime": "2018-01-01T00:00:00Z", "endTime": "2025-02-01T00:00:00Z"},
            "fromIngestTimestamp": "2018-01-01T00:00:00Z",
            "emptyProfiles": True,
        }
    )
    wanted["destination"]["segmentPerBatch"] = False
    if stage.target.settings.get("merge_policy_id") is not None:
        wanted["mergePolicy"] = {"id": stage.setting("merge_policy_id"), "version": 1}
    job = created(stage.send("createExportJob", json=wanted))
    if job is not None:
        read(stage, job)
        finish(stage, job)
        stage.send("listExportJobs", query={"limit": "3"})


@scenario()
def batch_for_each_segment(stage: Stage) -> None:
    """Order a batch for each segment: two of them where the target declares what that takes."""
    wanted = order(stage)
    second, policy = (stage.target.settings.get(name) for name in ("second_segment_id", "merge_policy_id"))
    if second is not None and policy is not None:
        wanted["filter"]["segments"].append({"segmentId": second})
        wanted["mergePolicy"] = {"id": policy}
    wanted["destination"]["segmentPerBatch"] = True
    job = created(stage.send("createExportJob", json=wanted))
    if job is not None:
        read(stage, job)
        finish(stage, job)
        read(stage, job)


@scenario(exports=3)
def walk_the_list(stage: Stage) -> None:
    """Create jobs, then visit the list two by two until its end, and once without parameters."""
    for _ in range(3):
        stage.send("createExportJob", json=order(stage))
        stage.wait(TICK)
    list(walk(stage, {}, pages=3))
    pages = list(walk(stage, {"limit": "2"}))
    if following(pages[-1], {}) is not None:
        list(walk(stage, {"limit": "100"}))
    list(walk(stage, {}, pages=3))


@scenario(exports=2)
def filter_by_status(stage: Stage) -> None:
    """List by status while one job is over and another has just begun."""
    list(walk(stage, {}, pages=3))
    over = created(stage.send("createExportJob", json=order(stage)))
    if over is None:
        return
    finish(stage, over)
    fresh = created(stage.send("createExportJob", json=order(stage)))
    if fresh is None:
        return
    for status in ("NEW", "SUCCEEDED", "FAILED"):
        read(stage, fresh)
        list(walk(stage, {"limit": "2", "status": status}))
    read(stage, fresh)


@scenario(exports=2)
def cancel_a_job(stage: Stage) -> None:
    """Cancel one of two jobs as soon as it is there, look at both, and cancel it once more."""
    spared = created(stage.send("createExportJob", json=order(stage)))
    job = created(stage.send("createExportJob", json=order(stage)))
    if job is None or spared is None:
        return
    read(stage, job)
    stage.send("cancelExportJob", path={"EXPORT_JOB_ID": job})
    for _ in range(LOOKS):
        if settled(read(stage, job)):
            break
        stage.wait(stage.target.pace.poll)
    finish(stage, spared)
    read(stage, job)
    stage.send("cancelExportJob", path={"EXPORT_JOB_ID": job})


@scenario(exports=2)
def stopped_at_the_gateway(stage: Stage) -> None:
    """Each operation once in order, then without one of its headers, then with false credentials."""
    taken = stage.send("createExportJob", json=order(stage))
    job, spared = created(taken), created(stage.send("createExportJob", json=order(stage)))
    if job is None or spared is None:
        return
    twins = {
        "listExportJobs": stage.send("listExportJobs", query={"limit": "1"}).index,
        "retrieveExportJob": read(stage, spared).index,
        "createExportJob": taken.index,
        "cancelExportJob": stage.send("cancelExportJob", path={"EXPORT_JOB_ID": job}).index,
    }
    for operation, twin in twins.items():
        for name in GATES:
            _wrongly(stage, operation, spared, Intent(stage.name, f"header:{name}", twin), headers={name: None})
    for operation in ("listExportJobs", "createExportJob"):
        twin = twins[operation]
        _wrongly(stage, operation, spared, Intent(stage.name, "credential:wrong", twin), wrong=True)
        false_key = Intent(stage.name, "header:x-api-key:wrong", twin)
        _wrongly(stage, operation, spared, false_key, headers={"x-api-key": "no-such-key"})


def _wrongly(
    stage: Stage,
    operation: str,
    job: str,
    intent: Intent,
    *,
    headers: Mapping[str, str | None] | None = None,
    wrong: bool = False,
) -> None:
    stage.send(
        operation,
        path={"EXPORT_JOB_ID": job},
        json=order(stage) if operation == "createExportJob" else ...,
        headers=headers,
        auth="wrong" if wrong else "good",
        intent=intent,
    )


@scenario()
def refused_orders(stage: Stage) -> None:
    """An order that is taken, then the same with one required member less, then as another kind of content."""
    taken = stage.send("createExportJob", json=order(stage))
    if created(taken) is None:
        return
    for pointer in (
        "/destination",
        "/destination/datasetId",
        "/schema",
        "/schema/name",
        "/filter/segments/0/segmentId",
    ):
        spoilt = order(stage)
        *path, last = pointer.strip("/").split("/")
        holder: Json = spoilt
        for part in path:
            holder = holder[int(part) if isinstance(holder, list) else part]
        del holder[last]
        stage.send("createExportJob", json=spoilt, intent=Intent(stage.name, f"required:{pointer}", taken.index))
    stage.send(
        "createExportJob",
        body=b'{"destination": ',
        headers={"Content-Type": "application/json"},
        intent=Intent(stage.name, "syntax:/", taken.index),
    )
    for fault, value in (("header:Content-Type", "text/plain"), ("header:Content-Type:absent", None)):
        intent = Intent(stage.name, fault, taken.index)
        stage.send("createExportJob", json=order(stage), headers={"Content-Type": value}, intent=intent)


@scenario()
def unknown_job(stage: Stage) -> None:
    """Read and cancel a job that does not exist, beside one that does."""
    job = created(stage.send("createExportJob", json=order(stage)))
    if job is not None:
        known = read(stage, job)
        for operation in ("retrieveExportJob", "cancelExportJob"):
            intent = Intent(stage.name, "path:EXPORT_JOB_ID", known.index)
            stage.send(operation, path={"EXPORT_JOB_ID": other_than(job)}, intent=intent)


def other_than(job: str) -> str:
    """An id of the same form that no job is likely to have."""
    return str(int(job) + 987_654_321) if job.isdecimal() else job[:-4] + "f00d"


@scenario(needs=("failing_dataset_id",))
def failed_export(stage: Stage) -> None:
    """Export to a dataset that makes the job fail, and read why."""
    job = created(
        stage.send("createExportJob", json=order(stage, destination={"datasetId": stage.setting("failing_dataset_id")}))
    )
    if job is not None:
        finish(stage, job)
        read(stage, job)


@scenario(harmless=True, exports=0)
def look_around(stage: Stage) -> None:
    """Two pages of the list, one job of it, one job that is not there; nothing is created."""
    pages = list(walk(stage, {"limit": "2"}, pages=2))
    records = body(pages[0]).get("records")
    first = records[0] if isinstance(records, list) and records else None
    job = str(first["id"]) if isinstance(first, dict) and "id" in first else None
    if job is not None:
        known = read(stage, job)
        intent = Intent(stage.name, "path:EXPORT_JOB_ID", known.index)
        stage.send("retrieveExportJob", path={"EXPORT_JOB_ID": other_than(job)}, intent=intent)
    for name in GATES:
        stage.send("listExportJobs", headers={name: None}, intent=Intent(stage.name, f"header:{name}", pages[0].index))
