"""Which editions of a contract some traffic is compatible with, told by its shape and by clauses it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from export_contracts.catalogue.contract import Contract
from export_contracts.drift.editions import editions
from export_contracts.drift.promises import Promise, of
from export_contracts.model import Json


@dataclass(frozen=True)
class Dating:
    """Editions, each the month it begins with, and why traffic cannot be of them (empty: it can)."""

    reasons: Mapping[str, tuple[str, ...]]

    @property
    def spans(self) -> tuple[tuple[str, str | None], ...]:
        """(first month, first month after it or None for today) of each run of compatible editions."""
        months = list(self.reasons)
        runs: list[list[str]] = []
        for before, month in pairwise(["", *months]):
            if self.reasons[month]:
                continue
            if runs and runs[-1][-1] == before:
                runs[-1].append(month)
            else:
                runs.append([month])
        ends = dict(pairwise(months))
        return tuple((run[0], ends.get(run[-1])) for run in runs)


def date(contract: Contract, shape: Mapping[str, Json], broken: Mapping[str, tuple[str, ...]]) -> Dating:
    """Why traffic of this shape cannot be of each edition. `broken`: must-clauses broken, by month.

    A name that the page no longer prints only counts where some edition can do without it: dropping a name from a
    page does not forbid it.
    """
    promises = of(contract)
    months = editions(contract)
    hard = {
        month: (*_too_early(promises, shape, month), *(f"{one} is broken" for one in broken.get(month, ())))
        for month in months
    }
    late = {month: (*hard[month], *_too_late(promises, shape, month)) for month in months}
    return Dating(late if any(not why for why in late.values()) else hard)


def _too_early(promises: tuple[Promise, ...], shape: Mapping[str, Json], month: str) -> Iterator[str]:
    for operation, area, seen in _seen(shape):
        mine = [one for one in promises if one.group.area == area and one.group.operation == operation]
        for at in seen:
            since = [one.since for one in mine if one.at == at]
            if since and month < min(since):
                yield f"{at} ({_where(area, operation)}) came in {min(since)}"
        for at, what in seen.items():
            yield from _values(at, _where(area, operation), what, [one for one in mine if one.at == at], month)
        for one in mine if area == "request" and seen else ():
            dated = one.since or one.until
            if one.need == "required" and dated and one.holds(month) and not seen.get(one.at, {}).get("always"):
                yield f"{one.at} ({_where(area, operation)}) was required"


def _where(area: str, operation: str) -> str:
    """A member of one name may stand in the requests, or the answers, of several operations."""
    return f"{area} of {operation}" if area in {"request", "response"} else area


def _values(at: str, where: str, what: Mapping[str, Json], mine: list[Promise], month: str) -> Iterator[str]:
    """Values of an enumeration that another month has, and this one has not."""
    now = [one.enum for one in mine if one.enum and one.holds(month)]
    ever = frozenset().union(*(one.enum for one in mine))
    strange = sorted(set(what.get("values", ())) & ever - now[0]) if now else []
    if strange:
        yield f"{', '.join(strange)} ({where}, {at}) was no value"


def _too_late(promises: tuple[Promise, ...], shape: Mapping[str, Json], month: str) -> Iterator[str]:
    for operation, area, seen in _seen(shape):
        for at, found in seen.items():
            mine = [
                one for one in promises if one.group.area == area and one.group.operation == operation and one.at == at
            ]
            ends = [one.until for one in mine]
            if mine and all(one is not None and one <= month for one in ends):
                yield f"{at} ({_where(area, operation)}) was gone"
            held = [one for one in mine if one.holds(month) and one.types]
            if len(mine) > 1 and held and found["types"] and not any(_fits(found["types"], one.types) for one in held):
                yield f"{at} ({_where(area, operation)}) was {', '.join(sorted(held[0].types))}"


def _fits(seen: list[str], promised: frozenset[str]) -> bool:
    return set(seen) <= promised | {"null"} | ({"integer"} if "number" in promised else set())


def _seen(shape: Mapping[str, Json]) -> Iterator[tuple[str, str, Mapping[str, Json]]]:
    main = ""
    for name, one in shape["operations"].items():
        yield name, "request", one["accepted"]
        listed = one["accepted"].get("fields_to_export[]", {}).get("values", [])
        yield name, "field", {value: {"types": []} for value in listed}
        main = name if "fields_to_export" in one["asked"] else main
        for status, answer in one["answers"].items():
            if status.startswith("2"):
                yield name, "response", answer.get("body", {})
    yield main, "object", shape["objects"].get("users", {})
