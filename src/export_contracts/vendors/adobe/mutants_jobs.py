"""Servers whose jobs have one defect of time or state, which no patch of an answer can make."""

from __future__ import annotations

from export_contracts.model import Json, Request
from export_contracts.reference.server import Answer
from export_contracts.vendors.adobe.reference_gateway import problem
from export_contracts.vendors.adobe.reference_service import Adobe


class TextIds(Adobe):
    """Shows ids as text."""

    def shown(self, job: Json) -> Json:
        """The job, its id in quotes."""
        return {**super().shown(job), "id": str(job["id"])}


class SharedIds(Adobe):
    """Gives two orders one id, and keeps the later."""

    def number(self) -> int:
        """Every second time the number before."""
        number = super().number()
        return number - number % 2


class NeverEnds(Adobe):
    """Takes orders and does nothing about them."""

    def enter(self, body: Json, owner: tuple[str, str], now: int) -> Json:
        """Keep a new job, which for centuries will stay so."""
        job = super().enter(body, owner, now)
        if now == self.now():
            job["pace"] = 10**9
        return job


class NewAgain(Adobe):
    """Shows a job that is over as new when it is read once more."""

    def read(self, job: Json) -> Json:
        """The job; from its second reading after the end as new."""
        view = super().read(job)
        job["seen"] = job.get("seen", 0) + (view["status"] == "SUCCEEDED")
        return {**view, "status": "NEW"} if job["seen"] > 1 else view


class FailsAfterwards(Adobe):
    """Shows a job that has succeeded as failed when it is read once more."""

    def read(self, job: Json) -> Json:
        """The job; from its second reading after the end as failed."""
        view = super().read(job)
        job["seen"] = job.get("seen", 0) + (view["status"] == "SUCCEEDED")
        errors = [{"code": "unknown", "msg": "late", "callStack": ""}]
        return {**view, "status": "FAILED", "errors": errors} if job["seen"] > 1 else view


class CreationCreeps(Adobe):
    """Shows an earlier creation each time a job is read."""

    def read(self, job: Json) -> Json:
        """The job, a second older."""
        job["seen"] = job.get("seen", 0) + 1
        view = super().read(job)
        return {**view, "creationTime": view["creationTime"] - 1000 * job["seen"]}


class UpdateFalls(Adobe):
    """Shows an earlier update each time a job is read."""

    def read(self, job: Json) -> Json:
        """The job, updated far ahead and less far each time."""
        job["seen"] = job.get("seen", 0) + 1
        view = super().read(job)
        return {**view, "updateTime": view["creationTime"] + 10**7 - job["seen"]}


class EndsBeforeItStarts(Adobe):
    """Confuses start and end of the whole duration."""

    def shown(self, job: Json) -> Json:
        """The job with its duration turned round."""
        view = super().shown(job)
        total = view["metrics"]["totalTime"]
        if "endTimeInMs" in total:
            start, end = total["startTimeInMs"], total["endTimeInMs"]
            turned = {"startTimeInMs": end, "endTimeInMs": start, "totalTimeInMs": start - end}
            view["metrics"] = {**view["metrics"], "totalTime": turned}
        return view


class MixesUpBatches(Adobe):
    """Lists batches for a job with one, and names one for a job with many."""

    def shown(self, job: Json) -> Json:
        """The job with the other kind of destination."""
        view = super().shown(job)
        batch, batches = job["batch"], [{"segmentId": one, "batchId": two} for one, two in job["batches"].items()]
        where = {name: one for name, one in view["destination"].items() if name not in {"batchId", "batches"}}
        apart = where["segmentPerBatch"]
        view["destination"] = {**where, **({"batchId": batch} if apart else {"batches": batches})}
        return view


class OneBatchForAll(Adobe):
    """Writes whatever is exported to one batch."""

    def enter(self, body: Json, owner: tuple[str, str], now: int) -> Json:
        """Keep a new job, whose batch is everybody's."""
        job = super().enter(body, owner, now)
        job["batch"] = f"{7:032x}"
        return job


class NewBatchEachTime(Adobe):
    """Names another batch each time a job is read."""

    def read(self, job: Json) -> Json:
        """The job with a fresh batch."""
        view = super().read(job)
        if "batchId" in view["destination"]:
            fresh = f"{self.world.random.getrandbits(128):032x}"
            view["destination"] = {**view["destination"], "batchId": fresh}
        return view


class StumblesOverCancelled(Adobe):
    """Cannot show a job once it is cancelled."""

    def one(self, request: Request, operation: str, number: str) -> Answer:
        """The job, unless it is cancelled and to be read."""
        job = self.find(number, self.owner(request))
        if operation == "retrieveExportJob" and job is not None and job["cancelled"] is not None:
            return problem(400, "BadRequestError", "The job is cancelled", operation)
        return super().one(request, operation, number)


class NeverStops(Adobe):
    """Says that a job is marked and lets it go on."""

    def mark(self, job: Json) -> None:
        """Nothing."""


class CancelsAll(Adobe):
    """Stops whatever runs when one job is cancelled."""

    def mark(self, job: Json) -> None:
        """The job, and all others."""
        super().mark(job)
        for one in list(self.state["jobs"].values()):
            super().mark(one)


class CancelsAnother(Adobe):
    """Forgets the oldest job when one is cancelled."""

    def mark(self, job: Json) -> None:
        """The job, and away with another."""
        super().mark(job)
        oldest = min(self.state["jobs"].values(), key=lambda one: int(one["created"]))
        del self.state["jobs"][str(oldest["id"])]


class CannotCancel(Adobe):
    """Breaks down over each cancellation."""

    def cancel(self, job: Json) -> Answer:
        """Nothing is marked."""
        del job
        return Answer(500, operation="cancelExportJob")


class NothingSucceeds(Adobe):
    """Fails each job, whatever was ordered."""

    def enter(self, body: Json, owner: tuple[str, str], now: int) -> Json:
        """Keep a new job that cannot but fail."""
        job = super().enter(body, owner, now)
        job["fails"] = True
        return job
