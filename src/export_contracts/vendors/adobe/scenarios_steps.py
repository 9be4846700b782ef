"""Steps that journeys through the export jobs are made of. No journey here, and nothing asserted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl

from export_contracts.model import Exchange, Intent, Json
from export_contracts.targets.stage import Stage

RUNNING: Final = ("NEW", "PROCESSING")
PAGES: Final = 30
"""Pages of two jobs that a walk visits before it goes on in larger ones."""


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
    """Look until the job is over, in whatever state, or gone; one that takes too long is marked overdue."""
    seen = stage.poll(lambda: read(stage, job), settled)
    if seen is None:
        stage.send("retrieveExportJob", path={"EXPORT_JOB_ID": job}, intent=Intent("overdue"))
    return seen


def gather(stage: Stage, seen: Exchange | None) -> None:
    """Collect the files of a job that has succeeded, once no more come, where the target declares a bucket."""
    if seen is None or body(seen).get("status") != "SUCCEEDED" or "bucket" not in stage.target.features:
        return
    counts: list[int] = []

    def still(files: int) -> bool:
        counts.append(files)
        return files > 0 and counts[-2:] == [files, files]

    stage.poll(lambda: len(stage.collect()), still)


def settled(seen: Exchange) -> bool:
    """Whether no change is to be expected any more."""
    return seen.status != 200 or body(seen).get("status") not in RUNNING


def following(exchange: Exchange, asked: Mapping[str, str]) -> dict[str, str] | None:
    """The query of the next page: what the link says, and what it leaves unsaid as asked before."""
    link = body(exchange).get("link")
    after = link.get("next") if isinstance(link, dict) else None
    if not isinstance(after, str) or not after:
        return None
    said = dict(parse_qsl(after.partition("?")[2].partition("#")[0]))
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


def wrongly(
    stage: Stage,
    operation: str,
    job: str,
    intent: Intent,
    *,
    headers: Mapping[str, str | None] | None = None,
    wrong: bool = False,
) -> None:
    """Send a request of the operation with the fault its intent names."""
    stage.send(
        operation,
        path={"EXPORT_JOB_ID": job},
        json=order(stage) if operation == "createExportJob" else ...,
        headers=headers,
        auth="wrong" if wrong else "good",
        intent=intent,
    )


def other_than(job: str) -> str:
    """An id of the same form that no job is likely to have."""
    return str(int(job) + 987_654_321) if job.isdecimal() else job[:-4] + "f00d"
