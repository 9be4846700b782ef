"""Journeys through Bloomreach's customer export: each sends a few related requests and compares nothing.

Each ends with the request it began with, so that a project that changes meanwhile is known for one.
"""

from __future__ import annotations

import csv
import re

from export_contracts.model import Exchange, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.bloomreach import declared
from export_contracts.vendors.bloomreach.declared import REST
from export_contracts.vendors.bloomreach.scenario_requests import IDS, export, segment, some

DAY = 86_400
MOST_PROPERTIES = 6
COMMON = ("email", "first_name", "last_name", "phone")
"""Properties that the vendor's samples and most projects have."""
LAST_PROBE = 8
"""The index at which looking for further segments ends."""
LIKELY_NAME = re.compile(r"[A-Za-z]\w*")
"""A label that may well be a property's name; others are titles, and would ask for what does not exist."""


@scenario(harmless=True, exports=3)
def formats(stage: Stage) -> None:
    """Export everybody as a JSON table and as CSV, and once more, to see whether the project stands still."""
    export(stage)
    export(stage, "csv")
    export(stage)


@scenario(exports=4)
def undocumented_format(stage: Stage) -> None:
    """Ask for native_json, which clients of the vendor use, beside the documented formats."""
    export(stage)
    export(stage, "native_json")
    export(stage, "native_json", attributes=some(list(IDS)))
    export(stage)


@scenario(exports=6, harmless=True)
def spelt_out_defaults(stage: Stage) -> None:
    """Leave everything out, then say each default in so many words."""
    export(stage)
    export(stage, attributes={"type": "properties_and_ids"})
    export(stage, attributes={})
    export(stage, filter={"type": "all"})
    export(stage, timezone="UTC")
    export(stage)


@scenario(exports=11, harmless=True)
def listed_attributes(stage: Stage) -> None:
    """List the documented identifiers and some properties, in both directions and both formats."""
    whole = export(stage)
    export(stage, attributes=some(list(IDS)))
    export(stage, attributes=some(list(IDS[::-1])))
    export(stage, attributes=some([IDS[0]]))
    export(stage, "csv")
    export(stage, "csv", attributes=some(list(IDS[::-1])))
    items = _shuffled(_properties(stage, whole))
    if len(items) > len(IDS):
        export(stage, attributes=some(items))
        export(stage, attributes=some(items[::-1]))
        export(stage, "csv", attributes=some(items))
        export(stage, attributes=some(_properties(stage, whole)[:2]))
    export(stage)


@scenario(exports=5, harmless=True)
def likely_attributes(stage: Stage) -> None:
    """List properties that most projects have, one by one; they may not exist."""
    export(stage)
    for name in COMMON:
        export(stage, attributes=some([IDS[0], {"type": "property", "property": name}]))
    export(stage)


def _properties(stage: Stage, whole: Exchange) -> list[Json]:
    """Properties that the target declares; else those that its own header suggests."""
    names = declared.properties(stage.target.settings) or [
        name
        for name in _header(whole)
        if name.casefold() not in {"registered", "cookie"} and LIKELY_NAME.fullmatch(name)
    ]
    return [{"type": "property", "property": name} for name in names[:MOST_PROPERTIES]]


def _header(exchange: Exchange) -> list[str]:
    body = exchange.view.get("response", {}).get("body")
    if isinstance(body, dict):
        header = body.get("header")
        return [one for one in header if isinstance(one, str)] if isinstance(header, list) else []
    return next(csv.reader([body.split("\n")[0]]), []) if isinstance(body, str) else []


def _shuffled(properties: list[Json]) -> list[Json]:
    """Properties and identifiers in an order that is neither the default nor alphabetical."""
    late, early = properties[::-2], properties[-2::-2]
    return [*late, IDS[1], *early, IDS[0]]


@scenario(needs=("segment_id",), exports=10, harmless=True)
def segments(stage: Stage) -> None:
    """Export everybody, then each known segment of the segmentation, then the rest, in both formats."""
    export(stage)
    index = declared.index(stage.target.settings)
    for one in declared.known_indexes(stage.target.settings):
        export(stage, filter=segment(stage, one))
    export(stage, "csv", filter=segment(stage, index))
    export(stage, "csv", filter=segment(stage, REST))
    export(stage, filter=segment(stage, index), attributes=some(list(IDS)))
    export(stage)


@scenario(needs=("segment_id",), exports=11, harmless=True)
def segments_found(stage: Stage) -> None:
    """Ask for one index of the segmentation after the other; the last ones may not exist."""
    export(stage)
    for index in (REST, *range(LAST_PROBE)):
        export(stage, filter=segment(stage, index))
    export(stage)


@scenario(needs=("segment_id",), exports=12, harmless=True)
def segments_by_default_zone(stage: Stage) -> None:
    """Export each known segment without a time zone and in UTC."""
    for one in declared.known_indexes(stage.target.settings):
        export(stage, filter=segment(stage, one))
        export(stage, filter=segment(stage, one), timezone="UTC")
        export(stage, filter=segment(stage, one))


@scenario(exports=5, harmless=True)
def other_times(stage: Stage) -> None:
    """Evaluate an hour ago, a year ago, and in other time zones."""
    now = int(stage.transport.now())
    export(stage, execution_time=now - 3600)
    export(stage, "csv", execution_time=now - 365 * DAY)
    export(stage, timezone="Africa/Lagos")
    export(stage, "csv", timezone="America/New_York")
    export(stage, execution_time=now - DAY, timezone="Asia/Tokyo")


@scenario(needs=("segment_id", "moments"), exports=4, harmless=True)
def past_segments(stage: Stage) -> None:
    """Export segments as of the moments whose members the target declares; in UTC with and without saying so."""
    for one in declared.moments(stage.target.settings):
        said: dict[str, Json] = {"execution_time": one.execution_time, "timezone": one.timezone}
        given = {name: value for name, value in said.items() if value is not None}
        export(stage, filter=segment(stage, one.index), **given)
        if one.timezone == "UTC":
            unsaid = {name: value for name, value in given.items() if name != "timezone"}
            export(stage, filter=segment(stage, one.index), **unsaid)
