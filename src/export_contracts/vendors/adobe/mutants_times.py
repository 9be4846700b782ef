"""Servers whose jobs show moments that cannot be, or ends that should not be, one defect each."""

from __future__ import annotations

from export_contracts.model import Json
from export_contracts.vendors.adobe.reference_service import Adobe

MONTH = 30 * 86_400_000


class CreatedLongAgo(Adobe):
    """Counts creation and updates from the moment at which it was started, and not from the epoch."""

    def shown(self, job: Json) -> Json:
        """The job, created at some time in the seventies."""
        view = super().shown(job)
        return {**view, "creationTime": view["creationTime"] - 50 * 12 * MONTH}


class EndsInAMonth(Adobe):
    """Counts the end of a job that has succeeded from another month."""

    def shown(self, job: Json) -> Json:
        """The job, updated in a month."""
        view = super().shown(job)
        return {**view, "updateTime": view["updateTime"] + MONTH}


class ExportTakesLonger(Adobe):
    """Counts the export of profiles from long before the job."""

    def shown(self, job: Json) -> Json:
        """The job, its export begun an hour early."""
        view = super().shown(job)
        took = view["metrics"].get("profileExportTime")
        if took and "endTimeInMs" in took:
            hour = 3_600_000
            earlier = {"startTimeInMs": took["startTimeInMs"] - hour, "totalTimeInMs": took["totalTimeInMs"] + hour}
            view["metrics"] = {**view["metrics"], "profileExportTime": {**took, **earlier}}
        return view


class HalfAMillisecond(Adobe):
    """Does not round."""

    def shown(self, job: Json) -> Json:
        """The job, updated between two milliseconds."""
        view = super().shown(job)
        return {**view, "updateTime": view["updateTime"] + 0.5}


class SucceedsNevertheless(Adobe):
    """Succeeds where it should fail."""

    def enter(self, body: Json, owner: tuple[str, str], now: int) -> Json:
        """Keep a new job that knows no failure."""
        job = super().enter(body, owner, now)
        job["fails"] = job["fails"] and now != self.now()
        return job
