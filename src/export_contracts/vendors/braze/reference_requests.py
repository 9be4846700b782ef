"""How the reference reads a request: its own model of what may be asked, written from the documents.

Pure: bytes in, order or faults out. No state, no answers, and nothing of the contract's schemas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from export_contracts.model import Json, Request, Unreadable

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of body accepted; "4 MB" is read generously as MiB."""

MOST_ATTRIBUTES: Final = 500

FIELDS: Final = (
    *("apps", "attributed_campaign", "attributed_source", "attributed_adgroup", "attributed_ad", "braze_id"),
    *("campaigns_received", "canvases_received", "cards_clicked", "country", "created_at", "created_from"),
    *("custom_attributes", "custom_events", "devices", "dob", "email", "email_subscribe", "external_id"),
    *("first_name", "gender", "home_city", "language", "last_coordinates", "last_name", "phone", "purchases"),
    *("push_subscribe", "push_tokens", "random_bucket", "time_zone", "total_revenue", "uninstalled_at"),
    "user_aliases",
)
"""The union of every published list: names that a later list forgot are still used in its text."""


@dataclass(frozen=True, slots=True)
class Order:
    """A request for an export, understood."""

    segment_id: str
    fields: tuple[str, ...]
    custom_attributes: tuple[str, ...] = ()
    output_format: str = "zip"
    callback: str | None = None


def bearer(request: Request) -> str | None:
    """The key of an Authorization header; None where it is absent, twice there, or of another scheme."""
    values = request.headers.all("authorization")
    scheme, _, key = values[0].partition(" ") if len(values) == 1 else ("", "", "")
    key = key.lstrip(" ")  # HTTP lets more than one blank stand between
    return key if scheme.lower() == "bearer" and key else None


def sends_json(request: Request) -> bool:
    """Whether the request says that its body is JSON."""
    declared = request.headers.get("content-type") or ""
    return declared.split(";")[0].strip().lower() == "application/json"


def faults(body: Json | Unreadable) -> list[str]:
    """Everything wrong with the body of an export request, one sentence each; empty when it is valid."""
    unreadable = syntax_faults(body)
    if unreadable:
        return unreadable
    return [
        *_segment_faults(body),
        *_field_faults(body),
        *_attribute_faults(body),
        *_optional_faults(body),
    ]


def syntax_faults(body: Json | Unreadable) -> list[str]:
    """What keeps the body from being a JSON object."""
    if isinstance(body, Unreadable):
        return [f"The request body could not be read: {body.reason}"]
    return [] if isinstance(body, dict) else ["The request body must be a JSON object"]


def cancel_faults(body: Json | Unreadable) -> list[str]:
    """Everything wrong with the body of a request to cancel."""
    return syntax_faults(body) or _segment_faults(body)


def order(body: Json) -> Order:
    """The order in a body without faults."""
    fields = tuple(dict.fromkeys(body["fields_to_export"]))
    return Order(
        segment_id=body["segment_id"],
        fields=fields,
        # Naming single attributes has no effect beside a request for all of them.
        custom_attributes=() if "custom_attributes" in fields else tuple(body.get("custom_attributes_to_export") or ()),
        output_format=body.get("output_format") or "zip",
        callback=body.get("callback_endpoint"),
    )


def can_be_called(address: str) -> bool:
    """Whether a callback address is one to which HTTP can be sent."""
    try:
        split = urlsplit(address)
        return split.scheme in {"http", "https"} and bool(split.hostname)
    except ValueError:
        return False


def _segment_faults(body: Json) -> list[str]:
    value = body.get("segment_id")
    if "segment_id" not in body:
        return ["segment_id is required"]
    return [] if isinstance(value, str) and value else ["segment_id must be a non-empty string"]


def _field_faults(body: Json) -> list[str]:
    if "fields_to_export" not in body:
        return ["fields_to_export is required"]
    names = body["fields_to_export"]
    if not _strings(names):
        return ["fields_to_export must be an array of strings"]
    if not names:
        return ["fields_to_export must name at least one field"]
    return [f"{name!r:.80} is no valid name in fields_to_export" for name in names if name not in FIELDS]


def _attribute_faults(body: Json) -> list[str]:
    names = body.get("custom_attributes_to_export")
    if names is None:
        return []
    if not _strings(names):
        return ["custom_attributes_to_export must be an array of strings"]
    return (
        [f"custom_attributes_to_export must not name more than {MOST_ATTRIBUTES}"]
        if len(names) > MOST_ATTRIBUTES
        else []
    )


def _optional_faults(body: Json) -> list[str]:
    """Null is taken for absent, as no document tells the two apart: many clients write it for what they leave out."""
    found = []
    if body.get("output_format") not in ("zip", "gzip", None):
        found.append("output_format must be 'zip' or 'gzip'")
    if not isinstance(body.get("callback_endpoint"), str | None):
        found.append("callback_endpoint must be a string")
    return found


def _strings(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
