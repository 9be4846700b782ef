"""Checks of a job's life: identity, states in their order, times that stand, what a cancellation does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import MISSING, Evidence, Finding, Json, Kept
from export_contracts.schema.validation import shorten
from export_contracts.vendors.adobe.checks_answers import is_declared
from export_contracts.vendors.adobe.checks_story import TERMINAL, Sight, Story, identity, story

OK: Final = 200
RANK: Final = {"NEW": 0, "PROCESSING": 1, "SUCCEEDED": 2, "FAILED": 2}
OVERDUE: Final = "overdue"
"""Label of a look at a job that did not end in the time granted."""
LONG: Final = 22 * 3_600.0
"""Seconds after which nobody calls a job slow any more: exports are scheduled daily."""
SEVERAL: Final = 2
"""Jobs of one journey from which on it is no accident that all of them fail."""
CANCELLED: Final = re.compile(r"cancel|abort|stop|terminat|delet", re.IGNORECASE)


@check("adobe_same_id")
def same_id(talk: Talk) -> Iterator[Evidence]:
    """A job read by its id shows that id, which an answer that is no object cannot."""
    for exchange in talk.of("retrieveExportJob"):
        parsed = exchange.response.json if exchange.response else MISSING
        if exchange.fault is None and exchange.status == OK and parsed is not MISSING and not isinstance(parsed, dict):
            yield Finding(exchange.at("/response/body"), "a job", shorten(parsed))
    for sight in story(talk).sights:
        if sight.kind == "read" and sight.exchange.fault is None:
            found = identity(sight.view)
            if found == sight.id:
                yield Kept(sight.at("/id"))
            else:
                yield Finding(sight.at("/id"), f"the id {sight.id}", shorten(sight.view.get("id")))


@check("adobe_new_ids")
def new_ids(talk: Talk) -> Iterator[Evidence]:
    """No two orders get a job of the same id."""
    seen: dict[str, int] = {}
    for sight in story(talk).sights:
        if sight.kind != "created":
            continue
        if sight.job in seen:
            yield Finding(sight.at("/id"), "an id of its own", f"{sight.id}, as in exchange {seen[sight.job]}")
        else:
            if seen:
                yield Kept(sight.at("/id"))
            seen[sight.job] = sight.exchange.index


@check("adobe_known_status")
def known_status(talk: Talk) -> Iterator[Evidence]:
    """A job shows one of four states; what a cancelled one shows is open, also where others cancelled it.

    The answer to an order may be as short as the id, which alone is documented there in words.
    """
    told = story(talk)
    for sight in told.sights:
        if told.is_cancelled(sight.job, sight.exchange) or (sight.kind == "created" and "status" not in sight.view):
            continue
        if sight.status in RANK:
            yield Kept(sight.at("/status"))
        elif sight.job in told.orders or not CANCELLED.search(str(sight.status)):
            yield Finding(
                sight.at("/status"), f"one of {', '.join(RANK)}", shorten(sight.view.get("status", "nothing"))
            )


def steps(told: Story, kinds: Sequence[str]) -> Iterator[tuple[Sight, Sight]]:
    """Each sight of one of `kinds` after the latest of those that showed the job furthest on."""
    furthest: dict[str, Sight] = {}
    for sight in told.sights:
        before = furthest.get(sight.job)
        if before is not None and sight.kind in kinds:
            yield before, sight
        if before is None or _rank(sight) >= _rank(before):
            furthest[sight.job] = sight


def _rank(sight: Sight) -> int:
    return RANK.get(sight.status or "", 0)


@check("adobe_forward")
def forward(talk: Talk, *, kinds: Sequence[str]) -> Iterator[Evidence]:
    """A job never shows a state that lies before one it has shown."""
    told = story(talk)
    for before, now in steps(told, kinds):
        old, new = RANK.get(before.status or ""), RANK.get(now.status or "")
        if old is None or new is None:
            continue
        if new < old:
            yield Finding(now.at("/status"), f"no state before {before.status}", str(now.status))
        else:
            yield Kept(now.at("/status"))


@check("adobe_final")
def final(talk: Talk) -> Iterator[Evidence]:
    """A job that has succeeded or failed stays so."""
    told = story(talk)
    for before, now in steps(told, ("read", "listed")):
        if before.status not in TERMINAL or told.is_cancelled(now.job, now.exchange):
            continue
        if now.status not in TERMINAL:
            continue
        if now.status == before.status:
            yield Kept(now.at("/status"))
        else:
            yield Finding(now.at("/status"), f"{before.status}, as before", shorten(now.status))


@check("adobe_unchanging")
def unchanging(talk: Talk, *, pointer: str, status: str | None = None) -> Iterator[Evidence]:
    """What a job (of that status) says at `pointer` once, it says whenever it says anything there."""
    first: dict[str, Json] = {}
    for sight in story(talk).sights:
        if status is not None and sight.status != status:
            continue
        value = sight.get(pointer)
        if value is MISSING or not isinstance(value, str | int | float) or value == "":
            continue
        if sight.job not in first:
            first[sight.job] = value
        elif value == first[sight.job]:
            yield Kept(sight.at(pointer))
        else:
            yield Finding(sight.at(pointer), f"{shorten(first[sight.job])}, as before", shorten(value))


@check("adobe_id_kind")
def id_kind(talk: Talk) -> Iterator[Evidence]:
    """What is a number in one answer is no text in another."""
    first: dict[str, bool] = {}
    for sight in story(talk).sights:
        is_text = isinstance(sight.get("/id"), str)
        if first.setdefault(sight.job, is_text) is is_text:
            yield Kept(sight.at("/id"))
        else:
            wanted, got = ("text", "a number") if first[sight.job] else ("a number", "text")
            yield Finding(sight.at("/id"), f"{wanted}, as before", got)


@check("adobe_ends_in_a_day")
def ends_in_a_day(talk: Talk) -> Iterator[Evidence]:
    """A job that was looked at until a day had almost passed on the target's clock was over by then."""
    told = story(talk)
    for job, order in told.orders.items():
        last = next(reversed([one for one in told.of(job) if one.kind == "read"]), None)
        if last is None or last.status not in RANK:
            continue
        if last.status in TERMINAL:
            yield Kept(last.at("/status"))
        elif last.exchange.started > order.exchange.ended + LONG and not told.is_cancelled(job, last.exchange):
            yield Finding(last.at("/status"), f"{' or '.join(TERMINAL)} within a day", str(last.status))


@check("adobe_ends_in_time")
def ends_in_time(talk: Talk) -> Iterator[Evidence]:
    """A job that was waited for comes to an end before the time that the target's owner grants is up."""
    for sight in story(talk).sights:
        if sight.kind != "read":
            continue
        intent = sight.exchange.intent
        if intent is not None and intent.label == OVERDUE and sight.status in RANK and sight.status not in TERMINAL:
            yield Finding(sight.at("/status"), " or ".join(TERMINAL), str(sight.status))
        elif sight.status in TERMINAL:
            yield Kept(sight.at("/status"))


@check("adobe_organization")
def organization(talk: Talk) -> Iterator[Evidence]:
    """A job says the organization whose header asked for it."""
    for sight in story(talk).sights:
        said, asked = sight.view.get("imsOrgId"), sight.exchange.request.headers.get("x-gw-ims-org-id")
        if not isinstance(said, str) or not said or not asked:
            continue
        if said == asked:
            yield Kept(sight.at("/imsOrgId"))
        else:
            yield Finding(sight.at("/imsOrgId"), asked, said)


@check("adobe_some_succeed")
def some_succeed(talk: Talk) -> Iterator[Evidence]:
    """Of several jobs that were ordered with what the target's owner has declared, and left alone, not all fail."""
    told = story(talk)
    ends = {
        sight.job: sight
        for job, order in told.orders.items()
        if order.exchange.fault is None and is_declared(talk, order.exchange)
        for sight in told.of(job)
        if sight.status in TERMINAL and not told.is_cancelled(job, sight.exchange)
    }
    for sight in ends.values():
        if sight.status == "SUCCEEDED":
            yield Kept(sight.at("/status"))
    if len(ends) >= SEVERAL and all(one.status == "FAILED" for one in ends.values()):
        yield Finding(next(iter(ends.values())).at("/status"), "SUCCEEDED once", f"FAILED for each of {len(ends)} jobs")
