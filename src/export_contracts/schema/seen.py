"""How objects were seen to be written: in which order their members come, and which names the schema does not know.

Says nothing of whether a row is right. Bounded: what comes after `ROWS` rows, `NAMES` names or `PLACES` places, or
stands deeper than `LEVELS`, is not remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Final

from export_contracts.model import Json

ROWS: Final = 2_000
NAMES: Final = 500
PLACES: Final = 300
LEVELS: Final = 8


@dataclass
class Members:
    """The members of the objects in one place: which name was seen right after which, and which came each time."""

    after: dict[str, set[str]] = field(default_factory=dict)
    always: frozenset[str] | None = None

    def see(self, one: Mapping[str, Json]) -> bool:
        """Remember an object; whether that taught anything."""
        ever = self.always
        self.always = frozenset(one) if ever is None else ever.intersection(one)
        taught = self.always != ever
        for name in one:
            if name not in self.after and len(self.after) < NAMES:
                self.after[name] = set()
                taught = True
        for before, name in pairwise(one):
            known = self.after.get(name)
            if known is not None and before in self.after and before not in known:
                known.add(before)
                taught = True
        return taught

    @property
    def ordered(self) -> bool:
        """Whether there is an order that fits each object."""
        try:
            TopologicalSorter(self.after).prepare()
        except CycleError:
            return False
        return True

    def order(self, known: Iterable[str]) -> tuple[str, ...]:
        """All names, those seen in an order that fits each object where there is one, then the `known` ones unseen."""
        try:
            seen = tuple(TopologicalSorter(self.after).static_order())
        except CycleError:
            seen = tuple(self.after)
        return (*seen, *(name for name in known if name not in self.after))


@dataclass
class Seen:
    """Members by place: the empty place is the row, `/devices` stands for an object there or those in that list."""

    places: dict[str, Members] = field(default_factory=dict)
    rows: int = 0
    came: dict[str, int] = field(default_factory=dict)
    """For each member of rows, bit by bit, which of the rows had it."""

    @property
    def full(self) -> bool:
        """Whether no further row is remembered."""
        return self.rows >= ROWS

    @property
    def ordered(self) -> bool:
        """Whether the objects of each place have an order that fits all of them."""
        return all(one.ordered for one in self.places.values())

    @property
    def rows_ordered(self) -> bool:
        """The same of the rows themselves."""
        return self.places.get("", Members()).ordered

    def see(self, row: Mapping[str, Json]) -> bool:
        """Remember a row and all objects in it; whether that taught anything."""
        if self.full:
            return False
        kinds = len(set(self.came.values()))
        for name in row:
            if name in self.came or len(self.came) < NAMES:
                self.came[name] = self.came.get(name, 0) | 1 << self.rows
        self.rows += 1
        return self._see("", row, LEVELS) or len(set(self.came.values())) != kinds

    def _see(self, place: str, one: Mapping[str, Json], levels: int) -> bool:
        if place not in self.places:
            if len(self.places) >= PLACES:
                return False
            self.places[place] = Members()
        taught = self.places[place].see(one)
        for name, value in one.items() if levels else ():
            for entry in value if isinstance(value, list) else (value,):
                if isinstance(entry, dict):
                    taught = self._see(f"{place}/{name}", entry, levels - 1) or taught
        return taught
