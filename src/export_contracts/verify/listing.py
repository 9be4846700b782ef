"""The files of a run, kept on disk in their order, so that as many may be listed as there are. Opens none of them.

Of each file 16 bytes stay in memory: where its line stands, and its size.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from export_contracts.checks.delivered import Named
from export_contracts.model import Json
from export_contracts.verify.disk_errors import explained
from export_contracts.verify.worker import Task

LARGE: Final = 4 * 1024 * 1024
"""Bytes from which on a file takes long."""


class Listing:
    """Files by their number in the run. `size` is that of all of them in bytes, `digest` is of their lines."""

    def __init__(self, path: Path, files: Iterable[tuple[int, Named]]) -> None:
        """Put the files down, each with the number of its place."""
        self._path = path
        self._lines = array("Q")
        self.sizes = array("Q")
        digest = hashlib.blake2b(digest_size=16)
        at = 0
        with explained(path.parent), path.open("wb") as file:
            for place, named in files:
                line = _line(place, named)
                self._lines.append(at)
                self.sizes.append(named.size)
                digest.update(line)
                at += file.write(line)
        self.size = sum(self.sizes)
        self.digest = digest.hexdigest()
        self._file = path.open("rb")

    def close(self) -> None:
        """It is needed no more."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, number: int) -> Task:
        self._file.seek(self._lines[number])
        return _task(number, self._file.readline())

    def __iter__(self) -> Iterator[Task]:
        """Every file in order. What is listed may be gone through several times at once."""
        with self._path.open("rb") as file:
            for number, line in enumerate(file):
                yield _task(number, line)

    def largest_first(self) -> Iterator[Task]:
        """Every file, those first that take long, lest one worker still be at such a one when all others are done."""
        large = [number for number, size in enumerate(self.sizes) if size > LARGE]
        large.sort(key=self.sizes.__getitem__, reverse=True)
        yield from map(self.__getitem__, large)
        yield from (task for task in self if task.named.size <= LARGE)

    @property
    def names(self) -> Names:
        """The files as they are named, which can be gone through as often as one likes."""
        return Names(self)


class Names:
    """The names in a listing."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing

    def __iter__(self) -> Iterator[Named]:
        return (one.named for one in self._listing)


def _line(place: int, named: Named) -> bytes:
    parts: list[Json] = [place, named.name, named.path, named.size, named.modified, named.in_bucket]
    return json.dumps(parts, separators=(",", ":")).encode() + b"\n"


def _task(number: int, line: bytes) -> Task:
    place, *parts = json.loads(line)
    return Task(number, place, Named(*parts))
