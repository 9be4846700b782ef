"""Hashes of rows on their way from one machine to another: few travel at once, many wait on disk to be fetched.

Nothing of Dask is known here.
"""

from __future__ import annotations

import tempfile
from array import array
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

AT_ONCE: Final = 64 * 1024
"""Hashes that travel with what was found; more wait on disk."""
PIECE: Final = 4 * 1024 * 1024
"""Bytes fetched at a time."""


class Parcel(NamedTuple):
    """The hashes of a file: `content` in memory or, where that is empty, `size` bytes at `path` on `machine`."""

    machine: str
    path: str
    size: int
    content: bytes


NOTHING: Final = Parcel("", "", 0, b"")


class Packer:
    """Is called with hashes as they come; those that are many are put into a file in `folder`."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._held = array("Q")
        self._file: BinaryIO | None = None
        self._path = ""

    def __call__(self, *values: int) -> None:
        """More rows."""
        self._held.extend(values)
        if len(self._held) >= AT_ONCE:
            self._put_down()

    def _put_down(self) -> None:
        if self._file is None:
            # A named one, as another task of this process or another reads it.
            handle, self._path = tempfile.mkstemp(dir=self._folder, prefix="hashes-")
            self._file = open(handle, "wb")  # noqa: PTH123, SIM115 - a handle has no path; closed by `sent` or `drop`
        self._file.write(self._held.tobytes())
        del self._held[:]

    def sent(self, machine: str) -> Parcel:
        """All rows have come."""
        if self._file is None:
            return Parcel(machine, "", 0, self._held.tobytes())
        self._put_down()
        with self._file as file:
            return Parcel(machine, self._path, file.tell(), b"")

    def drop(self) -> Parcel:
        """Nobody is going to fetch them."""
        if self._file is not None:
            self._file.close()
            remove(self._path)
        return NOTHING


def piece(path: str, start: int, size: int) -> bytes:
    """So many bytes from `start` on."""
    with Path(path).open("rb") as file:
        file.seek(start)
        return file.read(size)


def remove(path: str) -> None:
    """They have been fetched."""
    Path(path).unlink(missing_ok=True)
