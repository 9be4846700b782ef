"""What `verify` and a vendor's own reading of delivered files tell each other. Data only.

A vendor's module `verify` offers `reader(contract, asked, files)`, which looks over all names and gives a `Reader`; and
`export_of(named)`, the export that a file is of, where names tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from export_contracts.checks.tally import Tally
from export_contracts.files.streams import Limits
from export_contracts.model import Json


@dataclass(frozen=True)
class Asked:
    """What the user knows of the export: the body of its request, how many users were announced, its fields."""

    request: Mapping[str, Json] = field(default_factory=dict)
    expected: int | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A file before it is opened: `name` as reports show it, `path` as far as it is known, `size` in bytes.

    `in_bucket` says that `path` is a true object key; `modified` is when the file came, 0 where that is unknown.
    """

    name: str
    path: str
    size: int
    modified: float = 0.0
    in_bucket: bool = False


@dataclass
class Examined:
    """One file: what was found, how many rows it holds. `whole` says whether every row of it could be read.

    `remark` is what the reader wants to know of it again in `conclude`: small and JSON.
    """

    tally: Tally = field(default_factory=Tally)
    rows: int = 0
    whole: bool = True
    remark: Json = None


@dataclass(frozen=True)
class Place:
    """Where a row stands, and whose it is."""

    file: str
    line: int
    identity: str


@dataclass(frozen=True)
class Double:
    """A row whose user stood in `first` already."""

    first: Place
    again: Place


@dataclass(frozen=True)
class Totals:
    """The whole set: `named` of the rows have an identity, `doubles` of these repeat a user.

    `told` are the first of these in order; `complete` says whether every file could be read to its end.
    `remarks` are those of the files that have one, in order; they may be read from disk each time, and there may be
    more of them than the memory holds. `reopen` opens such a file again and may fail as any reading may: with OSError
    or one of our own errors.
    """

    rows: int
    named: int
    doubles: int
    told: tuple[Double, ...] = ()
    complete: bool = True
    remarks: Sequence[tuple[Named, Json]] = ()
    reopen: Callable[[Named], BinaryIO] | None = None

    @property
    def distinct(self) -> int:
        """Identities, each counted once."""
        return self.named - self.doubles


class Reader(Protocol):
    """Reads the delivered files of one vendor; it travels to worker processes."""

    def examine(self, named: Named, file: BinaryIO, limits: Limits, spill: Callable[..., None]) -> Examined:
        """Judge one file. `spill` is given hashes, one or more, of each row's identity, in order, 0 for none."""

    def identify(
        self, named: Named, file: BinaryIO, limits: Limits, wanted: Collection[int]
    ) -> Iterator[tuple[int, Place]]:
        """The rows with these numbers, counted from 0 over the whole file in the order in which `spill` had them."""

    def conclude(self, totals: Totals) -> Tally:
        """What only the whole set can tell."""

    def judged(self) -> frozenset[str]:
        """Ids of the clauses that files can put to the test."""
