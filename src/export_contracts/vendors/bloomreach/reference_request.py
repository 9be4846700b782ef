"""What a request asks for, read from its body by rules written down from the documents. Answers nothing.

Where the documents are silent (an unknown format, a list beside `properties_and_ids`, a segment filter
without its index) this strict server refuses; another implementation may do otherwise. Null counts as absent.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Final, TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from export_contracts.model import MISSING

FORMATS: Final = ("csv", "table_json", "native_json")
KEY_OF_KIND: Final = {
    "id": "id",
    "property": "property",
    "segmentation": "id",
    "aggregate": "id",
    "expression": "id",
    "prediction": "id",
    "consent": "category",
}
"""Which member of a list item names the attribute, by the item's type."""
DEFAULT_ZONE: Final = "UTC"
INT32: Final = 2**31


class Refused(Exception):
    """The request cannot be carried out: status and sentence of the answer."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True)
class Column:
    """One attribute of customers: `kind` is the item's type, `name` the id, property or category."""

    kind: str
    name: str

    def as_item(self) -> dict[str, str]:
        """The attribute as list items and native_json fields spell it."""
        return {"type": self.kind, KEY_OF_KIND[self.kind]: self.name}


@dataclass(frozen=True)
class Ask:
    """A readable request. `columns` None means everything; `segment` None means everybody.

    `moment` is in seconds since the epoch, None for now.
    """

    format: str
    columns: tuple[Column, ...] | None
    segment: tuple[str, int] | None
    moment: int | None
    zone: ZoneInfo


def read_private_key(header: str) -> tuple[str, str]:
    """Key id and secret from an Authorization header of the scheme Basic."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        raise Refused(401, "access key not provided")
    try:
        key_id, colon, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except ValueError:
        raise Refused(401, "access key not provided") from None
    if not colon:
        raise Refused(401, "access key not provided")
    return key_id, secret


def read_body(body: bytes) -> dict[str, Any]:
    """The body as a JSON object."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "Invalid JSON") from None
    if not isinstance(value, dict):
        raise Refused(400, "The body is not an object")
    return value


def read_format(body: dict[str, Any]) -> str:
    """The output format, the only thing a request must name."""
    if body.get("format") not in FORMATS:
        raise Refused(400, "format is missing or unknown")
    return str(body["format"])


def read_columns(body: dict[str, Any]) -> tuple[Column, ...] | None:
    """The listed columns in order; None for all properties and identifiers."""
    attributes = body.get("attributes")
    if attributes is None:
        return None
    if not isinstance(attributes, dict):
        raise Refused(400, "attributes is not an object")
    kind = "properties_and_ids" if attributes.get("type") is None else attributes["type"]
    listed = attributes.get("list")
    if kind == "properties_and_ids":
        if listed is not None:
            raise Refused(400, "attributes.list is only available with type some")
        return None
    if kind != "some":
        raise Refused(400, "attributes.type is unknown")
    if not isinstance(listed, list):
        raise Refused(400, "attributes.list is required with type some")
    return tuple(_column(item) for item in listed)


def _column(item: Any) -> Column:
    kind = item.get("type") if isinstance(item, dict) else None
    name = item.get(KEY_OF_KIND[kind]) if kind in KEY_OF_KIND else None
    if not isinstance(kind, str) or not isinstance(name, str) or not name:
        raise Refused(400, "attributes.list holds something that is no attribute")
    return Column(kind, name)


def read_segment(body: dict[str, Any]) -> tuple[str, int] | None:
    """Segmentation and index of the filter; None for everybody."""
    wanted = body.get("filter")
    if wanted is None:
        return None
    kind = wanted.get("type") if isinstance(wanted, dict) else MISSING
    if kind not in ("all", "segment", None):
        raise Refused(400, "filter is unknown")
    if kind != "segment":
        return None
    segmentation, index = wanted.get("segmentation_id"), wanted.get("segment_index")
    if isinstance(index, float) and index.is_integer():
        index = int(index)  # PHP writes a whole number of its floats as 1.0
    if not isinstance(segmentation, str) or not _is_int32(index) or index < -1:
        raise Refused(400, "filter needs segmentation_id and segment_index")
    return segmentation, index


def read_moment(body: dict[str, Any]) -> int | None:
    """The execution time in seconds; a fraction is tolerated, as sibling endpoints take one."""
    moment = body.get("execution_time")
    if moment is None:
        return None
    if isinstance(moment, float):
        moment = int(moment)
    if not _is_int32(moment):
        raise Refused(400, "execution_time is no 32-bit timestamp")
    return int(moment)


def read_zone(body: dict[str, Any]) -> ZoneInfo:
    """The time zone, UTC by default."""
    name = body.get("timezone")
    try:
        return ZoneInfo(DEFAULT_ZONE if name is None else name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise Refused(400, "timezone is unknown") from None


def _is_int32(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and -INT32 <= value < INT32
