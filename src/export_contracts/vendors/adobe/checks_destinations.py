"""Checks of a job's destination: which batches it names, for which segments, and that they stand. No file is opened."""

from __future__ import annotations

from collections.abc import Iterator

from export_contracts.checks import Talk, check
from export_contracts.model import MISSING, Evidence, Finding, Json, Kept
from export_contracts.schema.pointer import resolve
from export_contracts.schema.validation import shorten
from export_contracts.vendors.adobe.checks_results import succeeded
from export_contracts.vendors.adobe.checks_story import Sight, story


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


@check("adobe_batches_apart")
def batches_apart(talk: Talk) -> Iterator[Evidence]:
    """No two jobs that have succeeded name one batch as theirs."""
    owners: dict[str, str] = {}
    told = story(talk)
    for sight in told.sights:
        over = sight.status == "SUCCEEDED" and not told.is_cancelled(sight.job, sight.exchange)
        for _, batch in _named_batches(sight) if over else ():
            if owners.setdefault(batch, sight.job) == sight.job:
                yield Kept(sight.at("/destination"))
            else:
                other = owners[batch].rpartition("/")[2]
                yield Finding(sight.at("/destination"), "a batch of its own", f"{batch}, as job {other}")


@check("adobe_batch_as_ordered")
def batch_as_ordered(talk: Talk) -> Iterator[Evidence]:
    """A segment's batch says no other namespace than was ordered for it."""
    told = story(talk)
    for sight in told.sights:
        order, found = told.orders.get(sight.job), sight.get("/destination/batches")
        ordered = resolve(order.body, "/filter/segments") if order is not None else None
        if not isinstance(found, list) or not isinstance(ordered, list):
            continue
        for place, batch in enumerate(found):
            alike = [one for one in ordered if isinstance(one, dict) and isinstance(batch, dict)]
            alike = [one for one in alike if one.get("segmentId") == batch.get("segmentId") is not None]
            asked, said = (alike[0].get("segmentNs"), batch.get("segmentNs")) if len(alike) == 1 else (None, None)
            at = sight.at(f"/destination/batches/{place}/segmentNs")
            if asked and isinstance(said, str) and said:
                yield Kept(at) if said == asked else Finding(at, str(asked), said)
