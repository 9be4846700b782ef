"""Braze as it stood in a month: what requests needed then, and what answers and users then held.

Only what the vendor's pages printed of the time, read here anew; how it was in truth is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from export_contracts.model import Json, Request, Unreadable
from export_contracts.vendors.braze import reference_requests as requests
from export_contracts.vendors.braze.reference_exports import Job
from export_contracts.vendors.braze.reference_requests import FIELDS, Order
from export_contracts.vendors.braze.reference_service import Braze, Refusal

REQUIRED: Final = "2021-12"
"""From when on fields_to_export had to be sent."""
NAMED: Final = "2023-06"
"""From when on custom attributes could be named."""
RENAMED: Final = "2022-07"
"""From when on sessions are numbers, and clicks on messages in the app bear their present name."""
NULL: Final = "2025-11"
"""From when on a URL that is not there could be null."""
CANCELLED: Final = "2025-11"
"""From when on an export could be cancelled."""


@dataclass(frozen=True)
class Dated:
    """A member of users, or of the objects in one of their lists, with its months."""

    above: str
    name: str
    since: str = ""
    until: str = "9999-12"

    def holds(self, month: str) -> bool:
        """Whether the month had it."""
        return self.since <= month < self.until


MEMBERS: Final = (
    Dated("", "created_at", since="2021-12"),
    Dated("", "random_bucket", since="2021-12"),
    Dated("", "created_from", since="2026-05"),
    Dated("push_tokens", "device_id", since="2021-12"),
    Dated("push_tokens", "notifications_enabled", since="2021-12"),
    Dated("push_tokens", "provisionally_opted_in", since="2026-05"),
    Dated("devices", "device_id", since="2022-07"),
    Dated("campaigns_received", "multiple_converted", since="2022-07"),
    Dated("canvases_received", "last_entered_control_at", since="2022-07"),
    Dated("devices", "google_ad_id", since="2019-11"),
    Dated("devices", "roku_ad_id", since="2019-11"),
    Dated("devices", "windows_ad_id", since="2019-11", until="2022-07"),
)


class BrazeAsOf(Braze):
    """Braze in the month that the world names."""

    def serve(
        self, request: Request, operation: str | None, permission: str | None, key: str | None
    ) -> dict[str, Json]:
        """Before it came, the cancellation is an address like any other."""
        if operation == "cancelSegmentExport" and self.world.before(CANCELLED):
            raise Refusal(404, "Invalid URL")
        return super().serve(request, operation, permission, key)

    def faults(self, body: Json | Unreadable) -> list[str]:
        """What is wrong with an export request by the page of the month."""
        if not isinstance(body, dict):
            return super().faults(body)
        asked = dict(body)
        if self.world.before(REQUIRED):
            asked.setdefault("fields_to_export", ["email"])
        if self.world.before(NAMED):
            asked.pop("custom_attributes_to_export", None)
        return super().faults(asked)

    def order(self, body: Json) -> Order:
        """Without a list, all fields are exported; names of custom attributes mean nothing before their time."""
        asked = {"fields_to_export": list(FIELDS), **body}
        if self.world.before(NAMED):
            asked.pop("custom_attributes_to_export", None)
        return requests.order(asked)

    def started(self, job: Job) -> dict[str, Json]:
        """The answer to an accepted request; a URL that is not there was absent before it was null."""
        body = super().started(job)
        return {name: one for name, one in body.items() if one is not None or not self.world.before(NULL)}

    def row(self, kind: str, row: Json) -> Json:
        """A user with the members of the month."""
        whole = super().row(kind, row)
        return user(whole, self.world.as_of) if kind == "users" and isinstance(whole, dict) else whole


def user(whole: dict[str, Json], month: str | None) -> dict[str, Json]:
    """A user's line with the members that it had in the month; None is today."""
    if month is None:
        return whole
    gone = {(one.above, one.name) for one in MEMBERS if not one.holds(month)}
    kept = {name: _inner(name, value, gone) for name, value in whole.items() if ("", name) not in gone}
    if month < RENAMED:
        kept = {name: _OLDER[name](value) if name in _OLDER else value for name, value in kept.items()}
    return kept


def _inner(above: str, value: Json, gone: set[tuple[str, str]]) -> Json:
    if not isinstance(value, list):
        return value
    return [
        {name: inner for name, inner in one.items() if (above, name) not in gone} if isinstance(one, dict) else one
        for one in value
    ]


def _texts(apps: Json) -> Json:
    """Sessions of apps, which were counted in text."""
    if not isinstance(apps, list):
        return apps
    return [{**one, "sessions": str(one["sessions"])} if "sessions" in one else one for one in apps]


def _clicks(campaigns: Json) -> Json:
    """Campaigns whose clicks on messages in the app bear the name of old."""
    if not isinstance(campaigns, list):
        return campaigns
    return [{**one, "engaged": _engaged(one["engaged"])} if one.get("engaged") else one for one in campaigns]


def _engaged(engaged: dict[str, Json]) -> dict[str, Json]:
    return {name.replace("clicked_triggered_in_app", "clicked_in_app"): value for name, value in engaged.items()}


_OLDER: Final = {"apps": _texts, "campaigns_received": _clicks}
