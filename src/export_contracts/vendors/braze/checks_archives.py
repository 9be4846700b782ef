"""Checks of what a careful recipient looks for in delivered files beyond what the documents name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.files.archive import read_archive
from export_contracts.files.ndjson import read_ndjson
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept, Where
from export_contracts.vendors.braze.checks_files import deliveries, people
from export_contracts.vendors.braze.exports import exports

OK: Final = 200


@check("archive_clean")
def archive_clean(talk: Talk, *, codes: list[str]) -> Iterator[Evidence]:
    """No archive has one of the problems `codes`."""
    for one in deliveries(talk):
        problems = [problem for problem in one.archive.problems if problem.code in codes]
        for problem in problems:
            yield Finding(one.where, "an archive that holds its files and nothing more", problem.message)
        if not problems and one.archive.kind in {"zip", "gzip"}:
            yield Kept(one.where)


@check("users_once")
def users_once(talk: Talk) -> Iterator[Evidence]:
    """No two rows of an export are of the same user."""
    seen: dict[tuple[int, bool, str], Where] = {}
    for row, user in people(talk):
        name = identity(user)
        if name is None:
            continue
        key = (row.delivery.export.start.index, bool(row.delivery.key), name)
        first = seen.setdefault(key, row.where)
        if first is row.where:
            yield Kept(row.where)
        else:
            yield Finding(row.where, "each user once", f"{name} also in {first.file}:{first.line}")


@check("same_users_again")
def same_users_again(talk: Talk) -> Iterator[Evidence]:
    """What a URL delivers later is of the same users as what it delivered first, however it is packed."""
    for export in exports(talk):
        first = _download(export.ready)
        later = [one for one in export.looks if export.ready is not None and one.index > export.ready.index]
        for look in later if first else ():
            again = _download(look)
            users = _identities(first) if again and again != first else None
            if not again or (users is not None and not users):
                continue
            at = look.at("/response/body")
            others = users ^ _identities(again) if users is not None else ()
            yield (
                Finding(at, "the users of the first download", f"{len(others)} other or fewer") if others else Kept(at)
            )


def _download(look: Exchange | None) -> bytes:
    if look is None or look.response is None or look.status != OK:
        return b""
    content = look.response.content
    return content if isinstance(content, bytes) else look.response.body


def _identities(body: bytes) -> set[str]:
    rows = (line.value for member in read_archive(body).members for line in read_ndjson(member.body))
    return {name for row in rows if isinstance(row, dict) and (name := identity(row)) is not None}


def identity(user: dict[str, Json]) -> str | None:
    """Whose row it is; None for one that says neither of both ids."""
    own = user.get("braze_id")
    if own:
        return f"braze_id {own}"
    other = user.get("external_id")
    return f"external_id {other}" if other else None
