"""Journeys that Adobe must stop: one thing wrong on purpose, beside a request that was served.

Each ends with a request that is served again, so that a breakdown in between is known for an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from export_contracts.model import Intent, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.adobe.scenarios_steps import created, order, other_than, read, wrongly

GATES: Final = ("Authorization", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name")


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
    bare = stage.credentials()["Authorization"].partition(" ")[2]
    for operation in ("listExportJobs", "retrieveExportJob"):
        for fault, given in (("scheme", bare), ("other-scheme", f"Token {bare}")):
            intent = Intent(stage.name, f"header:Authorization:{fault}", twins[operation])
            wrongly(stage, operation, spared, intent, headers={"Authorization": given})
    for operation, twin in twins.items():
        wrongly(stage, operation, spared, Intent(stage.name, "credential:wrong", twin), wrong=True)
        false_key = Intent(stage.name, "header:x-api-key:wrong", twin)
        wrongly(stage, operation, spared, false_key, headers={"x-api-key": "no-such-key"})
    read(stage, spared)


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
    stage.send("createExportJob", json=order(stage))


UNREADABLE: Final[Mapping[str, Json]] = {
    "format:/filter/segmentQualificationTime/startTime": "last week",
    "format:/filter/fromIngestTimestamp": "01/02/2018",
    "type:/filter/emptyProfiles": "certainly",
}
"""Faults, and what stands in the place that each of them names; what is taken nevertheless spoils no list of jobs."""


@scenario()
def unreadable_orders(stage: Stage) -> None:
    """An order that is taken, then the same with a member that is nothing of the kind that the guide describes."""
    taken = stage.send("createExportJob", json=order(stage))
    if created(taken) is None:
        return
    for fault, value in UNREADABLE.items():
        spoilt: Json = order(stage)
        *path, last = fault.partition(":/")[2].split("/")
        holder = spoilt
        for part in path:
            holder = holder.setdefault(part, {})
        holder[last] = value
        stage.send("createExportJob", json=spoilt, intent=Intent(stage.name, fault, taken.index))
    for fault, blank in (("blank:/fields", {"fields": ""}), ("blank:/filter", {"filter": {}})):
        stage.send("createExportJob", json=order(stage, **blank), intent=Intent(stage.name, fault, taken.index))


@scenario()
def unknown_job(stage: Stage) -> None:
    """Read and cancel a job that does not exist, beside one that does."""
    job = created(stage.send("createExportJob", json=order(stage)))
    if job is not None:
        known = read(stage, job)
        for operation in ("retrieveExportJob", "cancelExportJob"):
            intent = Intent(stage.name, "path:EXPORT_JOB_ID", known.index)
            stage.send(operation, path={"EXPORT_JOB_ID": other_than(job)}, intent=intent)
        read(stage, job)
