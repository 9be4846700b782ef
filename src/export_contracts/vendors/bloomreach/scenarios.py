"""Journeys through Bloomreach's customer export: each sends a few related requests and compares nothing."""

from __future__ import annotations

import base64
import csv
import re
from collections.abc import Mapping

from export_contracts.model import Exchange, Intent, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.bloomreach import declared
from export_contracts.vendors.bloomreach.declared import REST

EXPORT = "exportCustomers"
IDS: tuple[Json, ...] = ({"type": "id", "id": "registered"}, {"type": "id", "id": "cookie"})
DAY = 86_400
MOST_PROPERTIES = 6
LIKELY_NAME = re.compile(r"[A-Za-z]\w*")
"""A label that may well be a property's name; others are titles, and would ask for what does not exist."""


def _export(stage: Stage, form: str = "table_json", **body: Json) -> Exchange:
    return stage.send(EXPORT, json={**body, "format": form})


def _faulty(
    stage: Stage, fault: str, twin: Exchange, *, headers: Mapping[str, str | None] | None = None, json: Json = None
) -> Exchange:
    body = {"format": "table_json"} if json is None else json
    return stage.send(EXPORT, json=body, headers=headers, intent=Intent(stage.name, fault, twin.index))


def _basic(key_id: str, secret: str) -> dict[str, str | None]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key_id}:{secret}".encode()).decode()}


@scenario(harmless=True, exports=3)
def formats(stage: Stage) -> None:
    """Export everybody as a JSON table and as CSV, and once more, to see whether the project stands still."""
    _export(stage)
    _export(stage, "csv")
    _export(stage)


@scenario(exports=3)
def undocumented_format(stage: Stage) -> None:
    """Ask for native_json, which clients of the vendor use, beside the documented formats."""
    _export(stage)
    _export(stage, "native_json")
    _export(stage, "native_json", attributes=_some(list(IDS)))


@scenario(exports=4)
def spelt_out_defaults(stage: Stage) -> None:
    """Leave everything out, then say each default in so many words."""
    _export(stage)
    _export(stage, attributes={"type": "properties_and_ids"})
    _export(stage, filter={"type": "all"})
    _export(stage, timezone="UTC")


@scenario(exports=9)
def listed_attributes(stage: Stage) -> None:
    """List the documented identifiers and some properties, in both directions and both formats."""
    whole = _export(stage)
    _export(stage, attributes=_some(list(IDS)))
    _export(stage, attributes=_some(list(IDS[::-1])))
    _export(stage, "csv")
    _export(stage, "csv", attributes=_some(list(IDS[::-1])))
    items = _shuffled(_properties(stage, whole))
    if len(items) > len(IDS):
        _export(stage, attributes=_some(items))
        _export(stage, attributes=_some(items[::-1]))
        _export(stage, "csv", attributes=_some(items))
    _export(stage)


def _some(items: list[Json]) -> Json:
    return {"type": "some", "list": items}


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


@scenario(needs=("segment_id",), exports=6)
def segments(stage: Stage) -> None:
    """Export everybody, then each known segment of the segmentation, then the rest, in both formats."""
    _export(stage)
    index = declared.index(stage.target.settings)
    for one in declared.known_indexes(stage.target.settings):
        _export(stage, filter=_segment(stage, one))
    _export(stage, "csv", filter=_segment(stage, index))
    _export(stage, "csv", filter=_segment(stage, REST))
    _export(stage, filter=_segment(stage, index), attributes=_some(list(IDS)))
    _export(stage)


def _segment(stage: Stage, index: int) -> Json:
    return {"type": "segment", "segmentation_id": stage.setting("segment_id"), "segment_index": index}


@scenario(needs=("segment_id",), exports=4)
def segments_by_default_zone(stage: Stage) -> None:
    """Export each known segment without a time zone and in UTC."""
    for one in declared.known_indexes(stage.target.settings):
        _export(stage, filter=_segment(stage, one))
        _export(stage, filter=_segment(stage, one), timezone="UTC")


@scenario(exports=5)
def other_times(stage: Stage) -> None:
    """Evaluate an hour ago, a year ago, and in other time zones."""
    now = int(stage.transport.now())
    _export(stage, execution_time=now - 3600)
    _export(stage, "csv", execution_time=now - 365 * DAY)
    _export(stage, timezone="Africa/Lagos")
    _export(stage, "csv", timezone="America/New_York")
    _export(stage, execution_time=now - DAY, timezone="Asia/Tokyo")


@scenario(needs=("segment_id", "moments"), exports=3)
def past_segments(stage: Stage) -> None:
    """Export segments as of the moments whose members the target declares."""
    for one in declared.moments(stage.target.settings):
        said: dict[str, Json] = {"execution_time": one.execution_time, "timezone": one.timezone}
        given = {name: value for name, value in said.items() if value is not None}
        _export(stage, filter=_segment(stage, one.index), **given)


@scenario(exports=1)
def refused_credentials(stage: Stage) -> None:
    """Export with no key, a key that does not exist, a wrong secret, and with public access."""
    twin = _export(stage)
    key_id, secret = str(stage.setting("key_id")), str(stage.setting("secret"))
    _faulty(stage, "credential:absent", twin, headers={"Authorization": None})
    _faulty(stage, "credential:unknown-key", twin, headers=_basic(key_id[::-1] + "-wrong", secret))
    _faulty(stage, "credential:wrong-secret", twin, headers=_basic(key_id, secret[::-1] + "-wrong"))
    _faulty(stage, "credential:empty-secret", twin, headers=_basic(key_id, ""))
    for name in ("public_token", "project_token", "key_id"):
        if name in stage.target.features:
            public = {"Authorization": f"Token {stage.setting(name)}"}
            _faulty(stage, "credential:public", twin, headers=public)


@scenario(needs=("key_id_without_permission", "secret_without_permission"), exports=1)
def refused_permission(stage: Stage) -> None:
    """Export with a private key that may not export customers."""
    twin = _export(stage)
    key_id, secret = (str(stage.setting(f"{name}_without_permission")) for name in ("key_id", "secret"))
    _faulty(stage, "credential:without-permission", twin, headers=_basic(key_id, secret))


@scenario(exports=1)
def refused_project(stage: Stage) -> None:
    """Export from a project that is not the key's."""
    twin = _export(stage)
    stage.send(
        EXPORT,
        json={"format": "table_json"},
        path={"projectToken": "00000000-0000-4000-8000-000000000000"},
        intent=Intent(stage.name, "path:project", twin.index),
    )


@scenario(exports=2)
def refused_bodies(stage: Stage) -> None:
    """Export without a format, with a list that is missing, and with a body that is no JSON."""
    plain = _export(stage)
    _faulty(stage, "required:/format", plain, json={})
    listed = _export(stage, attributes=_some(list(IDS)))
    _faulty(stage, "required:/format", listed, json={"attributes": _some(list(IDS))})
    _faulty(stage, "required:/attributes/list", listed, json={"attributes": {"type": "some"}, "format": "table_json"})
    stage.send(
        EXPORT,
        body=b'{"format": "table_json"',
        headers={"Content-Type": "application/json"},
        intent=Intent(stage.name, "syntax:/", plain.index),
    )
