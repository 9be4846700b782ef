"""Requests that several journeys send."""

from __future__ import annotations

from export_contracts.model import Exchange, Json
from export_contracts.targets.stage import Stage

EXPORT = "exportCustomers"
IDS: tuple[Json, ...] = ({"type": "id", "id": "registered"}, {"type": "id", "id": "cookie"})
"""The two identifiers that the documents show."""


def export(stage: Stage, form: str = "table_json", **body: Json) -> Exchange:
    """An export in a format, with what else the body is to say."""
    return stage.send(EXPORT, json={**body, "format": form})


def some(items: list[Json]) -> Json:
    """Attributes that are listed."""
    return {"type": "some", "list": items}


def segment(stage: Stage, index: int) -> Json:
    """The filter for one segment of the target's segmentation."""
    return {"type": "segment", "segmentation_id": stage.setting("segment_id"), "segment_index": index}
