"""Braze's delivered files, read in passing: every clause that speaks of archives, lines and users.

The clauses' own checks judge; the rows that `quick_rows` answers for are only counted. No file is opened here and no
report is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import BinaryIO, Final

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue.contract import Contract
from export_contracts.checks import Talk, builtin, registry
from export_contracts.checks.delivered import Asked, Examined, Named, Place, Totals
from export_contracts.checks.tally import Tally
from export_contracts.files.archive import Archive, Member
from export_contracts.files.cutting import Cutter
from export_contracts.files.ndjson import Line, read_line
from export_contracts.files.problem import Problem
from export_contracts.files.quick import quick_object
from export_contracts.files.streams import Limits, Stream, open_stream
from export_contracts.files.zip_members import Opened
from export_contracts.model import Clause, Finding, Json, Kept, Transcript, Where
from export_contracts.vendors.braze import checks
from export_contracts.vendors.braze.checks_archives import identity
from export_contracts.vendors.braze.checks_files import Delivery, Row
from export_contracts.vendors.braze.exports import Export
from export_contracts.vendors.braze.keys import Survey, key_of, survey
from export_contracts.vendors.braze.quick_rows import QuickRows, takes

OF_FILES: Final = frozenset(
    {"archive_sound", "archive_clean", "download_is_archive", "stored_as_asked", "members_small"}
    | {"key_part", "key_depth", "key_names_segment", "key_date_is_true"}
)
"""Checks that look at a file's name and at what kind of archive it is."""
OF_SETS: Final = frozenset({"as_many_as_declared", "users_once"})
BATCH: Final = 256
"""Rows that the checks are given at a time."""


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
    def contract(self) -> Contract:
        """The contract at the date judged by."""
        return contracts.load("braze", self.as_of)

    @cached_property
    def _rows(self) -> tuple[Clause, ...]:
        return tuple(one for one in self._active() if takes(one) and one.parameters.get("rows", "users") == "users")

    @cached_property
    def _files(self) -> tuple[Clause, ...]:
        return tuple(one for one in self._active() if one.check in OF_FILES)

    def _active(self) -> Iterator[Clause]:
        for one in self.contract.clauses:
            of_rows = one.check != "schema" or "rows" in one.parameters
            if one.party == "provider" and of_rows and self.contract.is_active(one):
                yield one

    def judged(self) -> frozenset[str]:
        """Ids of the clauses that files can put to the test."""
        sets = [one for one in self._active() if one.check in OF_SETS]
        return frozenset(one.id for one in (*self._rows, *self._files, *sets))

    def examine(self, named: Named, file: BinaryIO, limits: Limits, spill: Callable[[int], None]) -> Examined:
        """Judge one file, whatever its size, in bounded memory."""
        export = self.survey.export(named)
        reading = _Reading(self, named, export, spill)
        stream = open_stream(file, name=named.name, limits=limits)
        for one in stream.items:
            if isinstance(one, Problem):
                reading.problems.append(one)
            else:
                reading.read(one)
        reading.finish()
        self._judge_file(reading, stream)
        return reading.result

    def _judge_file(self, reading: _Reading, stream: Stream) -> None:
        archive = Archive(stream.kind, tuple(reading.members), tuple(reading.problems))
        key = key_of(reading.named)
        where = Where(file=key or reading.named.name)
        delivery = Delivery(reading.export, where, key, archive)
        for clause in self._files:
            if self._applies(clause, delivery, reading):
                self.judge(clause, reading.result.tally, reading.export, deliveries=(delivery,), lines=())

    def _applies(self, clause: Clause, delivery: Delivery, reading: _Reading) -> bool:
        if clause.check == "key_names_segment":
            return reading.export.segment is not None
        misnamed = any(one.code == "wrong-extension" for one in reading.problems)
        unpacked = delivery.archive.kind == "plain" and not misnamed
        return not (clause.check == "download_is_archive" and unpacked)

    def judge(
        self,
        clause: Clause,
        tally: Tally,
        export: Export,
        *,
        deliveries: tuple[Delivery, ...],
        lines: tuple[Row, ...],
    ) -> None:
        """Let the clause's own check look at deliveries and lines that were already read."""
        shared: dict[str, object] = {
            "braze:exports": (export,),
            "braze:deliveries": deliveries,
            "braze:lines": lines,
        }
        transcript = Transcript("braze", "delivered", "delivered")
        talk = Talk(transcript, (), self.contract.validator, _ROW_READERS, shared)
        for evidence in _CHECKS[clause.check](talk, **clause.parameters):
            tally.take(clause.id, evidence)

    def judge_rows(self, tally: Tally, export: Export, rows: tuple[Row, ...]) -> None:
        """Let every check of rows look at these."""
        for clause in self._rows:
            self.judge(clause, tally, export, deliveries=(), lines=rows)

    def quick(self, export: Export) -> QuickRows:
        """What takes the faultless rows of an export."""
        return QuickRows(self.contract, self._rows, export)

    def identify(
        self, named: Named, file: BinaryIO, limits: Limits, wanted: Collection[int]
    ) -> Iterator[tuple[int, Place]]:
        """The users with these numbers, counted from 0 over all members of the file."""
        ordinal = -1
        last = max(wanted, default=-1)
        for member in open_stream(file, name=named.name, limits=limits).items:
            if isinstance(member, Problem):
                continue
            for number, raw, _ in _lines(member, Cutter(), []):
                ordinal += 1
                if ordinal in wanted:
                    value = read_line(raw, number).value
                    name = identity(value) if isinstance(value, dict) else None
                    yield ordinal, Place(_shown(named, member.name), number, name or "")
                if ordinal >= last:
                    return

    def conclude(self, totals: Totals) -> Tally:
        """Whether the announced number of users came, and each of them once."""
        tally = Tally()
        for clause in self._active():
            if clause.check == "users_once":
                _once(tally, clause, totals)
            elif clause.check == "as_many_as_declared" and totals.complete and (totals.named or not totals.rows):
                wanted = self.survey.asked.expected
                if wanted is not None:
                    tally.take(clause.id, _as_many(totals, wanted))
        return tally


def reader(as_of: str | None, asked: Asked, files: Iterable[Named]) -> BrazeReader:
    """What reads these files, having looked over their names."""
    if asked.fields:
        asked = replace(asked, request={**asked.request, "fields_to_export": list(asked.fields)})
    return BrazeReader(as_of, survey(asked, files))


@dataclass
class _Reading:
    """The state of reading one file."""

    reader: BrazeReader
    named: Named
    export: Export
    spill: Callable[[int], None]
    result: Examined = field(default_factory=Examined)
    problems: list[Problem] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    slow: list[Row] = field(default_factory=list)

    @cached_property
    def quick(self) -> QuickRows:
        return self.reader.quick(self.export)

    @cached_property
    def _delivery(self) -> Delivery:
        return Delivery(self.export, Where(file=self.named.name), "", Archive("plain"))

    def read(self, member: Opened) -> None:
        """Every line of a member."""
        shown = _shown(self.named, member.name)
        cutter = Cutter()
        found: list[Problem] = []
        blank = 0
        take, spill = self.quick.take, self.spill
        for number, raw, ended in _lines(member, cutter, found):
            value = quick_object(raw) if ended else None
            if value is not None and take(value):
                spill(hashed(value))
            elif number in cutter.overlong:
                self._aside(Line(number, None, (_too_long(number, cutter),)), shown)
            else:
                line = read_line(raw, number, ended=ended)
                self._aside(line, shown)
                blank += not raw.strip()
        torn = any(one.code != "trailing-bytes" for one in found)
        self.result.rows += cutter.number - blank
        self.result.whole = self.result.whole and not torn
        self.problems += found
        # A member that could not be read to its end has no number of lines.
        self.members.append(Member(member.name, b"", 0 if torn else cutter.number - blank))

    def _aside(self, line: Line, shown: str) -> None:
        """Keep a line for the checks to look at."""
        sound = isinstance(line.value, dict)
        self.spill(hashed(line.value) if sound else 0)
        if not sound and [one.code for one in line.problems] != ["empty-line"]:
            self.result.whole = False
        self.slow.append(Row(self._delivery, Where(file=shown, line=line.number), line))
        if len(self.slow) >= BATCH:
            self.finish()

    def finish(self) -> None:
        """Have everything judged that was put aside, and count the rest."""
        if self.slow:
            self.reader.judge_rows(self.result.tally, self.export, tuple(self.slow))
            self.slow.clear()
        self.quick.give(self.result.tally)


def _lines(member: Opened, cutter: Cutter, problems: list[Problem]) -> Iterator[tuple[int, bytes, bool]]:
    """Number, content and "has a line feed" of each line; what is wrong with the member is put into `problems`."""
    torn = False
    for part in member.parts:
        if isinstance(part, Problem):
            problems.append(part)
            torn = torn or part.code != "trailing-bytes"
            continue
        first, lines = cutter.feed(part)
        for number, raw in enumerate(lines, first):
            yield number, raw, True
    last = None if torn else cutter.last()
    if last is not None:
        yield (*last, False)


def _too_long(number: int, cutter: Cutter) -> Problem:
    return Problem("not-json", f"the line is longer than {cutter.longest} bytes and was not read", line=number)


def _shown(named: Named, member: str) -> str:
    return named.name if member in {named.name, ""} else f"{named.name}!{member}"


def hashed(value: dict[str, Json]) -> int:
    """64 bits of the identity, 0 where there is none."""
    name = identity(value)
    if name is None:
        return 0
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") or 1


def _once(tally: Tally, clause: Clause, totals: Totals) -> None:
    for one in totals.told:
        where = Where(file=one.again.file, line=one.again.line)
        tally.take(
            clause.id,
            Finding(where, "each user once", f"{one.again.identity} also in {one.first.file}:{one.first.line}"),
        )
    counted = tally.of(clause.id)
    counted.broken = totals.doubles
    counted.kept = totals.distinct


def _as_many(totals: Totals, wanted: int) -> Finding | Kept:
    nameless = totals.rows - totals.named
    if totals.distinct <= wanted <= totals.distinct + nameless:
        return Kept(Where())
    return Finding(Where(), f"{wanted} users", str(totals.distinct + nameless))


_CHECKS: Final = {**registry.checks_in(builtin), **registry.checks_in(checks)}
_ROW_READERS: Final = registry.rows_in(checks)
