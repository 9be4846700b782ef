"""Whether two tables that differ, one in CSV and one in XLSX, may differ in the spelling of typed columns alone.

A workbook types its cells, and no document tells how CSV writes what is typed there: a date as 02.03.1990, truth as
yes, a tag that is not set as nothing. Such columns can be compared by how often each value comes only. Two
columns of one type are no matter of spelling, nor are columns of mere text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import zip_longest
from typing import Final, Literal

from export_contracts.model import Json
from export_contracts.vendors.apsis.checks_cells import cell, is_moment, is_number, name_of

Kind = Literal["number", "moment", "truth", "grouped", "text"]
Rows = Callable[[], Iterable[Sequence[Json]]]
"""Gives the rows beneath a header, from the first on each time it is called."""
COUNTED: Final = 1_000
"""Different values of a column up to which it is counted how often each comes."""
MASK: Final = (1 << 64) - 1
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:[ .,'\u2019\u00a0\u202f]\d{3})+(?:[.,]\d+)?")


@dataclass
class _Column:
    """What a column holds, whatever the order of rows: a sum of hashes, kinds of cells, how often each value comes."""

    total: int = 0
    kinds: set[Kind] = field(default_factory=set)
    times: Counter[str] = field(default_factory=Counter)

    def see(self, text: str) -> None:
        self.total = (self.total + _hash(text)) & MASK
        if text not in self.times and text:
            self.kinds.add(_kind(text))
        if len(self.times) <= COUNTED:
            self.times[text] += 1

    def spectrum(self) -> list[int] | None:
        """How often values come, whichever they are; None where they are too many."""
        return None if len(self.times) > COUNTED else sorted(self.times.values())


def spelled_apart(first: Sequence[str], rows: Rows, second: Sequence[str], others: Rows) -> bool:
    """Whether tables with these headers and rows differ in nothing but the spelling of what one of them types."""
    one, other = list(_columns(first, rows)), list(_columns(second, others))
    alike = [place for place, both in enumerate(zip(one, other, strict=False)) if both[0].total == both[1].total]
    apart = [(one[place], other[place]) for place in range(min(len(one), len(other))) if place not in alike]
    if len(one) != len(other) or not alike or not all(_unlike(*both) for both in apart):
        return False
    return _total(first, rows, alike) == _total(second, others, alike)


def _ordered(header: Sequence[str], rows: Rows) -> Iterator[list[str]]:
    """Rows as they compare, their cells in the order of the columns' names."""
    order = sorted(range(len(header)), key=lambda place: name_of(header[place]))
    for row in rows():
        yield [cell(row[place]) if place < len(row) else "" for place in order]


def _columns(header: Sequence[str], rows: Rows) -> list[_Column]:
    found = [_Column() for _ in header]
    for row in _ordered(header, rows):
        for column, text in zip_longest(found, row):
            column.see(text)
    return found


def _total(header: Sequence[str], rows: Rows, places: Sequence[int]) -> int:
    return sum(_hash("\x1f".join([row[place] for place in places])) for row in _ordered(header, rows)) & MASK


def _hash(text: str) -> int:
    """64 bits whose sums tell sets of rows apart, which those of tuples' own hashes do not."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _unlike(one: _Column, other: _Column) -> bool:
    """Whether one column holds cells of one type only and the other none of that type, but as many of each value."""
    counts = one.spectrum(), other.spectrum()
    if None not in counts and counts[0] != counts[1]:
        return False
    return _is_typed_alone(one.kinds, other.kinds) or _is_typed_alone(other.kinds, one.kinds)


def _is_typed_alone(typed: set[Kind], spelled: set[Kind]) -> bool:
    if len(typed) != 1 or typed <= {"text", "grouped"}:
        return False
    return not typed & spelled or ("grouped" in spelled and spelled <= {"grouped", "number"} == typed | {"grouped"})


def _kind(text: str) -> Kind:
    if text in {"true", "false"}:
        return "truth"
    if is_number(text):
        return "number"
    if is_moment(text):
        return "moment"
    return "grouped" if _GROUPED.fullmatch(text) else "text"
