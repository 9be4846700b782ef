"""What the decoders of blocks hand out: how many rows have which member, and columns of values. Judges nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Columns = Mapping[str, Sequence[Any]]
"""For each member name, its value in every object; UNSET where it is missing."""


@dataclass
class Block:
    """The rows of a block, all of them valid. `present` says how many rows have a member.

    `columns` are by place: the empty one for the rows, `/devices` for the entries of that list. Of the lists that have
    entries, `lengths` says how many each has.
    """

    rows: int
    present: Mapping[str, int] = field(default_factory=dict)
    columns: dict[str, Columns] = field(default_factory=dict)
    lengths: dict[str, Sequence[int]] = field(default_factory=dict)

    def of(self, place: str, name: str) -> Sequence[Any]:
        """The values of a member at a place; nothing where no object there can have it."""
        return self.columns.get(place, {}).get(name, ())
