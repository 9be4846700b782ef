"""What one export was asked to hold, as far as rows can show it. Counts nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Final

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Clause, Json
from export_contracts.vendors.braze import checks_lists as lists
from export_contracts.vendors.braze.checks_rows import EMPTY, SIBLINGS
from export_contracts.vendors.braze.clocks import moments
from export_contracts.vendors.braze.exports import Export

UNKNOWN: Final = 2_000
"""Names beyond the contract that are remembered."""


class Wanted:
    """What one export's rows may hold. `floor` is the oldest that an entry of a list may be, None where unknown."""

    def __init__(self, contract: Contract, clauses: Sequence[Clause], export: Export) -> None:
        nameable = next((one.parameters["ref"] for one in clauses if one.check == "only_fields_asked_for"), None)
        self._nameable = contract.validator(nameable) if nameable else None
        self._allowed = _allowed(export)
        self._harmless: dict[str, bool] = {}
        self.fields = export.fields
        names = export.attributes if export.attributes and "custom_attributes" not in (export.fields or ()) else None
        self._attributes = names
        clocks = moments(export.start)
        floor = min(clocks) - lists.WINDOW - lists.WINDOW_SLACK if clocks else None
        self.floor = None if floor is None else datetime.fromtimestamp(floor, UTC)

    def surplus(self, names: Collection[str]) -> list[str]:
        """Those of the members that have to be empty, if they come at all."""
        if self._allowed is None:
            return []
        return [name for name in names if name not in self._allowed and not self._may_come(name)]

    def _may_come(self, name: str) -> bool:
        """Whether the member is such as nobody can ask for."""
        if name not in self._harmless:
            if len(self._harmless) > UNKNOWN:
                return False
            nameable = self._nameable is None or self._nameable.is_valid(name)
            self._harmless[name] = not nameable and name not in SIBLINGS
        return self._harmless[name]

    @property
    def by_name(self) -> bool:
        """Whether custom attributes were asked for by name."""
        return self._attributes is not None

    def named(self, own: Json) -> int | None:
        """1 where custom attributes were asked for by name and no other came; None where another came."""
        if self._attributes is None or not isinstance(own, dict):
            return 0
        return None if any(name not in self._attributes for name, held in own.items() if held is not None) else 1

    def all_named(self, owns: Sequence[Json]) -> int | None:
        """The same, added up."""
        if self._attributes is None:
            return 0
        found = [self.named(own) for own in owns]
        return None if None in found else sum(filter(None, found))


def empty(held: Json) -> bool:
    """Whether a member says no more than if it were missing."""
    return held in EMPTY


def _allowed(export: Export) -> frozenset[str] | None:
    """Members that may hold anything; None where it is not known what was asked for."""
    if export.fields is None:
        return None
    siblings = {name for name, of in SIBLINGS.items() if of in export.fields}
    return export.fields | siblings | ({"custom_attributes"} if export.attributes else set())
