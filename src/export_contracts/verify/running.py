"""A run under way: every file that is not noted yet is examined and then noted, and who waits is told how far it is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from export_contracts.checks.delivered import Named
from export_contracts.checks.delivered import Place as RowPlace
from export_contracts.errors import UnreachableError
from export_contracts.verify.crews import Crew
from export_contracts.verify.journal import Journal
from export_contracts.verify.listing import Listing
from export_contracts.verify.work import Outfit


@dataclass(frozen=True)
class Done:
    """Progress: files done with, of how many; bytes read, within files too; rows of the files done with.

    `step` says what comes after the reading, and how far that is.
    """

    files: int
    of_files: int
    size: int
    of_size: int
    rows: int
    step: str = ""


@dataclass(frozen=True)
class Troubles:
    """Files that could not be read: how many, and a sentence about the first of them."""

    count: int = 0
    first: str = ""


@dataclass(frozen=True)
class Run:
    """What is to be examined, and where what was found is put down."""

    outfit: Outfit
    listing: Listing
    noted: Journal

    def reopen(self, named: Named) -> BinaryIO:
        """Open a file that was listed once more."""
        places = self.outfit.places
        if len(places) == 1:
            return places[0].open(named)
        return next(places[one.place].open(named) for one in self.listing if one.named == named)

    def identify(self, number: int, ordinals: frozenset[int]) -> Iterator[tuple[int, RowPlace]]:
        """Read rows again; a file that has gone since has none."""
        task = self.listing[number]
        with (
            contextlib.suppress(OSError, UnreachableError),
            self.outfit.places[task.place].open(task.named) as file,
        ):
            yield from self.outfit.reader.identify(task.named, file, self.outfit.limits, ordinals)


def examine_all(run: Run, crew: Crew, say: Callable[[Done], None]) -> Troubles:
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
    todo = (task for task in run.listing if task.number not in noted)
    with contextlib.closing(crew(run.outfit, todo, noted.folder, tell)) as results:
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
