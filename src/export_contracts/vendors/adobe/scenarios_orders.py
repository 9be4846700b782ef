"""Journeys of single jobs: ordered, looked at until they are over, cancelled. Lists and refusals stand elsewhere.

Jobs of real platforms take minutes, so every journey asks for little and polls to any end.
"""

from __future__ import annotations

from typing import Final

from export_contracts.model import Intent
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.adobe.scenarios_steps import created, finish, gather, order, read, settled, walk

SAMPLE_SEGMENTS: Final = ("52c26d0d-45f2-47a2-ab30-ed06abc981ff", "4edc8488-2c35-4f6b-b4c6-9075c68d2df4")
SAMPLE_POLICY: Final = "timestampOrdered-none-mp"
"""Ids of the kind that the documents use in their samples."""
HOUR: Final = 3_600.0
LONG: Final = "in a day"
REAL_WHILE: Final = 20.0
"""Seconds that a job may really take on a target whose clock can be turned."""
LOOKS: Final = 8
"""Looks at a cancelled job, whose end is documented nowhere."""


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


@scenario(exports=2)
def export_with_halves(stage: Stage) -> None:
    """Order with the one bound and not the other, events by fields alone and by time alone, and who has left."""
    since, until = order(stage), order(stage)
    since["filter"]["segmentQualificationTime"] = {"startTime": "2018-01-01T00:00:00Z"}
    since["additionalFields"] = {"eventList": {"fields": "environment.browserDetails.name"}}
    until["filter"]["segmentQualificationTime"] = {"endTime": "2025-02-01T00:00:00Z"}
    until["filter"]["segments"][0]["status"] = ["realized", "exited"]
    until["additionalFields"] = {"eventList": {"filter": {"fromIngestTimestamp": "2018-10-25T13:22:04-07:00"}}}
    for wanted in (since, until):
        job = created(stage.send("createExportJob", json=wanted))
        if job is not None:
            read(stage, job)


@scenario()
def export_everything(stage: Stage) -> None:
    """Order without a filter, which asks for the whole store: legal, and marked as what nobody should do unawares."""
    wanted = {name: value for name, value in order(stage).items() if name != "filter"}
    job = created(stage.send("createExportJob", json=wanted, intent=Intent(stage.name, "whole-store")))
    if job is not None:
        finish(stage, job)


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
    wanted["filter"]["segments"][0]["segmentNs"] = "ups"
    wanted["destination"]["segmentPerBatch"] = True
    job = created(stage.send("createExportJob", json=wanted))
    if job is not None:
        read(stage, job)
        seen = finish(stage, job)
        read(stage, job)
        stage.send("listExportJobs", query={"limit": "3"})
        gather(stage, seen)


@scenario(exports=3)
def cancel_a_job(stage: Stage) -> None:
    """Cancel one of two jobs as soon as it is there, look at both and at others, and cancel it once more.

    What ends badly beside the cancelled job is ordered again, to see whether it does by itself.
    """
    list(walk(stage, {"limit": "100"}, pages=1))
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
    again = created(stage.send("createExportJob", json=order(stage)))
    if again is not None:
        finish(stage, again)
    read(stage, job)
    list(walk(stage, {"limit": "100"}, pages=3))
    stage.send("cancelExportJob", path={"EXPORT_JOB_ID": job})


@scenario(needs=("clock",))
def a_day_for_an_export(stage: Stage) -> None:
    """Order, and where no end comes in the time granted, look on for the rest of a day, a little before tokens end."""
    ordered = stage.send("createExportJob", json=order(stage))
    job = created(ordered)
    if job is None or finish(stage, job) is not None:
        return
    stage.transport.sleep(min(stage.target.pace.deadline, REAL_WHILE))
    for hours in (1.0, 2.0, 4.0, 8.0, 12.0, 16.0, 20.0, 23.0):
        stage.advance(max(0.0, ordered.ended + hours * HOUR - stage.transport.now()))
        if settled(stage.send("retrieveExportJob", path={"EXPORT_JOB_ID": job}, intent=Intent(LONG))):
            return


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
