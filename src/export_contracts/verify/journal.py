"""The journal of a run: what was found in each finished file, so that a killed run can go on. No file is judged here.

A folder holds `journal.ndjson`, whose first line says which run it belongs to, and `ids/` with the hashes of rows. A
file is finished when its line stands whole in the journal; what comes after the last whole line is what a killed run
left and is cut off. In memory a file has eight bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from export_contracts.checks.delivered import Examined
from export_contracts.errors import UsageError
from export_contracts.model import Json
from export_contracts.verify.disk_errors import explained
from export_contracts.verify.hash_spill import WIDTH, Stretch


def fingerprint(parts: Iterable[Json]) -> str:
    """A digest of everything that a run's result depends on."""
    digest = hashlib.blake2b(digest_size=16)
    for one in parts:
        digest.update(json.dumps(one, sort_keys=True, default=str).encode() + b"\n")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Note:
    """What a journal keeps of a finished file: its `line`, made where the file was examined, and how many rows."""

    rows: int
    line: bytes


def note(number: int, examined: Examined, spilled: Stretch) -> Note:
    """What is to be kept of a file."""
    entry: dict[str, Json] = {"file": number, "rows": examined.rows, "spilled": list(spilled)}
    if not examined.whole:
        entry["whole"] = False
    if examined.remark is not None:
        entry["remark"] = examined.remark
    entry["tally"] = examined.tally.as_json()
    return Note(examined.rows, json.dumps(entry, separators=(",", ":")).encode() + b"\n")


class Entry(NamedTuple):
    """What was noted of a file; `tally` as `Tally.as_json` gave it."""

    rows: int
    whole: bool
    tally: dict[str, Json]
    spilled: Stretch
    remark: Json


class Journal:
    """The journal in `folder`, open for more lines. `files` is how many there are in the run."""

    def __init__(self, folder: Path, file: BinaryIO, files: int) -> None:
        self.folder = folder
        self.file = file
        self.finished = 0
        # Where each file's line begins. None begins at 0, where the header is.
        self._places = array("Q", bytes(8 * files))

    def __contains__(self, number: int) -> bool:
        return bool(self._places[number])

    def add(self, number: int, noted: Note) -> None:
        """Note that a file is finished."""
        with explained(self.folder):
            place = self.file.seek(0, os.SEEK_END)
            self.file.write(noted.line)
            self.file.flush()
        self.put(number, place)

    def put(self, number: int, place: int) -> None:
        """The file's line stands there."""
        self.finished += not self._places[number]
        self._places[number] = place

    def read(self, number: int) -> Entry:
        """What was noted of a finished file."""
        self.file.seek(self._places[number])
        entry = json.loads(self.file.readline())
        return Entry(
            entry["rows"], entry.get("whole", True), entry["tally"], Stretch(*entry["spilled"]), entry.get("remark")
        )

    def close(self) -> None:
        """Close it; the folder stays."""
        self.file.close()


def remove(folder: Path) -> None:
    """Take the folder away: the journal first, so that no part of it is taken up."""
    (folder / "journal.ndjson").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def begin(folder: Path, mark: str, files: int) -> Journal:
    """A new journal; what an earlier run left in the folder goes."""
    with explained(folder):
        remove(folder)
        (folder / "ids").mkdir(parents=True)
        file = (folder / "journal.ndjson").open("w+b")
        file.write(json.dumps({"run": mark}).encode() + b"\n")
        file.flush()
    return Journal(folder, file, files)


def take_up(folder: Path, mark: str, files: int) -> Journal:
    """The journal of an interrupted run; a new one where none was left."""
    path = folder / "journal.ndjson"
    if not path.is_file():
        return begin(folder, mark, files)
    with explained(folder):
        file = path.open("r+b")
    lines = _whole_lines(file)
    header = next(lines, None)
    if header is None:
        file.close()
        return begin(folder, mark, files)
    if header[1].get("run") != mark:
        file.close()
        raise UsageError(
            "The interrupted run was given other files or options, or the files have changed since.",
            hint="Without --resume it begins anew.",
        )
    journal = Journal(folder, file, files)
    sizes = {one.name: one.stat().st_size for one in (folder / "ids").iterdir()}
    end = file.tell()
    for place, entry in lines:
        spilled = Stretch(*entry["spilled"])
        if spilled.start + WIDTH * spilled.rows <= sizes.get(spilled.name, 0):
            journal.put(entry["file"], place)
        end = file.tell()
    file.truncate(end)
    return journal


def _whole_lines(file: BinaryIO) -> Iterator[tuple[int, Json]]:
    """Place and value of each line, up to the first that is not whole; then the file stands at its end."""
    while True:
        place = file.tell()
        line = file.readline()
        entry: Json = None
        if line.endswith(b"\n"):
            with contextlib.suppress(ValueError):
                entry = json.loads(line)
        if entry is None:
            file.seek(place)
            return
        yield place, entry
