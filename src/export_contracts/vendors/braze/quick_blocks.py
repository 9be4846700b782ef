"""The fast way through blocks of faultless users, column by column: says "all clauses of rows hold", or nothing at all.

What it says nothing of is read row by row. Dates are compared as text: `CALENDAR` lets only such through as are real
and in UTC, of which the text sorts as the time does, but for spellings within one day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate, compress, pairwise
from operator import le
from typing import Any, Final

from msgspec import UNSET

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Json
from export_contracts.schema.block import Block
from export_contracts.schema.fitted import Fitted
from export_contracts.schema.parts import Part
from export_contracts.schema.proved import Proof
from export_contracts.schema.structs import Types
from export_contracts.vendors.braze import checks_lists as lists
from export_contracts.vendors.braze.quick_claims import claims
from export_contracts.vendors.braze.quick_counts import Counts
from export_contracts.vendors.braze.quick_names import hashed, hashes
from export_contracts.vendors.braze.quick_rows import system
from export_contracts.vendors.braze.quick_wanted import Wanted, empty

_DAYS: Final = "(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"
_LEAP: Final = "20([02468][048]|[13579][26])|19(0[48]|[2468][048]|[13579][26])"
_TIME: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{3}|\.[0-9]{6})?"
CALENDAR: Final = rf"^((19|20)[0-9]{{2}}-({_DAYS})|({_LEAP})-02-29)([T ]{_TIME}(Z| UTC| GMT| ?\+00:?00)?)?$"
"""Dates that are taken as text: of the ways of writing them that the schema allows, the usual ones in UTC."""
COLUMNS: Final = {
    "": ("braze_id", "external_id"),
    "/custom_events": ("first", "last"),
    "/purchases": ("first", "last"),
    "/campaigns_received": ("last_received",),
    "/canvases_received": ("last_entered",),
    "/devices": ("os", *lists.ONLY_ON),
}


def fitted(contract: Contract, schema: dict[str, Json]) -> Fitted | None:
    """What decodes blocks of users, for all files of a run; None where clauses say more of rows than of members."""
    if "allOf" in schema:
        return None
    date = contract.schemas["schemas/user.json"]["$defs"]["date"]["pattern"]
    types = Types(
        Part(schema),
        contract.schemas,
        lambda entry: contract.validator({"type": "array", "items": entry}).is_valid,
        {date: CALENDAR},
    )
    return Fitted(types, COLUMNS, claims)


class QuickBlocks:
    """Takes blocks of one export's rows."""

    def __init__(self, decoder: Fitted | None, wanted: Wanted, counts: Counts) -> None:
        self._more = ("custom_attributes",) if wanted.by_name else ()
        self._surplus = False
        self._decoder = decoder
        self._wanted = wanted
        self._counts = counts
        # The next day's date is later than the floor however the rest of a text is spelt.
        self._floor = (wanted.floor + timedelta(days=1)).date().isoformat() if wanted.floor else None

    def take(self, content: bytes) -> Sequence[int] | None:
        """Hashes of all rows, where every clause holds for each of them for certain; then they are counted."""
        if self._decoder is None:
            return None
        proof = self._proof(self._decoder, content)
        if proof is not None:
            self._counts.add_block(tuple(proof.present), tuple(proof.present.values()), _summed(proof))
            return hashes(proof.names)
        block = self._block(self._decoder, content)
        sums = None if block is None else self._sums(block)
        if block is None or sums is None:
            return None
        self._counts.add_block(tuple(block.present), tuple(block.present.values()), sums)
        if self._provable:
            self._decoder.learn(content)
        nobody = (None,) * block.rows
        return [*map(hashed, block.of("", "braze_id") or nobody, block.of("", "external_id") or nobody)]

    @property
    def _provable(self) -> bool:
        """Whether no value but names has to be looked at."""
        return not self._more and not self._surplus

    def _proof(self, decoder: Fitted, content: bytes) -> Proof | None:
        """A proof that every clause holds, and that no member has come without being asked for."""
        proof = decoder.prove(content, self._floor) if self._provable else None
        if proof is None or self._wanted.surplus([name for name, count in proof.present.items() if count]):
            return None
        return proof

    def _block(self, decoder: Fitted, content: bytes) -> Block | None:
        """The rows, where none of their members has come without being asked for."""
        block = decoder.take(content, self._more, whole=self._surplus)
        surplus = self._wanted.surplus([name for name, count in block.present.items() if count]) if block else ()
        if block is None or not surplus:
            return block
        if not self._surplus:  # what they hold has to be looked at, in this block and those to come
            self._surplus = True
            return self._block(decoder, content)
        return block if all(one is UNSET or empty(one) for name in surplus for one in block.of("", name)) else None

    def see(self, value: dict[str, Json]) -> None:
        """Remember how a faultless row was written."""
        if self._decoder is not None:
            self._decoder.see(value)

    def _sums(self, block: Block) -> tuple[int, ...] | None:
        """How often each check of `COLUMNS` held; None where it is not certain that none is broken."""
        named = self._wanted.all_named(block.of("", "custom_attributes"))
        events, purchases = self._ordered(block, "/custom_events"), self._ordered(block, "/purchases")
        campaigns = self._young(block, "/campaigns_received", "last_received")
        canvases = self._young(block, "/canvases_received", "last_entered")
        devices = _fitting(block)
        if (
            named is None
            or events is None
            or purchases is None
            or campaigns is None
            or canvases is None
            or devices is None
        ):
            return None
        return (events + purchases, events, purchases, campaigns, canvases, devices, named, block.rows)

    def _ordered(self, block: Block, place: str) -> int | None:
        """Lists of entries that begin before they end, all of them young enough."""
        first, last = block.of(place, "first"), block.of(place, "last")
        try:
            return self._young(block, place, "last") if all(map(le, first, last)) else None
        except TypeError:
            return None  # one of them has no date

    def _young(self, block: Block, place: str, name: str) -> int | None:
        """How many lists have entries, if all these are young enough."""
        dates: Any = block.of(place, name)
        try:
            old = dates and self._floor is not None and min(dates) < self._floor
            return None if old else len(block.lengths.get(place, ()))
        except TypeError:
            return None


def _summed(proof: Proof) -> tuple[int, ...]:
    """How often each check of `quick_counts.COLUMNS` held."""
    events, purchases, *others = (proof.counts.get(place, 0) for place in COLUMNS if place)
    return (events + purchases, events, purchases, *others, 0, proof.rows)


def _fitting(block: Block) -> int | None:
    """Lists with devices of known systems, if none has the id of another."""
    systems = list(map(system, block.of("/devices", "os")))
    for name, only in lists.ONLY_ON.items():
        # Whatever is missing or empty counts as false.
        if not {None, only}.issuperset(compress(systems, block.of("/devices", name))):
            return None
    ends = list(accumulate(block.lengths.get("/devices", ())))
    return sum(any(systems[start:end]) for start, end in pairwise((0, *ends)))
