"""Whose account the reference serves: its keys with what they may do, and its segments with their members.

All of it follows from the seed. Nothing here changes while the server runs, and nothing speaks HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Literal

from export_contracts.model import Json
from export_contracts.reference.draw import Draw
from export_contracts.reference.population import DAY, Population
from export_contracts.vendors.braze.reference_history import WINDOW, moment
from export_contracts.vendors.braze.reference_users import exported

Storage = Literal["both", "bucket", "own", "url"]

EXPORT: Final = "users.export.segment"
CANCEL: Final = "segments.list"
"""The documented permission of the cancel operation, odd as it looks."""

MANY: Final = 101
"""Small segments: one more than may be exported at once."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a key opens: its permissions, and whether its exports go to a bucket of the company's own."""

    permissions: frozenset[str]
    own_storage: bool


class Company:
    """One company; `anchor` is the moment to which its people's past leads up."""

    def __init__(self, seed: int, users: int, anchor: int, storage: Storage, large: int = 0) -> None:
        self.seed, self.users, self.storage = seed, users, storage
        self.large = self._id("large") if large else None
        self.segment, self.second, self.empty = (self._id(name) for name in ("main", "second", "empty"))
        self.many = tuple(self._id(f"many {number}") for number in range(MANY))
        self.segments = {
            # Each member of the main segment has an external_id: the step leaves out anonymous people.
            self.segment: Population(seed, users, anchor, step=10),
            self.second: Population(seed, 12, anchor, first=1_000_000_001),
            self.empty: Population(seed, 0, anchor),
            **{one: Population(seed, 1, anchor, first=2_000_000_000 + at) for at, one in enumerate(self.many)},
        }
        if self.large is not None:
            self.segments[self.large] = Population(seed, large, anchor, first=4_000_000_001)
        permitted = frozenset((EXPORT, CANCEL))
        self.workspaces = {
            self.key("default"): Workspace(permitted, own_storage=storage in {"bucket", "own"}),
            self.key("storage"): Workspace(permitted, own_storage=storage != "url"),
            self.key("powerless"): Workspace(frozenset(), own_storage=storage in {"bucket", "own"}),
        }
        if storage not in {"both", "own"}:
            del self.workspaces[self.key("storage")]

    def key(self, name: str) -> str:
        """The REST API key of that name."""
        return Draw(f"{self.seed}/key/{name}").uuid()

    def facts(self) -> dict[str, Json]:
        """What the account's owner knows about it, by the names of a target's settings."""
        known: dict[str, Json] = {
            "token": self.key("default"),
            "token_without_permission": self.key("powerless"),
            "segment_id": self.segment,
            "second_segment_id": self.second,
            "empty_segment_id": self.empty,
            "many_segments": list(self.many),
            "expected_users": self.users,
        }
        if self.large is not None:
            known |= {"large_segment_id": self.large, "large_segment_users": len(self.segments[self.large])}
        if self.storage in {"both", "own"}:
            known["storage_token"] = self.key("storage")
        if self.users <= 200:
            known["members"] = [one.key for one in self.segments[self.segment].people()]
            known["history"] = self._history
        return known

    @cached_property
    def _history(self) -> list[dict[str, Json]]:
        known: list[dict[str, Json]] = []
        for person in self.segments[self.segment].people():
            row = exported(person, person.anchor, ("custom_events", "purchases"))
            known += [
                {"external_id": person.key, "list": name, **{part: one[part] for part in ("name", "first", "count")}}
                for name in row
                for one in row[name]
                if one["first"] < moment(person.anchor - WINDOW - DAY)
            ]
        return known

    def _id(self, name: str) -> str:
        return Draw(f"{self.seed}/segment/{name}").uuid()


@lru_cache(maxsize=8)
def company(seed: int, users: int, anchor: int, storage: Storage, large: int = 0) -> Company:
    """The company of that description; one object, for proofs build the same one thousands of times."""
    return Company(seed, users, anchor, storage, large)
