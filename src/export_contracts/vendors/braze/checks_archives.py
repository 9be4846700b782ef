"""Checks of what a careful recipient looks for in delivered files beyond what the documents name."""

from __future__ import annotations

from collections.abc import Iterator

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Finding, Json, Kept, Where
from export_contracts.vendors.braze.checks_files import deliveries, people


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


def identity(user: dict[str, Json]) -> str | None:
    """Whose row it is; None for one that says neither of both ids."""
    own = user.get("braze_id")
    if own:
        return f"braze_id {own}"
    other = user.get("external_id")
    return f"external_id {other}" if other else None
