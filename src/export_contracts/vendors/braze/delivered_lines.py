"""The lines of one delivered file, read in passing: faultless ones are counted, the others set before the checks.

Three ways, each handing on what it does not take: blocks of lines, single lines, and by the book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final

from export_contracts.checks.delivered import Examined, Named
from export_contracts.files.archive import Archive, Member
from export_contracts.files.cutting import Block, Cutter
from export_contracts.files.ndjson import LARGE, Line, outsized, read_line
from export_contracts.files.problem import Problem
from export_contracts.files.quick import quick_object
from export_contracts.files.zip_members import Opened
from export_contracts.model import MISSING, Where
from export_contracts.vendors.braze.checks_files import Delivery, Row
from export_contracts.vendors.braze.delivered_clauses import Clauses
from export_contracts.vendors.braze.exports import Export
from export_contracts.vendors.braze.quick_blocks import QuickBlocks
from export_contracts.vendors.braze.quick_counts import Counts
from export_contracts.vendors.braze.quick_names import hashed
from export_contracts.vendors.braze.quick_rows import QuickRows
from export_contracts.vendors.braze.quick_wanted import Wanted

BATCH: Final = 256
"""Rows that the checks are given at a time."""
HELD: Final = 256 * 1024
"""Bytes of rows that the checks are given at a time."""


class Reading:
    """The state of reading one file. `spill` gets a hash of each line's identity."""

    def __init__(self, clauses: Clauses, named: Named, export: Export, spill: Callable[..., None]) -> None:
        self.result = Examined()
        self.problems: list[Problem] = []
        self.members: list[Member] = []
        self._clauses = clauses
        self._named = named
        self._export = export
        self._spill = spill
        self._slow: list[Row] = []
        self._held = 0
        self._wanted = Wanted(clauses.contract, clauses.of_rows, export)
        self._counts = Counts()

    @cached_property
    def _blocks(self) -> QuickBlocks:
        return QuickBlocks(self._clauses.decoder, self._wanted, self._counts)

    @cached_property
    def _rows(self) -> QuickRows:
        return QuickRows(self._clauses.schema, self._wanted, self._counts)

    @cached_property
    def _delivery(self) -> Delivery:
        return Delivery(self._export, Where(file=self._named.name), "", Archive("plain"))

    def read(self, member: Opened) -> None:
        """Every line of a member."""
        shown = inside(self._named, member.name)
        cutter = Cutter()
        found: list[Problem] = []
        blank = 0
        for block, ended in blocks(member, cutter, found):
            if not ended:
                blank += self._one_by_one(block, cutter, shown, ended=False)
            elif lines := self._at_once(block):
                cutter.counted(lines)
            else:
                blank += self._in_pieces(block, cutter, shown)
        torn = any(one.code != "trailing-bytes" for one in found)
        self.result.rows += cutter.number - blank
        self.result.whole = self.result.whole and not torn
        self.problems += found
        # A member that could not be read to its end has no number of lines.
        self.members.append(Member(member.name, b"", 0 if torn else cutter.number - blank))

    def _at_once(self, block: Block) -> int:
        """How many lines a block has that could be read at once; 0 where something in it is not certain."""
        taken = self._blocks.take(block.content)
        if taken is None:
            return 0
        self._spill(*taken)
        return len(taken)

    def _in_pieces(self, block: Block, cutter: Cutter, shown: str) -> int:
        """Read a block piece by piece, in which what is not certain is looked for; how many lines are blank."""
        pieces = list(block.pieces())
        if not pieces:
            return self._one_by_one(block, cutter, shown, ended=True)
        return sum(0 if self._at_once(one) else self._one_by_one(one, cutter, shown, ended=True) for one in pieces)

    def _one_by_one(self, block: Block, cutter: Cutter, shown: str, *, ended: bool) -> int:
        """Read the lines of a block; how many of them are blank."""
        blank = 0
        for number, raw in block.lines() if ended else ((block.first, block.content),):
            value = quick_object(raw) if ended and len(raw) < LARGE else None
            if value is not None and self._rows.take(value):
                self._blocks.see(value)
                self._spill(hashed(value.get("braze_id"), value.get("external_id")))
            elif number in cutter.overlong:
                self._aside(Line(number, MISSING, (outsized(cutter.overlong[number], number),)), shown, len(raw))
            else:
                line = read_line(raw, number, ended=ended)
                self._aside(line, shown, len(raw))
                blank += not raw.strip()
        return blank

    def _aside(self, line: Line, shown: str, size: int) -> None:
        """Keep a line of `size` bytes for the checks to look at."""
        sound = isinstance(line.value, dict)
        self._spill(hashed(line.value.get("braze_id"), line.value.get("external_id")) if sound else 0)
        if not sound and [one.code for one in line.problems] != ["empty-line"]:
            self.result.whole = False
        self._slow.append(Row(self._delivery, Where(file=shown, line=line.number), line))
        self._held += size
        if len(self._slow) >= BATCH or self._held >= HELD:
            self.finish()

    def finish(self) -> None:
        """Have everything judged that was put aside, and count the rest."""
        if self._slow:
            self._clauses.judge_rows(self.result.tally, self._export, tuple(self._slow))
            self._slow.clear()
            self._held = 0
        self._counts.give(self._clauses.of_rows, self._wanted, self.result.tally)


def blocks(member: Opened, cutter: Cutter, problems: list[Problem]) -> Iterator[tuple[Block, bool]]:
    """Each block with "its lines have their line feeds", which only the last line may lack and then stands alone.

    What is wrong with the member is put into `problems`.
    """
    torn = False
    for part in member.parts:
        if isinstance(part, Problem):
            problems.append(part)
            torn = torn or part.code != "trailing-bytes"
            continue
        block = cutter.feed(part)
        if block is not None:
            yield block, True
    last = None if torn else cutter.last()
    if last is not None:
        yield Block(*last), False


def inside(named: Named, member: str) -> str:
    """How reports name a member of a file."""
    return named.name if member in {named.name, ""} else f"{named.name}!{member}"
