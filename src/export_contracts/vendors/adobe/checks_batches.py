"""Checks of delivered batches: that they are Parquet, all there, with the fields and as many rows as the job says.

No document tells how a data lake's files are laid out once somebody has fetched them: a file is of a batch where a part
of its path is the batch's id.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.files.parquet_footer import Footer, read_footer
from export_contracts.model import DeliveredFile, Evidence, Finding, Json, Kept, Where
from export_contracts.vendors.adobe.checks_results import COUNTERS, succeeded
from export_contracts.vendors.adobe.checks_story import Sight, number, story

CLUTTER: Final = re.compile(
    r"(?:^|/)[_.][^/]*$|(?:^|/)_(?:delta_log|temporary|spark_metadata)/|\.(?:json|crc|csv|txt|md|log|xml|html|zip|xlsx|pdf|png|ya?ml|ndjson|jsonl|part|tmp)$",
    re.IGNORECASE,
)
"""Names of what writers of data lakes, and people, leave beside the data."""


def batches_of(job: Mapping[str, Json]) -> list[str]:
    """Ids of the batches that a job names."""
    destination = job.get("destination")
    if not isinstance(destination, dict):
        return []
    several = destination.get("batches")
    listed = several if isinstance(several, list) else [several]
    found = [destination.get("batchId"), *(one.get("batchId") for one in listed if isinstance(one, dict))]
    return list(dict.fromkeys(one for one in found if isinstance(one, str) and one))


def fields_of(job: Mapping[str, Json]) -> list[str]:
    """Dot paths of the fields that were asked for; none means all."""
    text = job.get("fields")
    return [one.strip() for one in text.split(",") if one.strip()] if isinstance(text, str) else []


def lacking(fields: Sequence[str], paths: Sequence[Sequence[str]]) -> list[str]:
    """Fields to which no column leads; lists and maps put parts of their own into a column's path."""
    columns = [[one.casefold() for one in path] for path in paths]
    return [field for field in fields if not any(_leads(field.casefold().split("."), one) for one in columns)]


def _leads(wanted: Sequence[str], path: Sequence[str]) -> bool:
    rest = iter(path)
    return all(one in rest for one in wanted)


def batch_in(path: str, batches: Sequence[str]) -> str | None:
    """The batch of which a file at that path is."""
    parts = path.split("/")
    names = {re.sub(r"^\w+=", "", one) for one in parts} | {re.sub(r"\..*$", "", parts[-1])}
    return next((one for one in batches if one in names), None)


Deliveries = list[tuple[Sight, dict[str, list[DeliveredFile]]]]


def deliveries(talk: Talk) -> Deliveries:
    """For each job that has succeeded, as it was last read, the files of its batches."""
    return talk.once("adobe:deliveries", lambda: _deliveries(talk))


def _deliveries(talk: Talk) -> Deliveries:
    last = {sight.job: sight for sight in succeeded(talk)}
    found: Deliveries = []
    for sight in last.values():
        ids = batches_of(sight.view)
        files: dict[str, list[DeliveredFile]] = {one: [] for one in ids}
        for file in talk.files:
            batch = None if CLUTTER.search(file.key) else batch_in(file.key, ids)
            if batch is not None:
                files[batch].append(file)
        if any(files.values()):
            found.append((sight, files))
    return found


def _footers(talk: Talk) -> Iterator[tuple[DeliveredFile, Footer]]:
    def read() -> dict[str, Footer]:
        return {one.key: read_footer(io.BytesIO(one.body)) for one in files}

    files = [one for _, batches in deliveries(talk) for several in batches.values() for one in several]
    footers = talk.once("adobe:footers", read)
    yield from ((one, footers[one.key]) for one in files)


@check("adobe_parquet")
def parquet(talk: Talk) -> Iterator[Evidence]:
    """Each file of a batch is whole and Parquet."""
    for file, footer in _footers(talk):
        yield from sound(footer, Where(file=file.key))


def sound(footer: Footer, at: Where) -> Iterator[Evidence]:
    """Whether a file's footer is in order; nothing is said where we could not read it."""
    yield from (Finding(at, "a whole Parquet file", one.message) for one in footer.problems if one.code != "unread")
    if not footer.problems:
        yield Kept(at)


@check("adobe_rows_counted")
def rows_counted(talk: Talk) -> Iterator[Evidence]:
    """All batches of a job together hold as many rows as it says that profiles were exported."""
    footers = dict((file.key, footer) for file, footer in _footers(talk))  # noqa: C402 - a file is no key
    for sight, files in deliveries(talk):
        held = [footers[one.key] for several in files.values() for one in several]
        wanted = next((sight.get(one) for one in COUNTERS if number(sight.get(one))), None)
        if wanted is None or not all(files.values()) or any(one.problems for one in held):
            continue
        rows = sum(one.rows for one in held)
        at = Where(file=next(iter(files.values()))[0].key)
        yield Kept(at) if rows == wanted else Finding(at, f"{wanted} profiles across all batches", f"{rows} rows")


@check("adobe_batches_delivered")
def batches_delivered(talk: Talk) -> Iterator[Evidence]:
    """Where one batch of a job has been delivered, each of them has."""
    for sight, files in deliveries(talk):
        if len(files) < 2:
            continue
        missing = [one for one, found in files.items() if not found]
        if missing:
            yield Finding(sight.at("/destination/batches"), f"files of the batch {missing[0]}", "none")
        else:
            yield Kept(sight.at("/destination/batches"))


@check("adobe_fields_delivered")
def fields_delivered(talk: Talk) -> Iterator[Evidence]:
    """Each field that was asked for is a column of the files."""
    footers = dict((file.key, footer) for file, footer in _footers(talk))  # noqa: C402 - a file is no key
    for sight, files in deliveries(talk):
        order = story(talk).orders.get(sight.job)
        wanted = fields_of(order.body if order is not None else sight.view)
        for file in (one for several in files.values() for one in several):
            if wanted and not footers[file.key].problems:
                yield from has_fields(wanted, footers[file.key], Where(file=file.key))


def has_fields(wanted: Sequence[str], footer: Footer, at: Where) -> Iterator[Evidence]:
    """Whether a column leads to each field."""
    missing = lacking(wanted, footer.paths)
    yield from (Finding(at, f"a column for {one}", "none") for one in missing)
    if not missing:
        yield Kept(at)
