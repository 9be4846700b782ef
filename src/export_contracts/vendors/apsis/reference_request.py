"""What the reference understands of an export request. Plain data in, an `Order` or a `Refused` out; no state.

Members that the document does not describe are ignored: among them is the one that names the compared attribute,
whose spelling no public copy of the document shows. Null counts as absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from export_contracts.model import Json
from export_contracts.vendors.apsis.reference_filter import BadFilter, compiled

LARGEST_BODY: Final = 100_000
MOST: Final = {"topic_discriminators": 20, "attributes": 30, "tags": 30}
"""The documents admit that there are bounds and name none; these are this server's."""

CHANNELS: Final = ("com.apsis1.channels.email", "com.apsis1.channels.sms")
_DISCRIMINATOR: Final = re.compile(r"^(?:usercreated|com\.apsis1)\.([a-z]+)\.\S+$")


class Refused(Exception):
    """The request is not carried out."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail


def bad(detail: str) -> Refused:
    """A refusal for a request that is malformed."""
    return Refused(400, "Bad Request", detail)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported. `segments` maps names to discriminators or AQL; `columns` maps headers to attributes."""

    segments: Mapping[str, str]
    filter: str | None
    topics: tuple[str, ...]
    channel: str | None
    columns: Mapping[str, str]


def read(body: bytes) -> Order:
    """The order in a request body; raises `Refused`."""
    if len(body) > LARGEST_BODY:
        raise Refused(413, "Payload Too Large", f"The body has more than {LARGEST_BODY} bytes.")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise bad("The body is not JSON.") from None
    if not isinstance(data, dict):
        raise bad("The body is not a JSON object.")
    for name, most in MOST.items():
        if isinstance(data.get(name), list) and len(data[name]) > most:
            raise Refused(413, "Payload Too Large", f"{name} holds more than {most} items.")
    segments, expression = _segments(data.get("segments"))
    topics, channel = _topics(data)
    columns = {**_columns(data, "attributes"), **_columns(data, "tags")}
    return Order(segments, expression, topics, channel, columns)


def _segments(value: Json) -> tuple[dict[str, str], str | None]:
    if value is None:
        return {}, None
    if not isinstance(value, dict):
        raise bad("segments is not an object.")
    if not isinstance(value.get("timezone"), str | None):
        raise bad("segments.timezone is not text.")
    maps = [name for name in ("segment_discriminators", "segment_definitions") if value.get(name) is not None]
    if len(maps) != 1:
        raise bad("segments needs either segment_discriminators or segment_definitions.")
    named = value[maps[0]]
    if not isinstance(named, dict) or not named or not all(isinstance(one, str) and one for one in named.values()):
        raise bad(f"segments.{maps[0]} is not an object that maps names to text.")
    if maps[0] == "segment_discriminators":
        for one in named.values():
            _discriminator(one, "segments")
    expression = value.get("filter")
    if not isinstance(expression, str):
        raise bad("segments.filter is missing or not text.")
    try:
        compiled(expression, named.keys())
    except BadFilter as error:
        raise bad(f"segments.filter cannot be read: {error}.") from None
    return named, expression


def _topics(data: Mapping[str, Json]) -> tuple[tuple[str, ...], str | None]:
    topics, channel = data.get("topic_discriminators"), data.get("channel_discriminator")
    if topics is None and channel is None:
        return (), None
    if not isinstance(topics, list) or not topics:
        raise bad("topic_discriminators must hold one topic or more beside channel_discriminator.")
    for one in topics:
        _discriminator(one, "topics")
    if not isinstance(channel, str) or channel not in CHANNELS:
        raise bad("channel_discriminator must name a channel beside topic_discriminators.")
    return tuple(topics), channel


def _discriminator(value: Json, kind: str) -> None:
    match = _DISCRIMINATOR.match(value) if isinstance(value, str) else None
    if match is None or match.group(1) != kind:
        raise bad(f"{value!r} is no discriminator of {kind}.")


def _columns(data: Mapping[str, Json], name: str) -> dict[str, str]:
    """Header to what it shows: the item itself, or `field_name` and whatever other text the item holds."""
    items = data.get(name)
    if items is None:
        return {}
    if not isinstance(items, list):
        raise bad(f"{name} is not a list.")
    columns: dict[str, str] = {}
    for item in items:
        fields = {"field_name": item} if isinstance(item, str) else item
        header = fields.get("field_name") if isinstance(fields, dict) else None
        if not isinstance(header, str) or not header:
            raise bad(f"An item of {name} has no field_name.")
        others = [one for key, one in fields.items() if key != "field_name" and isinstance(one, str)]
        columns[header] = others[0] if others else header
    return columns
