"""How far a run has come: bytes read are heard while it goes on: in this process or, by way of a file, in another."""

from __future__ import annotations

import io
import mmap
import os
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

Heard = Callable[[int], None]
"""Is told how many more bytes of the files were read; what a reader leaves out counts once it is done with a file."""
WIDTH: Final = 8
BEGINNING: Final = "pulse-"


@dataclass(frozen=True)
class Done:
    """Progress: files done with, of how many; bytes read, within files too; rows of the files done with.

    `step` says what comes after the reading, and how far that is.
    """

    files: int
    of_files: int
    size: int
    of_size: int
    rows: int
    step: str = ""


def nobody(_: int) -> None:
    """Hears nothing."""


class Watched(io.BufferedIOBase):
    """A file that tells of what is read from it: its `size` in all, however often it is gone through.

    `passes` is how often that should be; what goes beyond is not told.
    """

    def __init__(self, file: BinaryIO, size: int, passes: int, heard: Heard) -> None:
        super().__init__()
        self._file = file
        self._left = size * passes
        self._rest = size
        self._passes = passes
        self._heard = heard

    def read(self, size: int | None = -1, /) -> bytes:
        """Bytes, as the file gives them."""
        found = self._file.read(-1 if size is None else size)
        if self._left and found:
            self._left = max(0, self._left - len(found))
            rest = self._left // self._passes
            self._heard(self._rest - rest)
            self._rest = rest
        return found

    def seek(self, place: int, whence: int = os.SEEK_SET, /) -> int:
        """Go elsewhere."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """The place in the file."""
        return self._file.tell()

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Nobody reads on: what was left out counts as read. The file itself stays open."""
        if not self.closed and self._rest:
            self._heard(self._rest)
            self._rest = self._left = 0
        super().close()


class Pulse:
    """Tells of the bytes that this process has read, in a file that others look at."""

    def __init__(self, folder: Path) -> None:
        path = folder / f"{BEGINNING}{os.getpid()}-{secrets.token_hex(4)}"
        path.write_bytes(bytes(WIDTH))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), WIDTH)
        self._read = 0

    def __call__(self, count: int) -> None:
        """More bytes were read."""
        self._read += count
        self._shared[:] = struct.pack("<Q", self._read)


def total_read(folder: Path) -> int:
    """Bytes that processes have read, all of them together."""
    found = (one.read_bytes() for one in folder.glob(f"{BEGINNING}*"))
    return sum(struct.unpack("<Q", one)[0] for one in found if len(one) == WIDTH)


def reset(folder: Path) -> None:
    """Take away what processes of an earlier run have left."""
    for one in folder.glob(f"{BEGINNING}*"):
        one.unlink()
