"""The fast way through faultless users: says only "all clauses of rows hold here", and counts how often.

A row it does not take says nothing; the checks themselves then judge it. Whatever a check of rows can object to,
this module must refuse to take: a property-based test compares the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
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
ORDERED: Final = ("custom_events", "purchases")
SHAPES: Final = 2_000
"""Different sets of members that are counted before they are added up."""


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
        self._floor = min(clocks) - lists.WINDOW - lists.WINDOW_SLACK if clocks else None
        self._shapes: dict[tuple[str, ...], int] = {}
        self._members: Counter[str] = Counter()
        self._recent: Counter[str] = Counter()
        self._other: Counter[str] = Counter()

    def take(self, value: dict[str, Json]) -> bool:
        """Whether every clause holds for this row for certain; if so, it is counted."""
        if not self._valid(value):
            return False
        if self._allowed is not None and not (value.keys() <= self._allowed or self._may_carry(value)):
            return False
        named = self._named(value)
        if named is None:
            return False
        dated = self._dated(value)
        fitting = _fitting(value.get("devices") or ())
        if dated is None or fitting is None:
            return False
        self._count(value, dated, fitting, named)
        return True

    def _named(self, value: dict[str, Json]) -> int | None:
        """1 where custom attributes were asked for by name and no other came; None where another came."""
        own = value.get("custom_attributes")
        if self._attributes is None or not isinstance(own, dict):
            return 0
        return None if any(name not in self._attributes for name, held in own.items() if held is not None) else 1

    def _count(self, value: dict[str, Json], dated: Mapping[str, int], fitting: int, named: int) -> None:
        shape = tuple(value)
        shapes = self._shapes
        shapes[shape] = shapes.get(shape, 0) + 1
        if len(shapes) > SHAPES:
            self._add_up()
        for name, count in dated.items():
            self._recent[name] += count
        self._other["devices"] += fitting
        self._other["named"] += named

    def _add_up(self) -> None:
        for shape, count in self._shapes.items():
            self._other["rows"] += count
            for name in shape:
                self._members[name] += count
        self._shapes.clear()

    def give(self, tally: Tally) -> None:
        """Add what was counted to the clauses, and begin again."""
        self._add_up()
        for one in self._clauses:
            kept = self._kept(one)
            if kept:
                tally.of(one.id).kept += kept
        for counter in (self._members, self._recent, self._other):
            counter.clear()

    def _kept(self, clause: Clause) -> int:
        if clause.check == "schema":
            pointer = clause.parameters.get("pointer", "")
            return self._members[pointer[1:]] if pointer else self._other["rows"]
        if clause.check == "ninety_days":
            return sum(self._recent[name] for name in clause.parameters["lists"])
        if clause.check == "first_before_last":
            return self._recent["ordered"]
        if clause.check == "only_fields_asked_for" and self._fields is None:
            return 0
        return self._other[_COUNTED.get(clause.check, "rows")]

    def _may_carry(self, value: dict[str, Json]) -> bool:
        """Whether all members beyond the allowed ones are such as nobody can ask for."""
        for name in value.keys() - (self._allowed or ()):
            if name not in self._harmless:
                if len(self._harmless) > SHAPES:
                    return False
                nameable = self._nameable is None or self._nameable.is_valid(name)
                self._harmless[name] = not nameable and name not in SIBLINGS
            if not self._harmless[name] and value[name] not in EMPTY:
                return False
        return True

    def _dated(self, value: dict[str, Json]) -> dict[str, int] | None:
        """How many entries of each list are dated and young enough, and how many begin before they end."""
        found: dict[str, int] = {}
        for name in ORDERED:
            entries = value.get(name)
            if entries:
                counts = self._tallied(entries)
                if counts is None:
                    return None
                found[name] = counts[0]
                found["ordered"] = found.get("ordered", 0) + counts[1]
        if self._floor is None:
            return {"ordered": found.get("ordered", 0)}
        for name in ("campaigns_received", "canvases_received"):
            entries = value.get(name)
            if entries:
                young = _young(entries, lists.DATES[name], self._floor)
                if young is None:
                    return None
                found[name] = young
        return found

    def _tallied(self, entries: Sequence[Mapping[str, Json]]) -> tuple[int, int] | None:
        dated = ordered = 0
        for entry in entries:
            last = _moment(entry.get("last"))
            if last is None:
                continue
            if self._floor is not None and last < self._floor:
                return None
            dated += 1
            first = _moment(entry.get("first"))
            if first is not None:
                if first > last + lists.DAY:
                    return None
                ordered += 1
        return dated, ordered


_COUNTED: Final = {"ids_fit_device": "devices", "named_attributes_only": "named"}


def _young(entries: Sequence[Mapping[str, Json]], keys: tuple[str, ...], floor: float) -> int | None:
    count = 0
    for entry in entries:
        newest: float | None = None
        for key in keys:
            one = _moment(entry.get(key))
            if one is not None and (newest is None or one > newest):
                newest = one
        if newest is None:
            continue
        if newest < floor:
            return None
        count += 1
    return count


def _moment(text: Json) -> float | None:
    """What `moment` says; texts that end in Z, as most do, are read without detours."""
    if not text:
        return None
    if text.__class__ is str and text[-1] == "Z":
        try:
            return datetime.fromisoformat(text).timestamp()
        except ValueError:
            pass
    return lists.moment(text)


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
