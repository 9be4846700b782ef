"""The fast way through blocks of faultless users, column by column: says "all clauses of rows hold", or nothing at all.

What it says nothing of is read row by row. Dates are compared as text: `CALENDAR` lets only such through as are real
and in UTC, of which the text sorts as the time does, but for spellings within one day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import compress
from operator import le
from typing import Any, Final

from msgspec import UNSET

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Json
from export_contracts.schema.block import Block
from export_contracts.schema.fitted import Fitted
from export_contracts.schema.parts import Part
from export_contracts.schema.structs import Types
from export_contracts.vendors.braze import checks_lists as lists
from export_contracts.vendors.braze.quick_counts import Counts
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
    return Fitted(types, COLUMNS)


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

    def take(self, content: bytes) -> tuple[Sequence[Any], Sequence[Any]] | None:
        """Both ids of all rows, where every clause holds for each of them for certain; then they are counted."""
        block = self._block(content)
        if block is None:
            return None
        sums = self._sums(block)
        if sums is None:
            return None
        self._counts.add_block(tuple(block.present), tuple(block.present.values()), sums)
        nobody = (UNSET,) * block.rows
        return block.of("", "braze_id") or nobody, block.of("", "external_id") or nobody

    def _block(self, content: bytes) -> Block | None:
        """The rows, where none of their members has come without being asked for."""
        if self._decoder is None:
            return None
        block = self._decoder.take(content, self._more, whole=self._surplus)
        surplus = self._wanted.surplus([name for name, count in block.present.items() if count]) if block else ()
        if block is None or not surplus:
            return block
        if not self._surplus:  # what they hold has to be looked at, in this block and those to come
            self._surplus = True
            return self._block(content)
        return block if all(one is UNSET or empty(one) for name in surplus for one in block.of("", name)) else None

    def see(self, value: dict[str, Json]) -> None:
        """Remember how a faultless row was written."""
        if self._decoder is not None:
            self._decoder.see(value)

    def _sums(self, block: Block) -> tuple[int, ...] | None:
        """How often each check of `COLUMNS` held; None where it is not certain that none is broken."""
        named = self._wanted.all_named(block.of("", "custom_attributes"))
        events, purchases = self._ordered(block, "/custom_events"), self._ordered(block, "/purchases")
        campaigns = self._young(block.of("/campaigns_received", "last_received"))
        canvases = self._young(block.of("/canvases_received", "last_entered"))
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
        """Entries that begin before they end, all of them young enough."""
        first, last = block.of(place, "first"), block.of(place, "last")
        try:
            return self._young(last) if all(map(le, first, last)) else None
        except TypeError:
            return None  # one of them has no date

    def _young(self, dates: Any) -> int | None:
        """How many they are, if all are young enough."""
        try:
            return None if dates and self._floor is not None and min(dates) < self._floor else len(dates)
        except TypeError:
            return None


def _fitting(block: Block) -> int | None:
    """Devices of known systems, if none has the id of another."""
    systems = list(map(system, block.of("/devices", "os")))
    for name, only in lists.ONLY_ON.items():
        # Whatever is missing or empty counts as false.
        if not {None, only}.issuperset(compress(systems, block.of("/devices", name))):
            return None
    return len(systems) - systems.count(None)
