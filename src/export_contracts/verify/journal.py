"""The journal of a run: what was found in each finished file, so that a killed run can go on. No file is judged here.

A folder holds `journal.ndjson`, whose first line says which run it belongs to, and `ids/`, one file of hashes for
each finished file. A file is finished when its line stands whole in the journal; what comes after the last whole line
is what a killed run left and is cut off.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, Self

from export_contracts.checks.delivered import Examined
from export_contracts.checks.tally import Tally
from export_contracts.errors import ExportContractsError, UsageError
from export_contracts.model import Json

CHUNK: Final = 8192
"""Hashes written at a time."""


def fingerprint(parts: Iterable[Json]) -> str:
    """A digest of everything that a run's result depends on."""
    digest = hashlib.blake2b(digest_size=16)
    for one in parts:
        digest.update(json.dumps(one, sort_keys=True, default=str).encode() + b"\n")
    return digest.hexdigest()


@dataclass
class Journal:
    """The journal in `folder`, open for more lines. `places` maps a file's number to where its line begins."""

    folder: Path
    file: BinaryIO
    places: dict[int, int] = field(default_factory=dict)

    def add(self, number: int, examined: Examined) -> None:
        """Note that a file is finished."""
        entry = {
            "file": number,
            "rows": examined.rows,
            "whole": examined.whole,
            "tally": examined.tally.as_json(),
        } | ({} if examined.remark is None else {"remark": examined.remark})
        with explained(self.folder):
            place = self.file.seek(0, os.SEEK_END)
            self.file.write(json.dumps(entry, separators=(",", ":")).encode() + b"\n")
            self.file.flush()
        self.places[number] = place

    def read(self, number: int) -> Examined:
        """What was noted of a finished file."""
        self.file.seek(self.places[number])
        entry = json.loads(self.file.readline())
        return Examined(Tally.from_json(entry["tally"]), entry["rows"], entry["whole"], entry.get("remark"))

    def close(self, *, keep: bool) -> None:
        """Close it, and take the folder away unless it is to be kept."""
        self.file.close()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def begin(folder: Path, mark: str) -> Journal:
    """A new journal; what an earlier run left in the folder goes."""
    with explained(folder):
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "ids").mkdir(parents=True)
        file = (folder / "journal.ndjson").open("w+b")
        file.write(json.dumps({"run": mark}).encode() + b"\n")
        file.flush()
    return Journal(folder, file)


def take_up(folder: Path, mark: str) -> Journal:
    """The journal of an interrupted run; a new one where none was left."""
    path = folder / "journal.ndjson"
    if not path.is_file():
        return begin(folder, mark)
    with explained(folder):
        file = path.open("r+b")
    lines = _whole_lines(file)
    header = next(lines, None)
    if header is None:
        file.close()
        return begin(folder, mark)
    if header[1].get("run") != mark:
        file.close()
        raise UsageError(
            "The interrupted run was given other files or options, or the files have changed since.",
            hint="Without --resume it begins anew.",
        )
    journal = Journal(folder, file)
    end = file.tell()
    for place, entry in lines:
        if (folder / "ids" / str(entry["file"])).is_file():
            journal.places[entry["file"]] = place
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


class Spill:
    """Hashes of one file's rows, put down as they come; the file gets its name once it is whole."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder
        self._path = folder / "ids" / str(number)
        self._begun = self._path.with_name(f"{number}.{os.getpid()}.begun")
        self._held = array("Q")
        with explained(folder):
            self._file = self._begun.open("wb")

    def __call__(self, *values: int) -> None:
        """More rows."""
        self._held.extend(values)
        if len(self._held) >= CHUNK:
            self._put_down()

    def _put_down(self) -> None:
        with explained(self._folder):
            self._file.write(self._held.tobytes())
        self._held = array("Q")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.give_up()

    def finish(self) -> None:
        """All rows have come."""
        self._put_down()
        with explained(self._folder):
            self._file.close()
            self._begun.replace(self._path)

    def give_up(self) -> None:
        """Close it; what was not finished goes."""
        with contextlib.suppress(OSError):
            self._file.close()
            self._begun.unlink(missing_ok=True)


class SpillError(ExportContractsError):
    """The run's own folder cannot be written: the run ends, for nothing it said would be whole."""


@contextlib.contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turns errors of the working folder into one sentence."""
    try:
        yield
    except OSError as error:
        raise SpillError(
            f"The working folder {folder} cannot be written: {error.strerror or error}.",
            hint="Make room, or name another place with --report; --resume then goes on.",
        ) from None
