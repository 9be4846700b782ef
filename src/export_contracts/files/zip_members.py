"""Members of a zip archive, inflated in small steps, with everything suspicious told. Opened through `streams`."""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO, Final, cast

from isal import isal_zlib
from isal.igzip_lib import IsalError

from export_contracts.files.problem import Problem

STEP: Final = 256 * 1024
"""Bytes inflated between two looks at the limits."""
SLICE: Final = 48 * 1024
"""Bytes of input given to an inflater at a time."""
END_MARK: Final = b"PK\x05\x06"
END_SIZE: Final = 22
LOCAL_MARK: Final = b"PK\x03\x04"
LOCAL: Final = struct.Struct("<4s22sHH")
"""What stands before each member: the mark, eleven numbers, how long the name is and what else follows it."""
FARTHEST: Final = 2**16 + END_SIZE + 2**16
"""Bytes from the end in which the end mark is looked for: a longest comment, and as much of what does not belong."""
LONGEST_LIST: Final = 8 * 1024 * 1024
"""Bytes of a list of members that is read: ten thousand of them have one or two."""
INFLATING: Final = cast("type[Exception]", IsalError)
"""What the inflater raises on damaged bytes; its stubs do not say that this is an exception."""
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    INFLATING,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
    RuntimeError,
    UnicodeError,
)
"""What the standard reader raises on bytes that are no sound archive (RuntimeError covers NotImplementedError)."""


@dataclass(frozen=True)
class Opened:
    """A file being read. `parts` must be drained before the next one is asked for; a problem in them is the last."""

    name: str
    parts: Iterator[bytes | Problem]


@dataclass
class ZipReader:
    """One archive. `broken(inflated, packed)` tells when a bound is passed; `most` members are read."""

    file: BinaryIO
    broken: Callable[[int, int], Problem | None]
    most: int
    inflated: int = 0
    bomb: bool = False

    def read(self) -> Iterator[Opened | Problem]:
        """Each member, and each problem, in the archive's order."""
        try:
            listed = _bytes_of_list(self.file)
            if listed > LONGEST_LIST:
                yield Problem("too-many-members", f"the list of members has {listed} bytes, more than {LONGEST_LIST}")
                return
            archive = zipfile.ZipFile(self.file)
        except BROKEN as error:
            yield self._unopened(error)
            return
        with archive:
            yield from self._outside(archive)
            yield from self._members(archive)

    @cached_property
    def _size(self) -> int:
        return self.file.seek(0, os.SEEK_END)

    @cached_property
    def _tail(self) -> bytes:
        """The end of the file, as far as the end mark of a sound archive may stand from it."""
        self.file.seek(max(0, self._size - FARTHEST))
        return self.file.read(FARTHEST)

    def _unopened(self, error: Exception) -> Problem:
        if END_MARK not in self._tail:
            return Problem("truncated", "the zip archive ends before its list of members")
        return Problem("damaged", f"the zip archive is damaged: {error}")

    def _outside(self, archive: zipfile.ZipFile) -> Iterator[Problem]:
        mark = self._tail.rfind(END_MARK)
        rest = len(self._tail) - (mark + END_SIZE + len(archive.comment))
        if mark >= 0 and rest > 0:
            yield Problem("trailing-bytes", f"{rest} bytes follow the end of the zip archive")
        before = min((one.header_offset for one in archive.infolist()), default=0)
        if before > 0:
            # The list of members is read from the end, so that of two archives only the second is seen.
            yield Problem("trailing-bytes", f"{before} bytes, perhaps an archive, stand before the first file listed")

        yield from self._unlisted(archive)

    def _unlisted(self, archive: zipfile.ZipFile) -> Iterator[Problem]:
        """Files between those listed: who reads from the front unpacks them, who reads the list never sees them."""
        listed = archive.infolist()
        if len(listed) > self.most or any(one.header_offset < 0 for one in listed):
            return
        places = sorted((one.header_offset, one.compress_size) for one in listed)
        ends = [*(place for place, _ in places[1:]), archive.start_dir]
        for (place, size), end in zip(places, ends, strict=False):
            self.file.seek(place)
            head = self.file.read(LOCAL.size)
            if len(head) < LOCAL.size or not head.startswith(LOCAL_MARK):
                return  # Reading the member will tell.
            own_end = place + LOCAL.size + sum(LOCAL.unpack(head)[-2:]) + size
            if end - own_end >= LOCAL.size:
                self.file.seek(own_end)
                at = self.file.read(min(end - own_end, STEP)).find(LOCAL_MARK)
                if 0 <= at <= end - own_end - LOCAL.size:
                    yield Problem("unlisted-member", f"a file at byte {own_end + at} stands in no list of members")

    def _members(self, archive: zipfile.ZipFile) -> Iterator[Opened | Problem]:
        infos = [one for one in archive.infolist() if not one.is_dir()]
        if not infos:
            yield Problem("empty-archive", "the zip archive holds no file")
        if len(infos) > self.most:
            yield Problem("too-many-members", f"the zip archive holds {len(infos)} files, more than {self.most}")
        seen: set[str] = set()
        for info in infos[: self.most]:
            yield from _name_problems(info.orig_filename)
            if info.filename in seen:
                yield Problem("duplicate-member", "the name stands twice in the zip archive", info.filename)
            seen.add(info.filename)
            yield Opened(info.filename, self._parts(archive, info))
            if self.bomb:
                return

    def _parts(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes | Problem]:
        if info.flag_bits & 0x1:
            yield Problem("encrypted", "the member is encrypted", info.filename)
            return
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            # Python inflates the other methods in steps that no bound reaches.
            yield Problem("unknown-method", f"compression method {info.compress_type} is not read", info.filename)
            return
        try:
            yield from self._inflated(archive, info)
        except EOFError:
            yield Problem("truncated", "the member ends too early", info.filename)
        except BROKEN as error:
            yield Problem("damaged", f"the member is damaged: {error}", info.filename)

    def _inflated(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes | Problem]:
        size = checksum = 0
        with archive.open(info) as stream:
            # The standard reader has no door for another inflater and check sum, and its own take twice the time.
            stream._expected_crc = None  # type: ignore[attr-defined] # noqa: SLF001
            packed = stream._fileobj  # type: ignore[attr-defined] # noqa: SLF001
            deflated = info.compress_type == zipfile.ZIP_DEFLATED
            for part in _deflated(packed, info.compress_size) if deflated else iter(lambda: stream.read(STEP), b""):
                size += len(part)
                checksum = isal_zlib.crc32(part, checksum)
                self.inflated += len(part)
                broken = self.broken(self.inflated, self._size)
                if broken is not None:
                    self.bomb = True
                    yield broken
                    return
                yield part
        if size != info.file_size:
            yield Problem("damaged", f"the member holds {size} bytes, not {info.file_size}", info.filename)
        elif checksum != info.CRC:
            yield Problem("damaged", "the member's check sum is not that of its bytes", info.filename)


def _deflated(packed: BinaryIO, left: int) -> Iterator[bytes]:
    """Inflate the next `left` bytes, given in small pieces: what the inflater has not used it copies, each time."""
    inflater = isal_zlib.decompressobj(-15)
    while not inflater.eof:
        pending = inflater.unconsumed_tail
        if not pending and left:
            pending = packed.read(min(SLICE, left))
            left -= len(pending)
            if not pending:
                raise EOFError
        part = inflater.decompress(pending, STEP)
        if part:
            yield part
        elif not pending:
            return


def _bytes_of_list(file: BinaryIO) -> int:
    """How long the archive says its list of members is, which the standard reader holds whole; 0 where it does not."""
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined] # noqa: SLF001 - as in `_inflated`: there is no door
    return 0 if end is None else int(end[zipfile._ECD_SIZE])  # type: ignore[attr-defined] # noqa: SLF001 - the same


def _name_problems(name: str) -> Iterator[Problem]:
    if ".." in re.split(r"[/\\]", name):
        yield Problem("path-traversal", "the member's name leads out of the folder", name)
    if re.match(r"[/\\]|[A-Za-z]:", name):
        yield Problem("absolute-name", "the member's name is an absolute path", name)
