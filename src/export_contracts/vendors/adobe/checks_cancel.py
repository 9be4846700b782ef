"""Checks of what a cancellation does: to the job it names, and to no other. Its own answer is judged elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from export_contracts.checks import Talk, check
from export_contracts.checks.outage import NEUTRAL
from export_contracts.model import Evidence, Exchange, Finding, Kept
from export_contracts.vendors.adobe.checks_breakdowns import always_broken
from export_contracts.vendors.adobe.checks_story import TERMINAL, accepted, named, story


@check("adobe_after_cancel")
def after_cancel(talk: Talk) -> Iterator[Evidence]:
    """A cancelled job can still be read, or is gone."""
    told = story(talk)
    after: dict[str, list[Exchange]] = {}
    for one in talk.selected:
        if told.is_cancelled(named(one), one):
            after.setdefault(named(one), []).append(one)
    for exchange, broken in ((one, always_broken(looks)) for looks in after.values() for one in looks):
        if accepted(exchange):
            yield Kept(exchange.at("/response/status"), reading="still there")
        elif exchange.status in {404, 410}:
            yield Kept(exchange.at("/response/status"), reading="gone")
        elif exchange.status is not None and (broken or exchange.status not in NEUTRAL):
            yield Finding(exchange.at("/response/status"), "status 200 or 404", str(exchange.status))


@check("adobe_cancel_works")
def cancel_works(talk: Talk) -> Iterator[Evidence]:
    """A job that had not begun when it was cancelled does not go on to succeed.

    A cancellation takes its time, and a short job may be over sooner: only a job that was seen unfinished
    at two moments after it shows that nothing stopped it.
    """
    told = story(talk)
    for job, index in told.cancelled.items():
        before = [one for one in told.of(job) if one.exchange.index < index]
        after = [one for one in told.of(job) if one.exchange.index > index]
        if not before or not after or before[-1].status != "NEW":
            continue
        late = next((one for one in after if one.status == "SUCCEEDED"), None)
        moments = {one.exchange.started for one in after if one.status in {"NEW", "PROCESSING"}}
        if late is not None and len(moments) < 2:
            continue
        if late is not None:
            yield Finding(late.at("/status"), "any state but success", "SUCCEEDED")
        else:
            yield Kept(after[-1].at("/status"), reading=str(after[-1].status))


@check("adobe_cancel_spares")
def cancel_spares(talk: Talk) -> Iterator[Evidence]:
    """A job that ran beside one that was cancelled does not fail, where the same order succeeds otherwise."""
    told = story(talk)
    last = {job: sights[-1] for job, sights in told.by_job.items() if job in told.orders}
    ends = {job: sight for job, sight in last.items() if job not in told.cancelled and sight.status in TERMINAL}
    for job, end in ends.items():
        order = told.orders[job]
        first = next(one for one in told.of(job) if one.status in TERMINAL).exchange.index
        beside = [at for other, at in told.cancelled.items() if order.exchange.index < at < first]
        alike = [one for other, one in ends.items() if other != job and told.orders[other].body == order.body]
        if not beside or not any(one.status == "SUCCEEDED" for one in alike):
            continue
        if end.status == "SUCCEEDED":
            yield Kept(end.at("/status"))
        elif not any(one.status == "FAILED" for one in alike):
            yield Finding(end.at("/status"), f"success, which exchange {beside[0]} did not cancel", "FAILED")
