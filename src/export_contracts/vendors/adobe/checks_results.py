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
ROUNDED: Final = 1_000
"""Milliseconds between two durations that were rounded to the second."""
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
    """A duration is its end less its start, once the job is over; rounding is granted to fractions only."""
    for sight in (one for one in story(talk).sights if one.status not in {"NEW", "PROCESSING"}):
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


@check("adobe_export_within")
def export_within(talk: Talk) -> Iterator[Evidence]:
    """The export of profiles took no longer than the job, but for a second that rounding may cost."""
    for sight in story(talk).sights:
        whole, part = (_length(sight.get(f"/metrics/{name}")) for name in ("totalTime", "profileExportTime"))
        if whole is None or part is None or whole < 0:
            continue
        at = sight.at("/metrics/profileExportTime")
        yield Finding(at, f"no more than {whole} ms", f"{part} ms") if part > whole + ROUNDED else Kept(at)


def _length(duration: Json) -> float | None:
    return duration[END] - duration[START] if isinstance(duration, dict) and _over(duration) else None


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


@check("adobe_failure_shown")
def failure_shown(talk: Talk) -> Iterator[Evidence]:
    """An export to the dataset of which the target's owner says that exports to it fail does not succeed."""
    told, dataset = story(talk), talk.facts.get("failing_dataset_id")
    for sight in told.sights:
        order = told.orders.get(sight.job)
        if order is None or dataset is None or resolve(order.body, "/destination/datasetId") != dataset:
            continue
        if sight.status == "SUCCEEDED":
            yield Finding(sight.at("/status"), f"any end but success, as for each export to {dataset}", "SUCCEEDED")
        elif sight.status == "FAILED":
            yield Kept(sight.at("/status"))
