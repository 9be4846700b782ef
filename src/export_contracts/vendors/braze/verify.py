"""Braze's delivered files, for `verify`: what reads a file of an export, and what concludes from all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import BinaryIO

from export_contracts.checks.delivered import Asked, Examined, Named, Place, Totals
from export_contracts.checks.tally import Tally
from export_contracts.files.archive import Archive
from export_contracts.files.cutting import Cutter
from export_contracts.files.ndjson import read_line
from export_contracts.files.problem import Problem
from export_contracts.files.streams import Limits, open_stream
from export_contracts.model import Where
from export_contracts.vendors.braze import delivered_sets
from export_contracts.vendors.braze.checks_archives import identity
from export_contracts.vendors.braze.checks_files import Delivery
from export_contracts.vendors.braze.checks_keys import PARTS
from export_contracts.vendors.braze.delivered_clauses import Clauses
from export_contracts.vendors.braze.delivered_lines import Reading, blocks, inside
from export_contracts.vendors.braze.keys import Survey, key_of, survey

UNREAD = frozenset(
    {"damaged", "truncated", "encrypted", "bomb-ratio", "bomb-size", "too-many-members", "unknown-method"}
)
"""Problems of an archive for which not all of its rows can be read."""


@dataclass
class BrazeReader:
    """Reads files of one delivery. Only `as_of` and `survey` travel; the rest is made where it arrives."""

    as_of: str | None
    survey: Survey

    def __getstate__(self) -> tuple[str | None, Survey]:
        return self.as_of, self.survey

    def __setstate__(self, state: tuple[str | None, Survey]) -> None:
        self.as_of, self.survey = state

    @cached_property
    def _clauses(self) -> Clauses:
        return Clauses(self.as_of)

    def judged(self) -> frozenset[str]:
        """Ids of the clauses that files can put to the test."""
        found = self._clauses
        return frozenset(one.id for one in (*found.of_rows, *found.of_files, *found.of_sets))

    def examine(self, named: Named, file: BinaryIO, limits: Limits, spill: Callable[..., None]) -> Examined:
        """Judge one file, whatever its size, in bounded memory."""
        export = self.survey.export(named)
        reading = Reading(self._clauses, named, export, spill)
        stream = open_stream(file, name=named.name, limits=limits)
        for one in stream.items:
            if isinstance(one, Problem):
                reading.problems.append(one)
                reading.result.whole = reading.result.whole and one.code not in UNREAD
            else:
                reading.read(one)
        reading.finish()
        archive = Archive(stream.kind, tuple(reading.members), tuple(reading.problems))
        key = key_of(named)
        self._clauses.judge_file(reading.result.tally, Delivery(export, Where(file=key or named.name), key, archive))
        return reading.result

    def identify(
        self, named: Named, file: BinaryIO, limits: Limits, wanted: Collection[int]
    ) -> Iterator[tuple[int, Place]]:
        """The users with these numbers, counted from 0 over all members of the file."""
        ordinal = -1
        last = max(wanted, default=-1)
        for member in open_stream(file, name=named.name, limits=limits).items:
            if isinstance(member, Problem):
                continue
            for block, ended in blocks(member, Cutter(), []):
                for number, raw in block.lines() if ended else ((block.first, block.content),):
                    ordinal += 1
                    if ordinal in wanted:
                        value = read_line(raw, number).value
                        name = identity(value) if isinstance(value, dict) else None
                        yield ordinal, Place(inside(named, member.name), number, name or "")
                    if ordinal >= last:
                        return

    def conclude(self, totals: Totals) -> Tally:
        """Whether the announced number of users came, and each of them once."""
        return delivered_sets.conclude(self._clauses.of_sets, totals, self.survey.asked.expected)


def export_of(named: Named) -> str | None:
    """The folder that all files of an export share; None for a file that lies in none."""
    pieces = key_of(named).split("/")
    return "/".join(pieces[-len(PARTS) : -1]) if len(pieces) >= len(PARTS) else None


def reader(as_of: str | None, asked: Asked, files: Iterable[Named]) -> BrazeReader:
    """What reads these files, having looked over their names."""
    if asked.fields:
        asked = replace(asked, request={**asked.request, "fields_to_export": list(asked.fields)})
    return BrazeReader(as_of, survey(asked, files))
