"""Journeys through Braze's segment export."""

from __future__ import annotations

from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage


@scenario()
def export_to_url(stage: Stage) -> None:
    """Start an export, look at once, then poll until the file is there."""
    started = stage.send(
        "exportUsersBySegment",
        json={"segment_id": stage.setting("segment_id"), "fields_to_export": ["external_id"]},
    )
    url = started.view.get("response", {}).get("body", {}).get("url")
    if isinstance(url, str):
        stage.poll(lambda: stage.follow(url, "downloadExport"), lambda seen: seen.status == 200)
