"""The inventory of a run, held against that of the last one that ended well in the same report folder. Opens no file.

All that came, went or changed is noted. A finding is made only of what a clause speaks of: an export is a snapshot, and
no document says that one delivery holds the files of another, so that clauses concern files of the same export.

A list is the first line that tells what it is of, then name, size and export of a file a line. Of a file 24 bytes stay
in memory.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from export_contracts.catalogue.contract import Contract
from export_contracts.checks.delivered import Named
from export_contracts.checks.readers import Marks, among, mark, ordered
from export_contracts.checks.tally import Tally
from export_contracts.model import Finding, Json, Kept, Where
from export_contracts.verify.disk_errors import explained

NEW: Final = "files-now"
NOTED: Final = "files-changed"
SHOWN: Final = 3
"""Names that a sentence holds."""
KEEPS: Final = "file_keeps_content"
STAYS: Final = "export_stays_whole"
"""Checks of which an inventory is evidence."""
ExportOf = Callable[[Named], str | None]
"""Which export a file is of, as far as its name tells; None where it does not."""


class Entry(NamedTuple):
    """A file of a list."""

    name: str
    size: int
    export: str | None = None


@dataclass(frozen=True)
class Compared:
    """Sentences on what has changed, and what clauses say of it; `judged` are the ids of these clauses."""

    judged: frozenset[str]
    notes: tuple[str, ...] = ()
    tally: Tally = field(default_factory=Tally)


def judged(contract: Contract) -> dict[str, str]:
    """The clauses that an inventory can put to the test: their ids by their checks."""
    return {one.check: one.id for one in contract.clauses if one.check in {KEEPS, STAYS} and contract.is_active(one)}


@dataclass(frozen=True)
class Inventory:
    """Lists of files of one kind: `about` tells of what. `clauses` are ids by check."""

    about: Mapping[str, Json]
    clauses: Mapping[str, str]
    export_of: ExportOf

    def compare(self, folder: Path, before: Path | None, files: Iterable[Named]) -> Compared:
        """What has changed since the list `before`; nothing where it is of something else, or missing.

        The list of now, and what was found, are put into the run's `folder`, where a run that goes on finds them.
        """
        if before is None:
            return Compared(self._judged)
        noted, now = folder / NOTED, folder / NEW
        with explained(folder):
            if not noted.is_file():
                with now.open("w", encoding="utf-8") as file:
                    file.write(json.dumps(self.about) + "\n")
                    for one in files:
                        file.write(json.dumps(Entry(one.name, one.size, self.export_of(one))) + "\n")
                found = self._since(before, now)
                begun = noted.with_suffix(".begun")
                begun.write_text(json.dumps([found.notes, found.tally.as_json()]), encoding="utf-8")
                begun.replace(noted)
            notes, sums = json.loads(noted.read_text(encoding="utf-8"))
        tally = Tally()
        tally.merge_json(sums)
        return Compared(self._judged, tuple(notes), tally)

    @property
    def _judged(self) -> frozenset[str]:
        return frozenset(self.clauses.values())

    def _since(self, before: Path, now: Path) -> Compared:
        if next(_read(before, self.about), None) is None:
            return Compared(self._judged)
        was, here = _List(before, self.about), _List(now, self.about)
        new, resized, gone = _Told("new"), _Told("of another size"), _Told("gone")
        tally = Tally()
        for one in here:
            if not was.has(one):
                new.add(one)
                if was.has_export(one):
                    self._take(tally, STAYS, one, ("no file more of this export", "new"))
                continue
            resized.add(one) if not was.has_as_it_is(one) else None
            self._take(tally, KEEPS, one, None if was.has_as_it_is(one) else ("the size it had", f"{one.size} bytes"))
            self._take(tally, STAYS, one)
        for one in was:
            if not here.has(one):
                gone.add(one)
                if here.has_export(one):
                    self._take(tally, STAYS, one, ("there still", "gone"))
        return Compared(self._judged, (*new.sentences(), *resized.sentences(), *gone.sentences()), tally)

    def _take(self, tally: Tally, check: str, one: Entry, wrong: tuple[str, str] | None = None) -> None:
        """Add evidence where a clause speaks of the file; what is `wrong` as (expected, got)."""
        if one.export is not None and check in self.clauses:
            at = Where(file=one.name)
            tally.take(self.clauses[check], Kept(at) if wrong is None else Finding(at, *wrong))


def keep(folder: Path, place: Path) -> None:
    """The list of this run is the one that the next looks at."""
    with explained(place.parent), contextlib.suppress(FileNotFoundError):
        (folder / NEW).replace(place)


class _Told:
    """What is said of files to which the same has happened."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._count = 0
        self._shown: list[str] = []

    def add(self, one: Entry) -> None:
        self._count += 1
        if self._count <= SHOWN:
            self._shown.append(one.name)

    def sentences(self) -> Iterator[str]:
        if self._count:
            files = f"{self._count} file{' is' if self._count == 1 else 's are'}"
            yield f"Since the last run {files} {self._what}: {', '.join(self._shown)}{', …' * (self._count > SHOWN)}."


class _List:
    """A list on disk; its names, its names with sizes and its exports as hashes in memory."""

    def __init__(self, path: Path, about: Mapping[str, Json]) -> None:
        self._path, self._about = path, about
        self._names: Marks = ordered(mark(one.name) for one in self)
        self._sized: Marks = ordered(_sized(one) for one in self)
        self._exports: Marks = ordered(mark(one.export) for one in self if one.export is not None)

    def __iter__(self) -> Iterator[Entry]:
        return _read(self._path, self._about)

    def has(self, one: Entry) -> bool:
        return among(mark(one.name), self._names)

    def has_as_it_is(self, one: Entry) -> bool:
        return among(_sized(one), self._sized)

    def has_export(self, one: Entry) -> bool:
        return one.export is not None and among(mark(one.export), self._exports)


def _sized(entry: Entry) -> int:
    return mark(f"{entry.name}\0{entry.size}")


def _read(path: Path, about: Mapping[str, Json]) -> Iterator[Entry]:
    with contextlib.suppress(FileNotFoundError, ValueError), path.open(encoding="utf-8") as file:
        if json.loads(file.readline()) == about:
            yield from (Entry(*json.loads(line)) for line in file)
