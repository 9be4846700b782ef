"""A narrow decoder that is fitted anew while rows still show new members or another order. Judges nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from export_contracts.model import Json
from export_contracts.schema.narrow import Block, Narrow
from export_contracts.schema.seen import Seen
from export_contracts.schema.structs import Types

LONGEST_REST: Final = 64
"""Blocks that are let pass at most before it tries again, where nearly every block holds something to refuse."""


class Fitted:
    """Takes blocks of rows; `wanted` names the members to hand out, by place."""

    def __init__(self, types: Types, wanted: Mapping[str, Sequence[str]]) -> None:
        self._types = types
        self._wanted = wanted
        self._places = dict.fromkeys(types.places())
        self._seen = Seen()
        self._taught = False
        self._narrow: Narrow | None = None
        self._missed = 0
        self._rest = 0

    def take(self, block: bytes) -> Block | None:
        """The rows of whole lines; None where it is not certain that all of them are valid."""
        if self._rest:
            self._rest -= 1
            return None
        if self._taught:
            self._narrow = Narrow(self._types, self._seen, self._wanted)
            self._taught = False
        if self._narrow is None:
            return None
        found = self._narrow.take(block)
        self._missed = 0 if found is not None else min(self._missed * 2 + 1, LONGEST_REST)
        self._rest = self._missed // 2
        return found

    def see(self, row: Mapping[str, Json]) -> None:
        """Remember how a row that is valid was written."""
        self._taught = self._seen.see(row, self._places) or self._taught
