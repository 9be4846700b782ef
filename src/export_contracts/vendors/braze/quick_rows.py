"""The fast way through single faultless users: says only "all clauses of rows hold here", and counts how often.

A row it does not take says nothing; the checks themselves then judge it. Whatever a check of rows can object to,
this module must refuse to take: a property-based test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from export_contracts.model import Json
from export_contracts.schema.validation import Validator
from export_contracts.vendors.braze import checks_lists as lists
from export_contracts.vendors.braze.quick_counts import Counts
from export_contracts.vendors.braze.quick_wanted import Wanted, empty


class QuickRows:
    """Takes the rows of one export, valid where `schema` finds them so."""

    def __init__(self, schema: Validator, wanted: Wanted, counts: Counts) -> None:
        self._valid = schema.is_valid
        self._wanted = wanted
        self._counts = counts

    def take(self, value: dict[str, Json]) -> bool:
        """Whether every clause holds for this row for certain; if so, it is counted."""
        if not self._valid(value):
            return False
        surplus = self._wanted.surplus(value)
        if surplus and not all(empty(value[name]) for name in surplus):
            return False
        named = self._wanted.named(value.get("custom_attributes"))
        if named is None:
            return False
        ordered = self._ordered(value)
        young = self._young(value) if self._wanted.floor is not None else _NONE
        fitting = _fitting(value.get("devices") or ())
        if ordered is None or young is None or fitting is None:
            return False
        self._counts.add(value, (*ordered, *young, fitting, named, 1))
        return True

    def _ordered(self, value: dict[str, Json]) -> tuple[int, int, int] | None:
        """Lists of entries that begin before they end and are young enough: of both members, and of each."""
        events, purchases = value.get("custom_events"), value.get("purchases")
        first = self._tallied(events) if events else 0
        second = self._tallied(purchases) if purchases else 0
        return None if first is None or second is None else (first + second, first, second)

    def _tallied(self, entries: Sequence[Mapping[str, Json]]) -> int | None:
        floor = self._wanted.floor or _LONG_AGO
        try:
            for entry in entries:
                last = _parse(entry["last"])
                if last < floor or _parse(entry["first"]) > last:
                    return None
        except (KeyError, TypeError, ValueError):
            return None  # a member is missing, or the date is spelt otherwise
        return 1

    def _young(self, value: dict[str, Json]) -> tuple[int, int] | None:
        """Whether there are entries in each list of messages; None unless they have dates that are young enough."""
        floor = self._wanted.floor or _LONG_AGO
        campaigns, canvases = value.get("campaigns_received") or (), value.get("canvases_received") or ()
        try:
            for entry in campaigns:
                if _parse(entry["last_received"]) < floor:
                    return None
            for entry in canvases:
                if _parse(entry["last_entered"]) < floor:
                    return None
        except (KeyError, TypeError, ValueError):
            return None
        return len(campaigns) > 0, len(canvases) > 0


_parse: Final = datetime.fromisoformat
"""Of what the schema lets through, it reads nothing otherwise than `moment` does; a date without a zone cannot be
compared and so is left to the checks."""
_NONE: Final = (0, 0)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def _fitting(devices: Sequence[Mapping[str, Json]]) -> int | None:
    known = 0
    for device in devices:
        found = system(device.get("os"))
        if found is not None:
            if any(device.get(name) and only != found for name, only in lists.ONLY_ON.items()):
                return None
            known = 1
    return known


@lru_cache(maxsize=1024)
def system(named: Json) -> str | None:
    """The system that the name of a device begins with, remembered."""
    return lists.system_of(named)
