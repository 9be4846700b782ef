"""What a target declares, in the types its users may give: TOML values, or text from a command line. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from export_contracts.model import Json

REST = -1
"""The index of the customers that match no segment."""


@dataclass(frozen=True)
class Moment:
    """What the segment at `index` held at `execution_time`, as far as declared; None where left to defaults."""

    index: int
    execution_time: int | None
    timezone: str | None
    members: Json


def moments(facts: Mapping[str, Json]) -> Iterator[Moment]:
    """The declared moments, those that can be read."""
    for one in names(facts.get("moments")):
        if isinstance(one, Mapping) and one.get("members") is not None:
            at, zone = _whole(one.get("execution_time")), one.get("timezone")
            place = _whole(one.get("segment_index"))
            yield Moment(index(facts) if place is None else place, at, zone, one["members"])


def index(facts: Mapping[str, Json]) -> int:
    """The index of the declared segment, 0 by default."""
    return _whole(facts.get("segment_index")) or 0


def indexes(facts: Mapping[str, Json]) -> list[int] | None:
    """Every index of the segmentation without -1, in order; None where not declared."""
    given = names(facts.get("segment_indexes"))
    found = [_whole(one) for one in given]
    return sorted({one for one in found if one is not None and one >= 0}) or None


def known_indexes(facts: Mapping[str, Json]) -> list[int]:
    """Indexes that exist for certain: the declared ones, and -1."""
    return sorted({REST, index(facts), *(indexes(facts) or [])})


def properties(facts: Mapping[str, Json]) -> list[str]:
    """Names of declared customer properties."""
    return [str(one) for one in names(facts.get("properties"))]


def names(value: Json) -> list[Json]:
    """A list as it is, text cut at its commas, nothing for anything else."""
    if isinstance(value, str):
        return [one.strip() for one in value.split(",") if one.strip()]
    return value if isinstance(value, list) else []


def count(value: Json) -> int | None:
    """A declared number; None where it is a list or absent."""
    return None if isinstance(value, list) else _whole(value)


def _whole(value: Json) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
