"""Merges what was noted of all files, in their order, whoever examined which. Judges nothing."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, overload

from export_contracts.checks.delivered import Named, Totals
from export_contracts.checks.tally import Tally
from export_contracts.model import Json
from export_contracts.verify import duplicates
from export_contracts.verify.dispatch import Run, Troubles
from export_contracts.verify.hash_spill import Spilled
from export_contracts.verify.histogram import Bin, Histogram
from export_contracts.verify.inventory import Compared

OFTEN: Final = 100
"""Files between two words on how far it is."""


@dataclass(frozen=True)
class Verified:
    """What was found, of how many files; `judged` are the clauses that files can put to the test."""

    tally: Tally
    rows: int
    files: int
    judged: frozenset[str]
    troubles: Troubles
    notes: tuple[str, ...]
    histogram: tuple[Bin, ...]


class Remarks(Sequence[tuple[Named, Json]]):
    """What readers have remarked on files, read from the journal each time."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._numbers = array("Q")

    def note(self, number: int) -> None:
        """The file has a remark."""
        self._numbers.append(number)

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> tuple[Named, Json]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[tuple[Named, Json]]: ...
    def __getitem__(self, place: int | slice) -> tuple[Named, Json] | Sequence[tuple[Named, Json]]:
        if isinstance(place, slice):
            return [self[one] for one in range(len(self))[place]]
        number = self._numbers[place]
        return self._run.listing[number].named, self._run.noted.read(number).remark


def added_up(
    run: Run, troubles: Troubles, compared: Compared, notes: tuple[str, ...], tell: Callable[[str], None]
) -> Verified:
    """Add up, look for users that stand more than once, and have the reader conclude. `tell` hears how far it is."""
    tally, remarks, histogram = Tally(), Remarks(run), Histogram(len(run.listing))
    rows = 0
    whole = not troubles.count
    with Spilled(run.noted.folder, len(run.listing)) as spilled:
        for task in run.listing:
            if task.number not in run.noted:
                histogram.take(task.named.name, None)
                continue
            entry = run.noted.read(task.number)
            histogram.take(task.named.name, entry)
            spilled.note(task.number, entry.spilled)
            if entry.remark is not None:
                remarks.note(task.number)
            tally.merge_json(entry.tally)
            rows += entry.rows
            whole = whole and entry.whole
            if task.number % OFTEN == 0:
                tell(f"adding up file {task.number + 1:,} of {len(run.listing):,}")
        found = duplicates.find(run.noted.folder, spilled, rows, run.identify, tell)
    tell("comparing files")
    totals = Totals(rows, found.named, found.count, tuple(found.told), whole, remarks, run.reopen)
    reader = run.examiner.reader
    tally.merge(reader.conclude(totals))
    tally.merge(compared.tally)
    notes += compared.notes
    if found.uncompared:
        notes += (f"{found.uncompared} of the repeated users are told apart by a hash of 64 bits only.",)
    return Verified(
        tally, rows, run.noted.finished, reader.judged() | compared.judged, troubles, notes, histogram.done()
    )
