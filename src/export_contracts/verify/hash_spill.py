"""Hashes of rows on disk: each process has a file of its own, in which those of one delivered file stand together.

Where they stand is told by the journal; what no line of it tells of is left from a file that was not finished.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Self

from export_contracts.verify.disk_errors import explained

CHUNK: Final = 8192
"""Hashes written, or read, at a time."""
WIDTH: Final = 8
"""Bytes of a hash."""


class Stretch(NamedTuple):
    """Where the hashes of a delivered file stand: in which file, from which byte, how many."""

    name: str
    start: int
    rows: int


class Spill:
    """The file of this process. Hashes come row by row and are put down in parts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._held = array("Q")
        self._start = self._end = 0
        with explained(folder):
            self._file = (folder / "ids" / self._name).open("wb")

    def __call__(self, *values: int) -> None:
        """More rows."""
        self._held.extend(values)
        if len(self._held) >= CHUNK:
            self._put_down()

    def extend(self, values: array[int]) -> None:
        """Many rows at once."""
        self._held.extend(values)
        self._put_down()

    def begin(self) -> None:
        """Hashes of the next file follow; what came last is forgotten where it was not finished."""
        del self._held[:]
        self._start = self._end

    def finish(self) -> Stretch:
        """All rows of the file have come."""
        self._put_down()
        with explained(self._folder):
            self._file.flush()
        return Stretch(self._name, self._start, (self._end - self._start) // WIDTH)

    def _put_down(self) -> None:
        with explained(self._folder):
            self._end += self._file.write(self._held.tobytes())
        del self._held[:]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        with contextlib.suppress(OSError):  # what was finished has been flushed
            self._file.close()


class Spilled:
    """The hashes of all files, by the number of the file; 20 bytes of memory each."""

    def __init__(self, folder: Path, files: int) -> None:
        self._folder = folder
        self._names: dict[str, int] = {}
        self._open: list[BinaryIO] = []
        self._which = array("L", bytes(array("L").itemsize * files))
        self._starts = array("Q", bytes(WIDTH * files))
        self._counts = array("Q", bytes(WIDTH * files))

    def note(self, number: int, stretch: Stretch) -> None:
        """Where those of a file stand."""
        self._which[number] = self._names.setdefault(stretch.name, len(self._names))
        self._starts[number] = stretch.start
        self._counts[number] = stretch.rows

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        for one in self._open:
            one.close()
        self._open.clear()

    def __len__(self) -> int:
        return len(self._counts)

    def hashes(self, number: int) -> Iterator[array[int]]:
        """The hashes of one file, in parts; none of a file of which nothing is noted."""
        left = self._counts[number]
        if not left:
            return
        if not self._open:
            self._open += [(self._folder / "ids" / name).open("rb") for name in self._names]
        file, place = self._open[self._which[number]], self._starts[number]
        while left:
            file.seek(place)
            held = array("Q")
            held.frombytes(file.read(WIDTH * min(left, CHUNK)))
            if not held:
                raise OSError(errno.EIO, os.strerror(errno.EIO), file.name)
            yield held
            left -= len(held)
            place += WIDTH * len(held)
