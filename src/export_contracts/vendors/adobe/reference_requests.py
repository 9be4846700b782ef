"""What the reference server understands of a request: bodies and queries read by models of its own.

Written from the guide's tables, member by member; nothing here may come from the contract's schemas.
Members the guide does not name are let through, as the guide says nothing against them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from export_contracts.model import Json

Reader = Callable[[Json, str], None]
LISTABLE: Final = ("NEW", "SUCCEEDED", "FAILED")
MEMBERSHIPS: Final = ("realized", "exited", "existing")
PAGE: Final = 100
"""Jobs on a page when no limit is asked for; the guide names no number."""


class Refused(Exception):
    """The request cannot be served; the text says why, in words for the answer's `detail`."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list request: at most `limit` jobs after the job that `after` names, of one status or any."""

    limit: int
    after: tuple[int, int] | None
    status: str | None


def text(value: Json, at: str) -> None:
    """A string."""
    if not isinstance(value, str):
        raise Refused(f"{at} must be text")


def name(value: Json, at: str) -> None:
    """A string that names something."""
    text(value, at)
    if not value.strip():
        raise Refused(f"{at} must not be blank")


def flag(value: Json, at: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        raise Refused(f"{at} must be true or false")


def number(value: Json, at: str) -> None:
    """A number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"{at} must be a number")


def moment(value: Json, at: str) -> None:
    """A timestamp with its offset, as RFC 3339 writes it; a leap second counts as the one before."""
    text(value, at)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", value):
        raise Refused(f"{at} must be a timestamp in RFC 3339 form")
    try:
        datetime.fromisoformat(re.sub(r":60", ":59", re.sub(r"\.\d+", "", value)).upper())
    except ValueError:
        raise Refused(f"{at} is no moment in time") from None


def membership(value: Json, at: str) -> None:
    """A state of belonging to a segment."""
    if value not in MEMBERSHIPS:
        raise Refused(f"{at} must be one of {', '.join(MEMBERSHIPS)}")


def several(reader: Reader) -> Reader:
    """A list whose items `reader` accepts."""

    def read(value: Json, at: str) -> None:
        if not isinstance(value, list):
            raise Refused(f"{at} must be a list")
        for position, one in enumerate(value):
            reader(one, f"{at}[{position}]")

    return read


def members(known: Mapping[str, Reader], *needed: str) -> Reader:
    """An object: `needed` members are there, and each known one that is not null is acceptable."""

    def read(value: Json, at: str) -> None:
        if not isinstance(value, dict):
            raise Refused(f"{at or 'the body'} must be an object")
        for one in needed:
            if value.get(one) is None:
                raise Refused(f"{at}.{one} is required".lstrip("."))
        for one, reader in known.items():
            if value.get(one) is not None:
                reader(value[one], f"{at}.{one}".lstrip("."))

    return read


SEGMENT: Final = members({"segmentId": name, "segmentNs": text, "status": several(membership)}, "segmentId")
FILTER: Final = members(
    {
        "segments": several(SEGMENT),
        "segmentQualificationTime": members({"startTime": moment, "endTime": moment}),
        "fromIngestTimestamp": moment,
        "emptyProfiles": flag,
    }
)
EVENTS: Final = members(
    {"fields": text, "filter": members({"fromIngestTimestamp": moment, "toIngestTimestamp": moment})}
)
ORDER: Final = members(
    {
        "fields": text,
        "mergePolicy": members({"id": name, "version": number}, "id"),
        "filter": FILTER,
        "additionalFields": members({"eventList": EVENTS}),
        "destination": members({"datasetId": name, "segmentPerBatch": flag}, "datasetId"),
        "schema": members({"name": name}, "name"),
        "evaluationInfo": members({"segmentation": flag}),
    },
    "destination",
    "schema",
)


def order(body: Json) -> None:
    """Accept the body of a new export job, or raise `Refused`."""
    ORDER(body, "")


def listing(query: Mapping[str, str]) -> Listing:
    """The list request that a query asks for, or `Refused`. Unknown parameters are passed over."""
    limit, offset, status = query.get("limit"), query.get("offset"), query.get("status")
    if limit is not None and not re.fullmatch(r"[1-9]\d{0,8}", limit):
        raise Refused("limit must be a positive number")
    if status is not None and status not in LISTABLE:
        raise Refused(f"status must be one of {', '.join(LISTABLE)}")
    after = None
    if offset:
        found = re.fullmatch(r"(\d{1,18})_(\d{1,18})", offset)
        if found is None:
            raise Refused("offset must be a creation time and a job id joined by an underscore")
        after = (int(found[1]), int(found[2]))
    return Listing(PAGE if limit is None else int(limit), after, status)
