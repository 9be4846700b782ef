"""Checks of what a job yields: durations that add up, counters, batches for the right segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import MISSING, Evidence, Finding, Json, Kept
from export_contracts.schema.pointer import resolve
from export_contracts.schema.validation import shorten
from export_contracts.vendors.adobe.checks_story import Sight, number, story

START, END, TOTAL = "startTimeInMs", "endTimeInMs", "totalTimeInMs"
COUNTERS: Final = ("/metrics/totalExportedProfileCounter", "/totalExportedProfileCounter")


def _durations(sight: Sight) -> Iterator[tuple[str, Mapping[str, Json]]]:
    metrics = sight.view.get("metrics")
    for name, value in metrics.items() if isinstance(metrics, dict) else ():
        if isinstance(value, dict) and START in value:
            yield f"/metrics/{name}", value


def _over(duration: Mapping[str, Json]) -> bool:
    """Whether the duration is complete; a running job may show zeros for what is not known yet."""
    return all(number(duration.get(one)) and duration[one] != 0 for one in (START, END))


@check("adobe_adds_up")
def adds_up(talk: Talk) -> Iterator[Evidence]:
    """A duration is its end less its start; rounding is granted to fractions only."""
    for sight in story(talk).sights:
        for pointer, one in _durations(sight):
            if not _over(one) or not number(one.get(TOTAL)):
                continue
            difference, slack = one[END] - one[START], 0.0
            if any(isinstance(one[name], float) and not one[name].is_integer() for name in (START, END, TOTAL)):
                slack = 1.0
            if abs(difference - one[TOTAL]) <= slack:
                yield Kept(sight.at(pointer))
            else:
                yield Finding(sight.at(f"{pointer}/{TOTAL}"), f"{difference}, the end less the start", str(one[TOTAL]))


@check("adobe_ends_after_start")
def ends_after_start(talk: Talk) -> Iterator[Evidence]:
    """Nothing ends before it starts."""
    for sight in story(talk).sights:
        for pointer, one in _durations(sight):
            if not _over(one):
                continue
            if one[END] < one[START]:
                yield Finding(sight.at(f"{pointer}/{END}"), f"no earlier than {one[START]}", str(one[END]))
            else:
                yield Kept(sight.at(pointer))


def succeeded(talk: Talk) -> Iterator[Sight]:
    """Each sight of a job that has succeeded, but for those that somebody cancelled."""
    told = story(talk)
    for sight in told.sights:
        if sight.kind == "read" and sight.status == "SUCCEEDED" and not told.is_cancelled(sight.job, sight.exchange):
            yield sight


@check("adobe_measured")
def measured(talk: Talk, *, metric: str) -> Iterator[Evidence]:
    """A job that has succeeded says how long `metric` took."""
    for sight in succeeded(talk):
        pointer = f"/metrics/{metric}"
        found = sight.get(pointer)
        if not isinstance(found, dict) or not _over(found) or not number(found.get(TOTAL)):
            got = "nothing there" if found is MISSING else shorten(found)
            yield Finding(sight.at(pointer), f"{START}, {END} and {TOTAL}", got)
        else:
            yield Kept(sight.at(pointer))


@check("adobe_counted")
def counted(talk: Talk) -> Iterator[Evidence]:
    """A job that has succeeded says how many profiles it exported."""
    for sight in succeeded(talk):
        where = next((one for one in COUNTERS if number(sight.get(one))), None)
        if where is None:
            yield Finding(sight.at(COUNTERS[0]), "a number of profiles", "nothing there")
        else:
            yield Kept(sight.at(where))


@check("adobe_failure_told")
def failure_told(talk: Talk) -> Iterator[Evidence]:
    """A job that has failed says why."""
    told = story(talk)
    for sight in told.sights:
        if sight.kind != "read" or sight.status != "FAILED" or told.is_cancelled(sight.job, sight.exchange):
            continue
        errors = sight.view.get("errors")
        if isinstance(errors, list) and errors:
            yield Kept(sight.at("/errors"))
        else:
            yield Finding(sight.at("/errors"), "at least one error", "nothing there" if not errors else shorten(errors))


def _apart(talk: Talk, sight: Sight) -> bool | None:
    """Whether a batch for each segment was ordered; None where neither order nor answer says."""
    order = story(talk).orders.get(sight.job)
    if order is not None:
        return resolve(order.body, "/destination/segmentPerBatch") is True
    said = sight.get("/destination/segmentPerBatch")
    return said if isinstance(said, bool) else None


@check("adobe_one_batch")
def one_batch(talk: Talk) -> Iterator[Evidence]:
    """A job without segmentPerBatch that has succeeded names its one batch."""
    for sight in succeeded(talk):
        if _apart(talk, sight) is not False:
            continue
        found = sight.get("/destination/batchId")
        if isinstance(found, str) and found:
            yield Kept(sight.at("/destination/batchId"))
        else:
            got = "nothing there" if found is MISSING else shorten(found)
            yield Finding(sight.at("/destination/batchId"), "the id of the batch", got)


@check("adobe_no_batches")
def no_batches(talk: Talk) -> Iterator[Evidence]:
    """A job without segmentPerBatch lists no batches."""
    for sight in story(talk).sights:
        if _apart(talk, sight) is not False or not isinstance(sight.view.get("destination"), dict):
            continue
        found = sight.view["destination"]
        if found.get("batches"):
            yield Finding(sight.at("/destination/batches"), "no batches", shorten(found["batches"]))
        else:
            yield Kept(sight.at("/destination"))


@check("adobe_batches")
def batches(talk: Talk, *, when_created: bool = False) -> Iterator[Evidence]:
    """A job with segmentPerBatch lists batches, and those of the ordered segments only.

    Where the guide has a list, Adobe's OpenAPI file has a single batch, which can be that of one segment alone.
    """
    told = story(talk)
    seen = [one for one in told.sights if one.kind == "created"] if when_created else succeeded(talk)
    for sight in seen:
        if _apart(talk, sight) is not True or not isinstance(sight.view.get("destination"), dict):
            continue
        found = sight.view["destination"].get("batches")
        reading = "one object" if isinstance(found, dict) else "list"
        found = [found] if isinstance(found, dict) else found
        order = told.orders.get(sight.job)
        wanted = _segments(order.body.get("filter") if order else sight.view.get("filter"))
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            yield Finding(sight.at("/destination/batches"), "a list of batches", shorten(found or "nothing there"))
        elif not when_created and wanted and not _covers(_segments({"segments": found}), wanted, reading):
            yield Finding(sight.at("/destination/batches"), f"batches of {', '.join(sorted(wanted))}", shorten(found))
        else:
            yield Kept(sight.at("/destination/batches"), reading=reading)


def _covers(found: set[str], wanted: set[str], reading: str) -> bool:
    return found == wanted if reading == "list" else bool(found) and found <= wanted


def _segments(chosen: Json) -> set[str]:
    segments = chosen.get("segments") if isinstance(chosen, dict) else None
    found = [one.get("segmentId") for one in segments if isinstance(one, dict)] if isinstance(segments, list) else []
    return {one for one in found if isinstance(one, str)}


@check("adobe_batches_stand")
def batches_stand(talk: Talk) -> Iterator[Evidence]:
    """The batch of a job that has succeeded, or of each of its segments, is the same at every sight."""
    first: dict[tuple[str, str], str] = {}
    told = story(talk)
    for sight in told.sights:
        if sight.status != "SUCCEEDED" or told.is_cancelled(sight.job, sight.exchange):
            continue
        for whose, batch in _named_batches(sight):
            known = first.get((sight.job, whose))
            first.setdefault((sight.job, whose), batch)
            if known == batch:
                yield Kept(sight.at("/destination"))
            elif known is not None:
                yield Finding(sight.at("/destination"), f"the batch {known}, as before", batch)


def _named_batches(sight: Sight) -> Iterator[tuple[str, str]]:
    """Each batch with what it is for: all segments, or one of them and certain states of membership."""
    several = sight.get("/destination/batches")
    each = [one for one in several if isinstance(one, dict)] if isinstance(several, list) else []
    found = [(f"{one.get('segmentId')} {one.get('status')}", one.get("batchId")) for one in each]
    found.append(("", sight.get("/destination/batchId")))
    whose = [name for name, _ in found]
    yield from ((name, batch) for name, batch in found if isinstance(batch, str) and batch and whose.count(name) == 1)


@check("adobe_batch_ids")
def batch_ids(talk: Talk) -> Iterator[Evidence]:
    """Each batch of a job that has succeeded has an id of its own."""
    for sight in succeeded(talk):
        found = sight.get("/destination/batches")
        if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
            continue
        ids = [one.get("batchId") for one in found]
        if all(isinstance(one, str) and one for one in ids) and len(set(ids)) == len(ids):
            yield Kept(sight.at("/destination/batches"))
        else:
            yield Finding(sight.at("/destination/batches"), "an id of its own for each batch", shorten(ids))
