"""The fast way through faultless users: says only "all clauses of rows hold here", and counts how often.

A row it does not take says nothing; the checks themselves then judge it. Whatever a check of rows can object to,
this module must refuse to take: a property-based test compares the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from export_contracts.catalogue.contract import Contract
from export_contracts.checks.tally import Tally
from export_contracts.model import Clause, Json
from export_contracts.schema.validation import Validator, uri
from export_contracts.vendors.braze import checks_lists as lists
from export_contracts.vendors.braze.checks_rows import EMPTY, SIBLINGS
from export_contracts.vendors.braze.exports import Export, moments

TAKEN: Final = frozenset(
    {"schema", "lines_sound", "only_fields_asked_for", "named_attributes_only", "ninety_days", "first_before_last"}
    | {"ids_fit_device"}
)
"""Checks of rows that are answered for here."""
ROWS: Final = 500
"""Rows that are counted before they are added up."""
UNKNOWN: Final = 2_000
"""Names beyond the contract that are remembered."""


class QuickRows:
    """Takes the rows of one export. `clauses` are the active clauses whose check is among `TAKEN`."""

    def __init__(self, contract: Contract, clauses: Sequence[Clause], export: Export) -> None:
        self._clauses = clauses
        self._valid = _whole(contract, clauses).is_valid
        nameable = next((one.parameters["ref"] for one in clauses if one.check == "only_fields_asked_for"), None)
        self._nameable = contract.validator(nameable) if nameable else None
        self._fields = export.fields
        self._allowed = _allowed(export)
        self._harmless: dict[str, bool] = {}
        names = export.attributes if export.attributes and "custom_attributes" not in (export.fields or ()) else None
        self._attributes = names
        clocks = moments(export.start)
        floor = min(clocks) - lists.WINDOW - lists.WINDOW_SLACK if clocks else None
        self._floor = None if floor is None else datetime.fromtimestamp(floor, UTC)
        self._names: list[str] = []
        self._rows: list[tuple[int, ...]] = []
        self._members: Counter[str] = Counter()
        self._sums: Counter[str] = Counter()

    def take(self, value: dict[str, Json]) -> bool:
        """Whether every clause holds for this row for certain; if so, it is counted."""
        if not self._valid(value):
            return False
        if self._allowed is not None and not (value.keys() <= self._allowed or self._may_carry(value)):
            return False
        named = self._named(value)
        if named is None:
            return False
        ordered = self._ordered(value)
        young = self._young(value) if self._floor is not None else _NONE
        fitting = _fitting(value.get("devices") or ())
        if ordered is None or young is None or fitting is None:
            return False
        self._count(value, (*ordered, *young, fitting, named, 1))
        return True

    def _named(self, value: dict[str, Json]) -> int | None:
        """1 where custom attributes were asked for by name and no other came; None where another came."""
        own = value.get("custom_attributes")
        if self._attributes is None or not isinstance(own, dict):
            return 0
        return None if any(name not in self._attributes for name, held in own.items() if held is not None) else 1

    def _count(self, value: dict[str, Json], counts: tuple[int, ...]) -> None:
        # Gathered first and counted in one go, which takes a third of the time.
        self._names.extend(value)
        self._rows.append(counts)
        if len(self._rows) >= ROWS:
            self._add_up()

    def _add_up(self) -> None:
        self._members.update(self._names)
        for name, column in zip(_COLUMNS, zip(*self._rows, strict=True), strict=False):
            self._sums[name] += sum(column)
        self._names.clear()
        self._rows.clear()

    def give(self, tally: Tally) -> None:
        """Add what was counted to the clauses, and begin again."""
        self._add_up()
        for one in self._clauses:
            kept = self._kept(one)
            if kept:
                tally.of(one.id).kept += kept
        self._members.clear()
        self._sums.clear()

    def _kept(self, clause: Clause) -> int:
        if clause.check == "schema":
            pointer = clause.parameters.get("pointer", "")
            return self._members[pointer[1:]] if pointer else self._sums["rows"]
        if clause.check == "ninety_days":
            return sum(self._sums[name] for name in clause.parameters["lists"]) if self._floor else 0
        if clause.check == "only_fields_asked_for" and self._fields is None:
            return 0
        return self._sums[_COUNTED.get(clause.check, "rows")]

    def _may_carry(self, value: dict[str, Json]) -> bool:
        """Whether all members beyond the allowed ones are such as nobody can ask for."""
        for name in value.keys() - (self._allowed or ()):
            if name not in self._harmless:
                if len(self._harmless) > UNKNOWN:
                    return False
                nameable = self._nameable is None or self._nameable.is_valid(name)
                self._harmless[name] = not nameable and name not in SIBLINGS
            if not self._harmless[name] and value[name] not in EMPTY:
                return False
        return True

    def _ordered(self, value: dict[str, Json]) -> tuple[int, int, int] | None:
        """Entries that begin before they end, and the dated ones of both lists, all of them young enough."""
        events, purchases = value.get("custom_events"), value.get("purchases")
        first = self._tallied(events) if events else _NONE
        second = self._tallied(purchases) if purchases else _NONE
        if first is None or second is None:
            return None
        return first[1] + second[1], first[0], second[0]

    def _tallied(self, entries: Sequence[Mapping[str, Json]]) -> tuple[int, int] | None:
        floor = self._floor or _LONG_AGO
        try:
            for entry in entries:
                last = _parse(entry["last"])
                if last < floor or _parse(entry["first"]) > last:
                    return None
        except (KeyError, TypeError, ValueError):
            return None  # a member is missing, or the date is spelt otherwise
        return len(entries), len(entries)

    def _young(self, value: dict[str, Json]) -> tuple[int, int] | None:
        """Entries of both lists of messages; None unless each has a date young enough, which is all it needs."""
        campaigns, canvases = value.get("campaigns_received") or (), value.get("canvases_received") or ()
        try:
            for entry in campaigns:
                if _parse(entry["last_received"]) < self._floor:  # type: ignore[operator]  # asked for only where it is known
                    return None
            for entry in canvases:
                if _parse(entry["last_entered"]) < self._floor:  # type: ignore[operator]  # the same
                    return None
        except (KeyError, TypeError, ValueError):
            return None
        return len(campaigns), len(canvases)


_parse: Final = datetime.fromisoformat
"""Of what the schema lets through, it reads nothing otherwise than `moment` does; a date without a zone cannot be
compared and so is left to the checks."""
_NONE: Final = (0, 0)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_COLUMNS: Final = (
    "ordered",
    "custom_events",
    "purchases",
    "campaigns_received",
    "canvases_received",
    "devices",
    "named",
    "rows",
)
_COUNTED: Final = {"ids_fit_device": "devices", "named_attributes_only": "named", "first_before_last": "ordered"}


def _fitting(devices: Sequence[Mapping[str, Json]]) -> int | None:
    count = 0
    for device in devices:
        system = _system(device.get("os"))
        if system is not None:
            for name in _FOREIGN[system]:
                if device.get(name):
                    return None
            count += 1
    return count


_FOREIGN: Final = {
    system: tuple(name for name, only in lists.ONLY_ON.items() if only != system)
    for system in ("ios", "android", "roku", "windows")
}


@lru_cache(maxsize=1024)
def _system(named: Json) -> str | None:
    return lists.system_of(named)


def _allowed(export: Export) -> frozenset[str] | None:
    """Members that may hold anything; None where it is not known what was asked for."""
    if export.fields is None:
        return None
    siblings = {name for name, of in SIBLINGS.items() if of in export.fields}
    return export.fields | siblings | ({"custom_attributes"} if export.attributes else set())


def _whole(contract: Contract, clauses: Sequence[Clause]) -> Validator:
    """One schema in place of all that clauses set for members of a row; what stays out of it is never taken."""
    members: dict[str, list[Json]] = {}
    required: set[str] = set()
    root: list[Json] = [{"type": "object"}]
    for one in clauses:
        if one.check != "schema":
            continue
        pointer = one.parameters.get("pointer", "")
        ref = one.parameters.get("ref")
        schema: Json = {"$ref": uri(ref)} if ref is not None else one.parameters.get("schema", {})
        if pointer:
            members.setdefault(pointer[1:], []).append(schema)
            if not one.parameters.get("optional"):
                required.add(pointer[1:])
        else:
            root.append(schema)
    properties = {name: found[0] if len(found) == 1 else {"allOf": found} for name, found in members.items()}
    return contract.validator({"allOf": [*root, {"properties": properties, "required": sorted(required)}]})


def takes(clause: Clause) -> bool:
    """Whether a clause of rows can be answered for here: its check is known, and its pointer names a member."""
    pointer = str(clause.parameters.get("pointer", ""))
    return clause.check in TAKEN and not any(one in pointer[1:] for one in "/~")
