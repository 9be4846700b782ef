"""Braze's reference with one defect each: what clauses must be able to catch. Here: requests and limits.

Defects of keys, of jobs and callbacks, of delivered files and of exported people stand in modules of their own and are
offered here, where the contract looks for them. A class overrides as little as its defect needs.
"""

from __future__ import annotations

import dataclasses

from export_contracts.model import Json, Request, Unreadable
from export_contracts.reference.draw import Draw
from export_contracts.reference.server import Answer
from export_contracts.vendors.braze.bad_clients import (  # noqa: F401 - clauses name them here
    asks_below_a_version,
    fetches_a_week_later,
    looks_without_pause,
    names_beside_all,
    names_too_many_attributes,
    sends_five_megabytes,
    starts_again_at_once,
)
from export_contracts.vendors.braze.mutants_archives import *  # noqa: F403 - offered as they are; each module names its own
from export_contracts.vendors.braze.mutants_files import *  # noqa: F403 - the same
from export_contracts.vendors.braze.mutants_jobs import *  # noqa: F403 - the same
from export_contracts.vendors.braze.mutants_keys import *  # noqa: F403 - the same
from export_contracts.vendors.braze.mutants_people import *  # noqa: F403 - the same
from export_contracts.vendors.braze.reference_company import Workspace
from export_contracts.vendors.braze.reference_requests import MOST_ATTRIBUTES, Order
from export_contracts.vendors.braze.reference_service import Braze, Refusal

TYPES: dict[str, type] = {
    "segment_id": str,
    "fields_to_export": list,
    "custom_attributes_to_export": list,
    "output_format": str,
    "callback_endpoint": str,
}


class Pretending(Braze):
    """Answers some requests as if an export had started; none has."""

    def pretended(self, workspace: Workspace) -> dict[str, Json]:
        """What a real start would answer."""
        self.state["started"] += 1
        draw = Draw(f"pretended {self.state['started']}")
        body = {"message": "success", "object_prefix": self.prefix(draw, self.world.clock.now())}
        url = f"{self.world.base_url}/download/{draw.hex(24)}/{draw.hex(32)}.zip"
        return body if workspace.own_storage else {**body, "url": url}


class AcceptsWrongTypes(Pretending):
    """Takes parameters of any JSON type."""

    def begin(self, body: Json | Unreadable, workspace: Workspace) -> dict[str, Json]:
        """A pretended start where a type is wrong."""
        if isinstance(body, dict) and any(not isinstance(body.get(name, kind()), kind) for name, kind in TYPES.items()):
            return self.pretended(workspace)
        for name in ("fields_to_export", "custom_attributes_to_export"):
            if isinstance(body, dict) and any(not isinstance(one, str) for one in body.get(name, ())):
                return self.pretended(workspace)
        return super().begin(body, workspace)


class AcceptsBrokenJson(Pretending):
    """Takes a body that is no JSON."""

    def begin(self, body: Json | Unreadable, workspace: Workspace) -> dict[str, Json]:
        """A pretended start where the body cannot be read."""
        return self.pretended(workspace) if isinstance(body, Unreadable) else super().begin(body, workspace)


class AcceptsMissingSegment(Pretending):
    """Takes a request that names no segment."""

    def begin(self, body: Json | Unreadable, workspace: Workspace) -> dict[str, Json]:
        """A pretended start where segment_id is missing."""
        lacking = isinstance(body, dict) and "segment_id" not in body
        return self.pretended(workspace) if lacking else super().begin(body, workspace)


class BreaksDownWithoutSegment(Braze):
    """Does not check that a segment is named, and breaks down where none is."""

    def begin(self, body: Json | Unreadable, workspace: Workspace) -> dict[str, Json]:
        """500, each time."""
        if isinstance(body, dict) and "segment_id" not in body:
            raise Refusal(500, "Internal Server Error")
        return super().begin(body, workspace)


class AcceptsMissingFields(Braze):
    """Takes a request that names no fields and exports all, as years ago."""

    def begin(self, body: Json | Unreadable, workspace: Workspace) -> dict[str, Json]:
        """A start with two fields where fields_to_export is missing."""
        if isinstance(body, dict) and "fields_to_export" not in body:
            body = {**body, "fields_to_export": ["braze_id", "external_id"]}
        return super().begin(body, workspace)


class AcceptsUnknownFormat(Braze):
    """Takes any output format, and delivers zip."""

    def begin(self, body: Json | Unreadable, workspace: Workspace) -> dict[str, Json]:
        """A start with zip in the place of an unknown format."""
        if isinstance(body, dict) and isinstance(body.get("output_format"), str) and body["output_format"] != "gzip":
            body = {**body, "output_format": "zip"}
        return super().begin(body, workspace)


class AcceptsTooManyAttributes(Braze):
    """Takes any number of custom attributes."""

    def faults(self, body: Json | Unreadable) -> list[str]:
        """All but their number."""
        return [one for one in super().faults(body) if not one.endswith(f"more than {MOST_ATTRIBUTES}")]


class AcceptsNumbersForNames(Pretending):
    """Takes numbers where names of custom attributes belong."""

    def begin(self, body: Json | Unreadable, workspace: Workspace) -> dict[str, Json]:
        """A pretended start where a list holds numbers."""
        names = body.get("custom_attributes_to_export") if isinstance(body, dict) else None
        return self.pretended(workspace) if names == [7] else super().begin(body, workspace)


class FiftyNamesAtMost(Braze):
    """Takes fewer names of custom attributes than may be given."""

    def faults(self, body: Json | Unreadable) -> list[str]:
        """No more than fifty."""
        names = body.get("custom_attributes_to_export") if isinstance(body, dict) else None
        many = isinstance(names, list) and len(names) > 50
        return [*super().faults(body), *(["custom_attributes_to_export must not name more than 50"] if many else [])]


class FiftyAtOnce(Braze):
    """Runs half as many exports at once as a company may have."""

    at_once = 50


class AcceptsHugeBody(Braze):
    """Has no limit for the size of a body."""

    def sized(self, request: Request) -> None:
        """Never refuse."""


class AnyPathAccepted(Braze):
    """Answers unknown paths as if all were well."""

    def serve(
        self, request: Request, operation: str | None, permission: str | None, key: str | None
    ) -> dict[str, Json]:
        """Success for what it does not know."""
        return super().serve(request, operation, permission, key) if operation else {"message": "success"}


class AnyMethodStarts(Braze):
    """Starts an export whatever the method."""

    def answer(self, request: Request) -> Answer:
        """Another method than POST is taken for one."""
        started = request.method == "PUT" and request.path.endswith("/users/export/segment")
        return super().answer(dataclasses.replace(request, method="POST") if started else request)


class SecondExportAccepted(Braze):
    """Starts a segment's export while another of it is running."""

    def idle(self, segment_id: str) -> None:
        """Never refuse."""


class HundredAndFirstAccepted(Braze):
    """Runs any number of exports at once."""

    def room(self) -> None:
        """Never refuse."""


class OneExportAtAll(Braze):
    """Runs one export in all where one for each segment is allowed."""

    def idle(self, segment_id: str) -> None:
        """Refuse while anything runs."""
        if self.running():
            raise Refusal(429, f"Segment {segment_id} has to wait until another export has ended")


class RemainingRises(Braze):
    """Counts the allowance up."""

    def meter(self, key: str | None) -> dict[str, str]:
        """One more left after each request."""
        headers = super().meter(key)
        return {**headers, "X-RateLimit-Remaining": str(self.hourly - 1000 + self.used(key))}


class ResetPassed(Braze):
    """Tells of a reset that lies an hour back."""

    def meter(self, key: str | None) -> dict[str, str]:
        """The end of the hour before."""
        headers = super().meter(key)
        return {**headers, "X-RateLimit-Reset": str(int(headers["X-RateLimit-Reset"]) - 7200)}


class NamesNarrowAll(Braze):
    """Lets single names narrow a request for all custom attributes."""

    def order(self, body: Json) -> Order:
        """An order for the named attributes only."""
        order, names = super().order(body), tuple(body.get("custom_attributes_to_export", ()))
        if not names or "custom_attributes" not in order.fields:
            return order
        fields = tuple(one for one in order.fields if one != "custom_attributes")
        return dataclasses.replace(order, fields=fields, custom_attributes=names)
