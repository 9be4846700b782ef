"""What readers of delivered files have in common: the clauses they judge by, and which files belong together."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import BinaryIO, ClassVar, Final, TypeAlias

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue.contract import Contract
from export_contracts.checks.delivered import Asked, Named, Place
from export_contracts.files.streams import Limits
from export_contracts.model import Clause


@dataclass
class ClauseReader:
    """A reader that judges by the clauses of a contract whose checks are among `CHECKS`.

    Until a vendor's reader says otherwise its rows are nobody's, for no document tells what identifies one.
    """

    VENDOR: ClassVar[str]
    CHECKS: ClassVar[frozenset[str]]
    as_of: str | None
    asked: Asked

    @cached_property
    def contract(self) -> Contract:
        """The contract at the date judged by."""
        return contracts.load(self.VENDOR, self.as_of)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Those that files can put to the test."""
        return tuple(one for one in self.contract.clauses if self.contract.is_active(one) and self.takes(one))

    def takes(self, clause: Clause) -> bool:
        """Whether files can put a clause to the test."""
        return clause.check in self.CHECKS and clause.party == "provider"

    def judged(self) -> frozenset[str]:
        """Ids of these clauses."""
        return frozenset(one.id for one in self.clauses)

    def identify(
        self, named: Named, file: BinaryIO, limits: Limits, wanted: Collection[int]
    ) -> Iterator[tuple[int, Place]]:
        """Nobody, for no row is looked for twice."""
        del named, file, limits, wanted
        return iter(())


def leaving_out(endings: Collection[str], told: str) -> Callable[[Named], str | None]:
    """What says why a file of a folder is none of an export's, by the ending of its name; None where it may be one."""

    def left_out(named: Named) -> str | None:
        ending = named.path.rsplit("/", 1)[-1].rpartition(".")[2].lower()
        return f"a name in .{ending} is {told}" if ending in endings else None

    return left_out


Marks: TypeAlias = "array[int]"
"""Names as hashes of 64 bits, eight bytes each: there may be more names than the memory holds."""


PARTS: Final = 6
"""Bits by which hashes are parted to be sorted."""


def mark(name: str) -> int:
    """The hash of a name."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def marks(names: Iterable[str]) -> Marks:
    """The hashes of names, in their order."""
    return array("Q", map(mark, names))


def ordered(found: Iterable[int]) -> Marks:
    """Hashes in their order. They are sorted in parts, for a list takes five times the memory."""
    parts = [array("Q") for _ in range(1 << PARTS)]
    for value in found:
        parts[value >> (64 - PARTS)].append(value)
    whole = array("Q")
    for part in parts:
        whole.extend(sorted(part))
        del part[:]
    return whole


def repeated(found: Marks) -> Marks:
    """The hashes that occur more than once, in order."""
    again = array("Q")
    last = None
    for value in ordered(found):
        if value == last and not (again and again[-1] == value):
            again.append(value)
        last = value
    return again


def among(value: int, known: Marks) -> bool:
    """Whether a hash is among these, which are in order."""
    place = bisect_left(known, value)
    return place < len(known) and known[place] == value


def groups(found: Marks) -> Iterator[list[int]]:
    """The places of names that occur more than once, group by group, that of the smallest place first."""
    again = repeated(found)
    places: dict[int, list[int]] = {}
    for place, value in enumerate(found):
        if among(value, again):
            places.setdefault(value, []).append(place)
    yield from places.values()
