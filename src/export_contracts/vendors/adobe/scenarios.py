"""Journeys through Adobe's export jobs: an exemplary client, which asserts nothing.

What it does wrong on purpose is marked by an intent. Jobs of real platforms take minutes, so every journey
asks for little and polls to any end; other people's jobs may come and go meanwhile.
"""

from __future__ import annotations

from typing import Final

from export_contracts.model import Intent, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.adobe.scenarios_steps import (
    body,
    created,
    finish,
    following,
    gather,
    order,
    other_than,
    read,
    settled,
    walk,
    wrongly,
)

SAMPLE_SEGMENTS: Final = ("52c26d0d-45f2-47a2-ab30-ed06abc981ff", "4edc8488-2c35-4f6b-b4c6-9075c68d2df4")
SAMPLE_POLICY: Final = "timestampOrdered-none-mp"
"""Ids of the kind that the documents use in their samples."""
LOOKS: Final = 8
"""Looks at a cancelled job, whose end is documented nowhere."""
GATES: Final = ("Authorization", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name")
BREAKDOWN: Final = 500
"""A status that is asked for again: twice is no accident."""
TICK: Final = 1.1
"""Seconds between two jobs whose order is to be seen, more than the coarsest clock's step."""


@scenario()
def export_one_segment(stage: Stage) -> None:
    """Order an export, look at once, then until it is over; find it in the list."""
    job = created(stage.send("createExportJob", json=order(stage)))
    if job is None:
        return
    read(stage, job)
    seen = finish(stage, job)
    read(stage, job)
    stage.send("listExportJobs", query={"limit": "5"})
    gather(stage, seen)


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
            "segmentQualificationTime": {"startTime": "2018-01-01T01:02:03Z", "endTime": "2025-02-01T21:22:23Z"},
            "fromIngestTimestamp": "2018-01-01T14:15:16Z",
            "emptyProfiles": True,
        }
    )
    wanted["destination"]["segmentPerBatch"] = False
    job = created(stage.send("createExportJob", json=wanted))
    if job is not None:
        read(stage, job)
        seen = finish(stage, job)
        stage.send("listExportJobs", query={"limit": "3"})
        gather(stage, seen)


@scenario()
def export_two_segments(stage: Stage) -> None:
    """Order two segments under one merge policy, and see both come back.

    Where the target declares no second segment or policy, the guide's own stand in. They may be refused.
    """
    known = stage.target.settings
    sample = next(one for one in SAMPLE_SEGMENTS if one != known.get("segment_id"))
    wanted = order(stage, mergePolicy={"id": known.get("merge_policy_id") or SAMPLE_POLICY, "version": 1})
    wanted["filter"]["segments"].append({"segmentId": known.get("second_segment_id") or sample})
    job = created(stage.send("createExportJob", json=wanted))
    if job is not None:
        read(stage, job)
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
        seen = finish(stage, job)
        read(stage, job)
        stage.send("listExportJobs", query={"limit": "3"})
        gather(stage, seen)


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


@scenario(exports=3)
def filter_by_status(stage: Stage) -> None:
    """List by status while one job is over and two others have just begun."""
    list(walk(stage, {}, pages=3))
    over = created(stage.send("createExportJob", json=order(stage)))
    if over is None:
        return
    finish(stage, over)
    fresh = [created(stage.send("createExportJob", json=order(stage))) for _ in range(2)]
    new = {"limit": "10", "status": "NEW"}
    list(walk(stage, new, pages=1))
    # one by one, so that a second page of NEW jobs would begin with another kind were the filter forgotten
    for status, limit in (("NEW", "1"), ("SUCCEEDED", "2"), ("FAILED", "2")):
        for job in filter(None, fresh):
            read(stage, job)
        list(walk(stage, {"limit": limit, "status": status}))
    for job in filter(None, (*fresh, over)):
        read(stage, job)
    if fresh[0] is not None:
        begun = fresh[0]
        stage.poll(lambda: read(stage, begun), lambda seen: body(seen).get("status") != "NEW")
        list(walk(stage, new, pages=1))


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
        stage.wait_for_work(stage.target.pace.poll)
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
            wrongly(stage, operation, spared, Intent(stage.name, f"header:{name}", twin), headers={name: None})
    for operation, twin in twins.items():
        wrongly(stage, operation, spared, Intent(stage.name, "credential:wrong", twin), wrong=True)
        false_key = Intent(stage.name, "header:x-api-key:wrong", twin)
        wrongly(stage, operation, spared, false_key, headers={"x-api-key": "no-such-key"})


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
            sent = stage.send(operation, path={"EXPORT_JOB_ID": other_than(job)}, intent=intent)
            if sent.status == BREAKDOWN:
                stage.send(operation, path={"EXPORT_JOB_ID": other_than(job)}, intent=intent)


@scenario(needs=("failing_dataset_id",))
def failed_export(stage: Stage) -> None:
    """Export to a dataset that makes the job fail, and read why."""
    job = created(
        stage.send("createExportJob", json=order(stage, destination={"datasetId": stage.setting("failing_dataset_id")}))
    )
    if job is not None:
        finish(stage, job)
        read(stage, job)
        list(walk(stage, {"limit": "5"}, pages=2))
        list(walk(stage, {"limit": "5", "status": "FAILED"}, pages=2))


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
