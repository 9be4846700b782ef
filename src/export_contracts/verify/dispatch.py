"""Hands every file that the journal lacks to the pool, and notes what comes back; tells how far it is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from export_contracts.checks.delivered import Named
from export_contracts.checks.delivered import Place as RowPlace
from export_contracts.errors import UnreachableError
from export_contracts.verify.journal import Journal
from export_contracts.verify.listing import Listing
from export_contracts.verify.pool import Pool
from export_contracts.verify.progress import Done
from export_contracts.verify.worker import Examiner


@dataclass(frozen=True)
class Troubles:
    """Files that could not be read: how many, and a sentence about the first of them."""

    count: int = 0
    first: str = ""


@dataclass(frozen=True)
class Run:
    """What is to be examined, and where what was found is put down."""

    examiner: Examiner
    listing: Listing
    noted: Journal

    def reopen(self, named: Named) -> BinaryIO:
        """Open a file that was listed once more."""
        places = self.examiner.places
        if len(places) == 1:
            return places[0].open(named)
        return next(places[one.place].open(named) for one in self.listing if one.named == named)

    def identify(self, number: int, ordinals: frozenset[int]) -> Iterator[tuple[int, RowPlace]]:
        """Read rows again; a file that has gone since has none."""
        task = self.listing[number]
        with (
            contextlib.suppress(OSError, UnreachableError),
            self.examiner.places[task.place].open(task.named) as file,
        ):
            yield from self.examiner.reader.identify(task.named, file, self.examiner.limits, ordinals)


def examine_all(run: Run, pool: Pool, say: Callable[[Done], None]) -> Troubles:
    """Examine what is not noted yet."""
    noted, sizes = run.noted, run.listing.sizes
    before = sum(size for number, size in enumerate(sizes) if number in noted)
    troubles: dict[int, str] = {}
    failed = rows = finished = heard = 0

    def tell(read: int) -> None:
        nonlocal heard
        heard = max(read, heard, finished)
        say(Done(noted.finished, len(sizes), min(before + heard, run.listing.size), run.listing.size, rows))

    tell(0)
    todo = (task for task in run.listing.largest_first() if task.number not in noted)
    with contextlib.closing(pool(run.examiner, todo, noted.folder, tell)) as results:
        for number, found in results:
            finished += sizes[number]
            if isinstance(found, str):
                failed += 1
                troubles = dict([min([*troubles.items(), (number, found)])])
            else:
                noted.add(number, found)
                rows += found.rows
            tell(0)
    return Troubles(failed, *troubles.values())
