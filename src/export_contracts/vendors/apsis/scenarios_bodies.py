"""The bodies that journeys send, made from what the target declares. Nothing is sent here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from export_contracts.model import Json
from export_contracts.targets.stage import Stage

NAMES: Final = {"wanted": "segment_id", "other": "other_segment_id"}
LISTS: Final = ("attributes", "tags")


def body(stage: Stage, expression: str | None = "wanted", *, columns: bool = False) -> Json:
    """An order for the profiles that `expression` selects, None for all, with what this target's orders need besides.

    `columns` asks for the attributes and tags that the target declares.
    """
    settings = stage.target.settings
    order: dict[str, Json] = {}
    if expression is not None:
        used = [name for name in NAMES if re.search(rf"\b{name}\b", expression)]
        order["segments"] = {
            "timezone": settings.get("timezone") or "Europe/Stockholm",
            "segment_discriminators": {name: stage.setting(NAMES[name]) for name in used},
            "filter": expression,
        }
    if columns:
        order.update({name: items for name in LISTS if (items := listed(stage, name))})
    return {**order, **extra(stage)}


def extra(stage: Stage) -> dict[str, Json]:
    """Members that each order to this target needs: a table, or its JSON text."""
    given = stage.target.settings.get("body")
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            return {}
    return dict(given) if isinstance(given, dict) else {}


def listed(stage: Stage, name: str) -> list[Json]:
    """A setting that is a list; text is cut at its commas, and becomes items with a field_name where items are due."""
    given = stage.target.settings.get(name)
    if isinstance(given, list):
        return given
    if not isinstance(given, str):
        return []
    parts = [one.strip() for one in given.split(",") if one.strip()]
    return [{"field_name": one} for one in parts] if name in LISTS else list(parts)


def by_topics(stage: Stage, **changes: Json) -> Json:
    """An order narrowed by the target's topics; a change of None leaves the member out."""
    stage.setting("topics")
    members = {
        "topic_discriminators": listed(stage, "topics"),
        "channel_discriminator": stage.setting("channel"),
        "consent_list_discriminator": stage.target.settings.get("consent_list"),
    }
    changed = {name: value for name, value in {**members, **changes}.items() if value is not None}
    return {**changed, **extra(stage)}


def by_definition(stage: Stage) -> Json:
    """An order narrowed by an AQL query instead of a segment."""
    order = body(stage)
    segments = {name: one for name, one in order["segments"].items() if name != "segment_discriminators"}
    return {**order, "segments": {**segments, "segment_definitions": {"wanted": stage.setting("segment_definition")}}}


def changed(order: Json, **segments: Json) -> Json:
    """The order with members of `segments` replaced; None leaves one out."""
    merged = {**order["segments"], **segments}
    return {**order, "segments": {name: value for name, value in merged.items() if value is not None}}


def too_many(stage: Stage, name: str, count: int) -> Json:
    """An order with `count` topics, attributes or tags, made from those that the target declares."""
    items = listed(stage, "topics" if name == "topic_discriminators" else name)
    if name == "topic_discriminators":
        return by_topics(stage, topic_discriminators=list(_repeated(items, count)))
    return {**body(stage), name: list(_repeated(items, count))}


def _repeated(items: list[Json], count: int) -> Iterator[Json]:
    for number in range(count):
        item = items[number % len(items)]
        yield {**item, "field_name": f"column {number}"} if isinstance(item, dict) else item
