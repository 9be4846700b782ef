"""Checks of delivered files: archives and lines. Object keys, and what the lines say of users, stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from export_contracts.checks import Talk, check, rows
from export_contracts.files.archive import Archive, filled_lines, read_archive
from export_contracts.files.ndjson import Line, read_ndjson
from export_contracts.model import Evidence, Finding, Json, Kept, Where
from export_contracts.vendors.braze.exports import Export, delivered, exports, exports_of

UNSOUND: Final = {
    "damaged",
    "truncated",
    "encrypted",
    "path-traversal",
    "absolute-name",
    "empty-archive",
}
"""Problems that keep a customer from unpacking; what merely exceeds our own bounds is none of them."""


@dataclass(frozen=True)
class Delivery:
    """One archive of one export, opened. `key` is empty for a download."""

    export: Export
    where: Where
    key: str
    archive: Archive


@dataclass(frozen=True)
class Row:
    """One line of one member of a delivery."""

    delivery: Delivery
    where: Where
    line: Line


def deliveries(talk: Talk) -> tuple[Delivery, ...]:
    """Every archive that came of an accepted start."""
    return talk.once("braze:deliveries", lambda: tuple(_deliveries(talk)))


def _deliveries(talk: Talk) -> Iterator[Delivery]:
    for export in exports(talk):
        for exchange, key, body in delivered(export):
            where = Where(exchange, "/response/body" if exchange is not None else "", key or None)
            yield Delivery(export, where, key, read_archive(body))


def lines(talk: Talk) -> tuple[Row, ...]:
    """Every line of every member of every delivery, blank ones included."""
    return talk.once("braze:lines", lambda: tuple(_lines(talk)))


def _lines(talk: Talk) -> Iterator[Row]:
    for delivery in deliveries(talk):
        for member in delivery.archive.members:
            name = "!".join(filter(None, (delivery.key, member.name)))
            for line in read_ndjson(member.body):
                yield Row(delivery, Where(delivery.where.exchange, "", name or "download", line.number), line)


def people(talk: Talk) -> Iterator[tuple[Row, dict[str, Json]]]:
    """Every exported user with the line it stands on."""
    for row in lines(talk):
        if isinstance(row.line.value, dict):
            yield row, row.line.value


def people_of(talk: Talk, export: Export) -> list[dict[str, Json]]:
    """Every user of one export."""
    return talk.once("braze:people-by-export", lambda: _people_by_export(talk)).get(export.start.index, [])


def _people_by_export(talk: Talk) -> dict[int, list[dict[str, Json]]]:
    found: dict[int, list[dict[str, Json]]] = {}
    for row, user in people(talk):
        found.setdefault(row.delivery.export.start.index, []).append(user)
    return found


def inside(where: Where, pointer: str) -> Where:
    """A place within the user that stands at `where`."""
    return Where(where.exchange, pointer, where.file, where.line)


@rows("users")
def users(talk: Talk) -> Iterator[tuple[Where, Json]]:
    """Every exported user of this transcript."""
    for row in lines(talk):
        if isinstance(row.line.value, dict):
            yield row.where, row.line.value


def readable(talk: Talk, export: Export) -> bool:
    """Whether everything an export delivered could be read, so that what is not there is truly missing."""
    broken = any(one.export is export and one.archive.problems for one in deliveries(talk))
    unread = any(
        row.delivery.export is export and not isinstance(row.line.value, dict)
        for row in lines(talk)
        if [problem.code for problem in row.line.problems] != ["empty-line"]
    )
    return not broken and not unread


@check("archive_sound")
def archive_sound(talk: Talk) -> Iterator[Evidence]:
    """Every delivered archive can be unpacked whole."""
    for one in deliveries(talk):
        unsound = UNSOUND if _peopled(talk, one.export) else UNSOUND - {"empty-archive"}
        problems = [problem for problem in one.archive.problems if problem.code in unsound]
        for problem in problems:
            yield Finding(one.where, "an archive that can be unpacked whole", problem.message)
        if not problems and one.archive.kind in {"zip", "gzip"}:
            yield Kept(one.where)


def _peopled(talk: Talk, export: Export) -> bool:
    """Whether the segment is known to have users: what an empty one is delivered as is nowhere documented."""
    if export.segment is None or export.segment == talk.facts.get("empty_segment_id"):
        return False
    declared = export.segment == talk.facts.get("segment_id") and talk.facts.get("expected_users")
    return bool(declared) or any(people_of(talk, one) for one in exports_of(talk, export.segment))


@check("download_is_archive")
def download_is_archive(talk: Talk) -> Iterator[Evidence]:
    """A download is a zip archive; where gzip was asked for, either kind will do."""
    for one in deliveries(talk):
        if one.key:
            continue
        wanted = {"zip", "gzip"} if one.export.gzip else {"zip"}
        if one.archive.kind in wanted:
            yield Kept(one.where, reading=one.archive.kind)
        else:
            yield Finding(one.where, f"{' or '.join(sorted(wanted))} archive", one.archive.kind)


@check("stored_as_asked")
def stored_as_asked(talk: Talk, *, gzip: bool) -> Iterator[Evidence]:
    """A file in own storage is of the asked kind, gzip or else zip, whatever its name."""
    wanted = "gzip" if gzip else "zip"
    for one in deliveries(talk):
        if not one.key or one.export.gzip != gzip:
            continue
        if one.archive.kind == wanted:
            yield Kept(one.where)
        else:
            yield Finding(one.where, f"{wanted} content", one.archive.kind)


@check("lines_sound")
def lines_sound(talk: Talk, *, codes: list[str]) -> Iterator[Evidence]:
    """No line has one of the problems `codes`; blank lines say nothing."""
    for row in lines(talk):
        problem = next((one for one in row.line.problems if one.code in codes), None)
        if problem is not None:
            yield Finding(row.where, "one JSON object in UTF-8", problem.message)
        elif isinstance(row.line.value, dict):
            yield Kept(row.where)


@check("members_small")
def members_small(talk: Talk, *, most: int, stored: bool = False) -> Iterator[Evidence]:
    """No file, or with `stored` none in own storage, holds many more users than the 5,000 it is said to hold."""
    for delivery in deliveries(talk):
        if stored and not delivery.key:
            continue
        for member in delivery.archive.members:
            count = filled_lines(member)
            if count > most:
                yield Finding(delivery.where, "about 5,000 users in a file", f"{count} in {member.name}")
            else:
                yield Kept(delivery.where)
