"""Members of a zip archive, inflated in small steps, with everything suspicious told. Opened through `archive`."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from export_contracts.files.problem import Problem

STEP: Final = 256 * 1024
END_MARK: Final = b"PK\x05\x06"
END_SIZE: Final = 22
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
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


@dataclass
class ZipReader:
    """One archive. `broken(inflated, packed)` tells when a bound is passed; `most` members are read."""

    body: bytes
    broken: Callable[[int, int], Problem | None]
    most: int
    inflated: int = 0

    def read(self) -> Iterator[tuple[str, bytes] | Problem]:
        """Each member as (name, body), and each problem, in the archive's order."""
        try:
            archive = zipfile.ZipFile(io.BytesIO(self.body))
        except BROKEN as error:
            yield self._unopened(error)
            return
        with archive:
            yield from self._outside(archive)
            yield from self._members(archive)

    def _unopened(self, error: Exception) -> Problem:
        if END_MARK not in self.body:
            return Problem("truncated", "the zip archive ends before its list of members")
        return Problem("damaged", f"the zip archive is damaged: {error}")

    def _outside(self, archive: zipfile.ZipFile) -> Iterator[Problem]:
        end = self.body.rfind(END_MARK) + END_SIZE + len(archive.comment)
        if end < len(self.body):
            yield Problem("trailing-bytes", f"{len(self.body) - end} bytes follow the end of the zip archive")

    def _members(self, archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes] | Problem]:
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
            one = self._body(archive, info)
            yield one
            if isinstance(one, Problem) and one.code.startswith("bomb"):
                return

    def _body(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[str, bytes] | Problem:
        if info.flag_bits & 0x1:
            return Problem("encrypted", "the member is encrypted", info.filename)
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            # Python inflates the other methods in steps that no bound reaches.
            return Problem("unknown-method", f"compression method {info.compress_type} is not read", info.filename)
        out = bytearray()
        try:
            with archive.open(info) as stream:
                while part := stream.read(STEP):
                    out += part
                    self.inflated += len(part)
                    broken = self.broken(self.inflated, len(self.body))
                    if broken is not None:
                        return broken
        except EOFError:
            return Problem("truncated", "the member ends too early", info.filename)
        except BROKEN as error:
            return Problem("damaged", f"the member is damaged: {error}", info.filename)
        if len(out) != info.file_size:
            return Problem("damaged", f"the member holds {len(out)} bytes, not {info.file_size}", info.filename)
        return info.filename, bytes(out)


def _name_problems(name: str) -> Iterator[Problem]:
    if ".." in re.split(r"[/\\]", name):
        yield Problem("path-traversal", "the member's name leads out of the folder", name)
    if re.match(r"[/\\]|[A-Za-z]:", name):
        yield Problem("absolute-name", "the member's name is an absolute path", name)
