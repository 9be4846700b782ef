"""Decoders of blocks that are fitted anew while rows still show new members or another order. Judges nothing.

Where no more than that all is well has to be known, a proof of that is tried first (`proved`). Then what matches blocks
as text (`spelled`): strictly, or in any order where rows have none, and then loosely; at last what decodes them into
types (`narrow`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

import orjson
import pcre2

from export_contracts.model import Json
from export_contracts.schema.block import Block
from export_contracts.schema.claims import Claims
from export_contracts.schema.narrow import Narrow
from export_contracts.schema.proved import Proof, Proved
from export_contracts.schema.seen import Seen
from export_contracts.schema.spelled import Spelled
from export_contracts.schema.structs import Types

LONGEST_REST: Final = 64
"""Blocks that are let pass at most before it tries again, where nearly every block holds something to refuse."""


CLAIMED: Final = 8
"""Days for which proofs are kept ready; each takes some hundred kilobytes."""
Found = TypeVar("Found")


class Way(Generic[Found]):
    """A decoder made by `make` of what was seen, made anew when there is more; it rests after vain attempts.

    `make` returns what takes a block and tells of its rows, where all of them are valid for certain; None where nothing
    can be made that ever does.
    """

    def __init__(self, make: Callable[[Seen], Callable[..., Found | None] | None]) -> None:
        self._make = make
        self._decoder: Callable[..., Found | None] | None = None
        self._seen: Seen | None = None
        self._missed = 0
        self._rest = 0

    def fit(self, seen: Seen) -> None:
        """Make the decoder anew, once it is needed."""
        self._seen = seen

    def take(self, *block: Any) -> Found | None:
        """What the decoder makes of a block; None while it rests."""
        if self._rest:
            self._rest -= 1
            return None
        if self._seen is not None:
            self._decoder, self._seen = self._made(self._seen), None
        if self._decoder is None:
            return None
        found = self._decoder(*block)
        self._missed = 0 if found is not None else min(self._missed * 2 + 1, LONGEST_REST)
        self._rest = self._missed // 2
        return found

    def _made(self, seen: Seen) -> Callable[..., Found | None] | None:
        try:
            return self._make(seen)
        except (pcre2.PatternError, pcre2.LibraryError):  # too large, or nothing on this machine compiles it
            return None


class Fitted:
    """Takes blocks of rows; `wanted` names the members to hand out, by place, and `claims` makes claims for a day."""

    def __init__(
        self, types: Types, wanted: Mapping[str, Sequence[str]], claims: Callable[[str | None], Claims] | None = None
    ) -> None:
        self.types = types
        self._claims = claims
        self._proved: dict[str | None, Way[Proof]] = {}
        self._spelled = Way(lambda seen: Spelled(types, seen, wanted).take if seen.ordered else None)
        self._anyhow = Way(lambda seen: None if seen.ordered else Spelled(types, seen, wanted, anyhow=True).take)
        self._loose = Way(lambda seen: Spelled(types, seen, wanted, loose=True).take if seen.rows_ordered else None)
        self._narrow = Way(lambda seen: Narrow(types, seen, wanted).take)
        self._seen = Seen()
        self._taught = False
        self._fitted = 0

    def prove(self, block: bytes, day: str | None) -> Proof | None:
        """That all claims for a day hold for all rows of whole lines; None where that is not certain."""
        if self._claims is None:
            return None
        self._fit()
        if day not in self._proved:
            if len(self._proved) == CLAIMED:
                self._proved.pop(next(iter(self._proved)))
            claims = self._claims(day)
            self._proved[day] = Way(lambda seen: Proved(self.types, seen, claims).take if seen.ordered else None)
            self._refit(self._proved[day])
        return self._proved[day].take(block)

    def take(self, block: bytes, more: tuple[str, ...] = (), *, whole: bool = False) -> Block | None:
        """The rows of whole lines; None where it is not certain that all of them are valid.

        `more` are members of the rows that are handed out beside the others; all of them where `whole` is set.
        """
        self._fit()
        if whole:
            return self._narrow.take(block)
        found = self._spelled.take(block, more) or self._anyhow.take(block, more)
        if found is None:
            found = self._loose.take(block, more) or self._narrow.take(block)
            if found is not None:
                self.learn(block)
        return found

    def see(self, row: Mapping[str, Json]) -> None:
        """Remember how a row that is valid was written."""
        self._taught = self._seen.see(row) or self._taught

    def _fit(self) -> None:
        # Making a decoder takes as long as reading hundreds of rows: it is made again when twice as many were seen.
        if self._taught and (self._seen.rows >= 2 * self._fitted or self._seen.full):
            self._taught, self._fitted = False, self._seen.rows
            ways: tuple[Way[Any], ...] = (self._spelled, self._anyhow, self._loose, self._narrow)
            for way in (*ways, *self._proved.values()):
                self._refit(way)

    def _refit(self, way: Way[Any]) -> None:
        if self._fitted:
            way.fit(self._seen)

    def learn(self, block: bytes) -> None:
        """Remember valid rows that came in no order, or with names, that were seen before."""
        if not self._seen.full and self._seen.ordered:
            for line in block.split(b"\n")[:-1]:
                self.see(orjson.loads(line))
