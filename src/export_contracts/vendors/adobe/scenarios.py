"""Journeys through Adobe's export jobs: an exemplary client, which asserts nothing.

What it does wrong on purpose is marked by an intent. Jobs of real platforms take minutes, so every journey
asks for little and polls to any end; other people's jobs may come and go meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from export_contracts.model import Exchange, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage

TERMINAL: Final = ("SUCCEEDED", "FAILED")
PAGES: Final = 30
"""Pages of two jobs that a walk visits before it goes on in larger ones."""
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
    """Look until the job is over, or gone."""
    return stage.poll(lambda: read(stage, job), lambda seen: seen.status != 200 or body(seen).get("status") in TERMINAL)


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


@scenario(exports=3)
def walk_the_list(stage: Stage) -> None:
    """Create jobs, then visit the list two by two until its end."""
    for _ in range(3):
        stage.send("createExportJob", json=order(stage))
        stage.wait(TICK)
    pages = list(walk(stage, {"limit": "2"}))
    if following(pages[-1], {}) is not None:
        list(walk(stage, {"limit": "100"}))
    list(walk(stage, {}, pages=3))
