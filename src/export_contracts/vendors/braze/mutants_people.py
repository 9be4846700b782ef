"""Defects in what is told of people: who is exported, and what of them."""

from __future__ import annotations

from collections.abc import Iterator

from export_contracts.model import Json
from export_contracts.reference.population import DAY, Person
from export_contracts.vendors.braze.reference_exports import Job
from export_contracts.vendors.braze.reference_history import WINDOW, moment
from export_contracts.vendors.braze.reference_requests import FIELDS
from export_contracts.vendors.braze.reference_service import Braze
from export_contracts.vendors.braze.reference_users import exported

HISTORIES = ("custom_events", "purchases")


class DropsUser(Braze):
    """Leaves out a segment's last member."""

    def members(self, job: Job) -> Iterator[Person]:
        """All but one."""
        members = list(super().members(job))
        yield from members[:-1]


class RepeatsUser(Braze):
    """Exports every member twice."""

    def members(self, job: Job) -> Iterator[Person]:
        """Each, and each again."""
        for person in super().members(job):
            yield from (person, person)


class ForeignUser(Braze):
    """Exports somebody who is not in the segment."""

    def rows(self, job: Job) -> Iterator[Json]:
        """All rows, and a stranger's."""
        yield from super().rows(job)
        row = self.user(job, Person(self.world.seed, 3_000_000_000, self.state["anchor"]))
        yield {**row, "external_id": "stranger"} if "external_id" in row else row


class WrappedUsers(Braze):
    """Puts each user into an envelope."""

    def user(self, job: Job, person: Person) -> dict[str, Json]:
        """The user as a member of the row."""
        return {"user": super().user(job, person)}


class UnaskedFields(Braze):
    """Exports every field whatever was asked for."""

    def user(self, job: Job, person: Person) -> dict[str, Json]:
        """The whole person."""
        return exported(person, int(job["started"]), FIELDS)


class OldEventsListed(Braze):
    """Lists events and purchases of long ago."""

    def user(self, job: Job, person: Person) -> dict[str, Json]:
        """One of each, last seen 200 days back."""
        row, now = super().user(job, person), int(job["started"])
        for name in HISTORIES:
            if name in job["fields"]:
                first, last = moment(now - 400 * DAY), moment(now - 200 * DAY)
                row[name] = [*row.get(name, ()), {"name": "long ago", "first": first, "last": last, "count": 3}]
        return row


class OldCampaignsListed(Braze):
    """Lists campaigns and canvases of long ago."""

    def user(self, job: Job, person: Person) -> dict[str, Json]:
        """What was received is told as 200 days older than it is."""
        row, old = super().user(job, person), moment(int(job["started"]) - 200 * DAY)
        for one in row.get("campaigns_received", ()):
            one["last_received"] = old
        for one in row.get("canvases_received", ()):
            one |= {"last_received_message": old, "last_entered": old, "last_exited": old}
            for step in one["steps_received"]:
                step["last_received"] = old
        return row


class EventsAhead(Braze):
    """Tells of events that are yet to come."""

    def user(self, job: Job, person: Person) -> dict[str, Json]:
        """Each list's last event is told for next year."""
        row, then = super().user(job, person), moment(int(job["started"]) + 400 * DAY)
        for name in HISTORIES:
            for one in row.get(name, ())[-1:]:
                one["last"] = then
        return row


class OneEventLost(Braze):
    """Leaves out what a person did most often."""

    def user(self, job: Job, person: Person) -> dict[str, Json]:
        """All events but the one with the highest count."""
        row = super().user(job, person)
        for name in HISTORIES:
            if row.get(name):
                most = max(row[name], key=lambda one: one["count"])
                row[name] = [one for one in row[name] if one is not most]
        return row


class FirstCutAtNinetyDays(Braze):
    """Tells as first what was first within the window."""

    def user(self, job: Job, person: Person) -> dict[str, Json]:
        """No first before the window."""
        row, cut = super().user(job, person), moment(int(job["started"]) - WINDOW)
        for one in [one for name in HISTORIES for one in row.get(name, ())]:
            one["first"] = max(one["first"], cut)
        return row


class CountCutAtNinetyDays(Braze):
    """Counts within the window only."""

    def user(self, job: Job, person: Person) -> dict[str, Json]:
        """Half of what began before the window is not counted."""
        row, cut = super().user(job, person), moment(int(job["started"]) - WINDOW)
        for one in [one for name in HISTORIES for one in row.get(name, ())]:
            one["count"] = one["count"] if one["first"] >= cut else (one["count"] + 1) // 2
        return row


class NamedAttributesUnfiltered(Braze):
    """Exports all custom attributes where some were named."""

    def user(self, job: Job, person: Person) -> dict[str, Json]:
        """All, whenever any is asked for."""
        named = ("custom_attributes",) if job["custom_attributes"] else ()
        return super().user({**job, "fields": [*job["fields"], *named], "custom_attributes": []}, person)


class NamedAttributesDropped(Braze):
    """Overlooks custom_attributes_to_export."""

    def user(self, job: Job, person: Person) -> dict[str, Json]:
        """The fields and no more."""
        return super().user({**job, "custom_attributes": []}, person)
