"""Journeys through the list of jobs: page after page, by status, among other people's. Single jobs stand elsewhere."""

from __future__ import annotations

from typing import Final

from export_contracts.model import Intent
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.adobe.scenarios_steps import (
    body,
    created,
    finish,
    following,
    order,
    other_than,
    read,
    walk,
)

GATES: Final = ("Authorization", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name")
TICK: Final = 1.1
"""Seconds between two jobs whose order is to be seen, more than the coarsest clock's step."""


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
    stage.send("listExportJobs", query={"limit": "2"})
