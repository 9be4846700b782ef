"""A transcript of export jobs read once: which jobs were ordered, seen, cancelled, and when. Judges nothing.

A job's id is compared as text, for the documents give a number in JSON and text in the path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, TypeGuard
from urllib.parse import unquote

from export_contracts.checks import Talk, rows
from export_contracts.model import Exchange, Json, Where
from export_contracts.schema.pointer import resolve

Kind = Literal["created", "read", "listed"]
TERMINAL: Final = ("SUCCEEDED", "FAILED")


@dataclass(frozen=True)
class Sight:
    """A job as one answer showed it; `pointer` is its place in that exchange."""

    id: str
    kind: Kind
    exchange: Exchange
    pointer: str
    view: Mapping[str, Json]

    def at(self, tail: str = "") -> Where:
        """The sight itself, or a place in it."""
        return self.exchange.at(self.pointer + tail)

    def get(self, tail: str) -> Json:
        """What a pointer finds in the job, or MISSING."""
        return resolve(self.view, tail)

    @cached_property
    def job(self) -> str:
        """What tells the job from others of this transcript, also from those of other sandboxes."""
        return keyed(self.exchange, self.id)

    @property
    def status(self) -> str | None:
        """The status shown, None where there is none or where it is no text."""
        found = self.view.get("status")
        return found if isinstance(found, str) else None


@dataclass(frozen=True)
class Order:
    """An order without planted faults that was answered with a job."""

    exchange: Exchange
    body: Mapping[str, Json]


@dataclass
class Story:
    """Sights in order and by job, orders by job, and the index of the first accepted cancellation by job."""

    sights: list[Sight] = field(default_factory=list)
    by_job: dict[str, list[Sight]] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    cancelled: dict[str, int] = field(default_factory=dict)

    def is_cancelled(self, job: str, by: Exchange) -> bool:
        """Whether the job had been cancelled before this exchange."""
        return self.cancelled.get(job, by.index) < by.index

    def of(self, job: str) -> Iterator[Sight]:
        """Every sight of one job, in order."""
        return iter(self.by_job.get(job, ()))

    @cached_property
    def lasting(self) -> tuple[Sight, ...]:
        """For each job the first sight from which on it is certain to be listed, until it is cancelled.

        A job that others run is known once a list has shown it as over: nobody cancels it any more.
        """
        first: dict[str, Sight] = {}
        for one in self.sights:
            if one.kind == "created" or (one.kind == "listed" and one.status in TERMINAL):
                first.setdefault(one.job, one)
        return tuple(first.values())


def accepted(exchange: Exchange) -> bool:
    """Whether the answer is a success."""
    return exchange.status is not None and exchange.status < 300


def owner(exchange: Exchange) -> tuple[str, str]:
    """Organization and sandbox of a request."""
    headers = exchange.request.headers
    return headers.get("x-gw-ims-org-id") or "", headers.get("x-sandbox-name") or ""


def keyed(exchange: Exchange, job: str) -> str:
    """The job of that id in the sandbox of this request."""
    return "/".join((*owner(exchange), job))


def in_path(exchange: Exchange) -> str:
    """The job id in the request's path."""
    return unquote(exchange.request.path.rstrip("/").rsplit("/", 1)[-1])


def named(exchange: Exchange) -> str:
    """The job that the request's path names."""
    return keyed(exchange, in_path(exchange))


def story(talk: Talk) -> Story:
    """What happened to which job, read once for all clauses."""
    return talk.once("adobe:story", lambda: _told(talk))


def _told(talk: Talk) -> Story:
    told = Story()
    for exchange in talk.exchanges:
        if exchange.response is None or not accepted(exchange):
            continue
        if exchange.operation == "cancelExportJob":
            told.cancelled.setdefault(named(exchange), exchange.index)
        for sight in _shown(exchange):
            told.sights.append(sight)
            told.by_job.setdefault(sight.job, []).append(sight)
            if sight.kind == "created" and exchange.fault is None:
                body = exchange.request.json
                told.orders[sight.job] = Order(exchange, body if isinstance(body, dict) else {})
    return told


def _shown(exchange: Exchange) -> Iterator[Sight]:
    body = resolve(exchange.view, "/response/body")
    if not isinstance(body, dict) or (exchange.fault is not None and identity(body) is None):
        return
    if exchange.operation == "createExportJob" and identity(body) is not None:
        yield Sight(identity(body) or "", "created", exchange, "/response/body", body)
    elif exchange.operation == "retrieveExportJob":
        yield Sight(in_path(exchange), "read", exchange, "/response/body", body)
    elif exchange.operation == "listExportJobs":
        records = body.get("records")
        for place, one in enumerate(records if isinstance(records, list) else []):
            if isinstance(one, dict) and identity(one) is not None:
                yield Sight(identity(one) or "", "listed", exchange, f"/response/body/records/{place}", one)


def identity(job: Mapping[str, Json]) -> str | None:
    """The job's id as text; None where it has none that could be one. 24104.0 is 24104."""
    found = job.get("id")
    if isinstance(found, bool) or not isinstance(found, int | float | str) or found == "":
        return None
    return str(int(found)) if isinstance(found, float) and found.is_integer() else str(found)


def number(value: Json) -> TypeGuard[float]:
    """Whether a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@rows("jobs")
def jobs(talk: Talk) -> Iterator[tuple[Where, Json]]:
    """Each job that an answer showed."""
    for sight in story(talk).sights:
        yield sight.at(), dict(sight.view)


@rows("pages")
def pages(talk: Talk) -> Iterator[tuple[Where, Json]]:
    """Each answer to a list request that planted no fault."""
    for exchange in talk.of("listExportJobs"):
        if accepted(exchange) and exchange.fault is None:
            yield exchange.at("/response/body"), resolve(exchange.view, "/response/body")
