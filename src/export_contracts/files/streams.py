"""Opens zip and gzip archives, or plain text, from a file that can seek, and hands members out in parts.

Bounded in memory whatever the size. Never raises because of what the bytes are: that is told by `Problem.code`, the
codes being those of `archive`, which gathers what this module reads. An OSError of the file itself passes through.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

from isal import isal_zlib

from export_contracts.files.problem import Problem
from export_contracts.files.zip_members import INFLATING, SLICE, STEP, Opened, ZipReader

Kind = Literal["zip", "gzip", "plain", "unknown"]
GZIP_MAGIC: Final = b"\x1f\x8b"
ZIP_MAGICS: Final = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one archive. `total` bytes inflated in all; `members` counted; `ratio` of inflated to packed size.

    The ratio only counts beyond `ratio_from` inflated bytes: small files of equal rows shrink well and honestly.
    """

    total: int = 512 * 1024 * 1024
    members: int = 10_000
    ratio: float = 400.0
    ratio_from: int = 32 * 1024 * 1024

    def broken(self, inflated: int, packed: int) -> Problem | None:
        """The problem that `inflated` bytes out of `packed` ones make, if any."""
        if inflated > self.total:
            return Problem("bomb-size", f"it inflates to more than {self.total} bytes")
        if inflated > self.ratio_from and inflated > self.ratio * max(packed, 1):
            return Problem("bomb-ratio", f"it inflates to more than {self.ratio:g} times its size")
        return None


BOUNDS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Stream:
    """A delivered file being read: `items` are its members and what is wrong, in order, read as they are asked for."""

    kind: Kind
    items: Iterator[Opened | Problem]


def open_stream(file: BinaryIO, *, name: str = "", limits: Limits = BOUNDS) -> Stream:
    """Open `file`, telling its kind by its first bytes and never by `name`."""
    file.seek(0)
    kind = kind_of(file.read(4096))
    return Stream(kind, _items(file, kind, name, limits))


def _items(file: BinaryIO, kind: Kind, name: str, limits: Limits) -> Iterator[Opened | Problem]:
    size = file.seek(0, os.SEEK_END)
    if kind == "zip":
        yield from ZipReader(file, limits.broken, limits.members).read()
    elif kind == "gzip":
        yield Opened(name.rsplit("/", 1)[-1].removesuffix(".gz"), _gzip_parts(file, size, limits))
    elif kind == "plain":
        yield Opened(name, _plain_parts(file))
    if not size:
        yield Problem("empty-archive", "the file is empty")
    yield from _wrong_extension(name, kind)


def kind_of(body: bytes) -> Kind:
    """What the first bytes say: an archive, text, or something else."""
    if body.startswith(ZIP_MAGICS):
        return "zip"
    if body.startswith(GZIP_MAGIC):
        return "gzip"
    text = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    control = re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", body[:4096])
    return "plain" if body and (text or control is None) else "unknown"


def _plain_parts(file: BinaryIO) -> Iterator[bytes | Problem]:
    file.seek(0)
    while part := file.read(STEP):
        yield part


def _gzip_parts(file: BinaryIO, size: int, limits: Limits) -> Iterator[bytes | Problem]:
    """The inflated bytes of every gzip stream in the file, one after the other."""
    inflated = place = 0
    while place < size:
        ends: list[int] = []
        for part in _inflate_one(file, place, ends):
            if isinstance(part, Problem):
                yield part
                return
            inflated += len(part)
            broken = limits.broken(inflated, size)
            if broken is not None:
                yield broken
                return
            yield part
        place = ends[0]
        file.seek(place)
        if file.read(len(GZIP_MAGIC)) != GZIP_MAGIC:
            rest = _without_padding(file, place)
            if rest:
                yield Problem("trailing-bytes", f"{rest} bytes follow the end of the gzip stream")
            return


def _without_padding(file: BinaryIO, place: int) -> int:
    """How many bytes stand from `place` on, not counting zeros at their head: padding is usual and harmless."""
    file.seek(place)
    found = 0
    while part := file.read(STEP):
        found += len(part) if found else len(part.lstrip(b"\0"))
    return found


def _inflate_one(file: BinaryIO, place: int, ends: list[int]) -> Iterator[bytes | Problem]:
    """Inflate the stream that begins at `place`; where it ends is put into `ends`."""
    stream = isal_zlib.decompressobj(31)
    try:
        while not stream.eof:
            pending = stream.unconsumed_tail
            if not pending:
                file.seek(place)
                pending = file.read(SLICE)
                place += len(pending)
            part = stream.decompress(pending, STEP)
            if part:
                yield part
            elif not pending:
                yield Problem("truncated", "the gzip stream ends before its end mark")
                return
    except INFLATING as error:
        yield Problem("damaged", f"the gzip stream is damaged: {error}")
        return
    ends.append(place - len(stream.unused_data))


def _wrong_extension(name: str, kind: Kind) -> Iterator[Problem]:
    suffix = name.rsplit("/", 1)[-1].rpartition(".")[2].lower()
    wanted = {"zip": "zip", "xlsx": "zip", "gz": "gzip", "gzip": "gzip"}.get(suffix)
    text = suffix in {"json", "ndjson", "jsonl", "csv", "txt"}
    if (wanted and kind != wanted) or (text and kind in {"zip", "gzip"}):
        yield Problem("wrong-extension", f"the name ends in .{suffix} but the content is {_SAID[kind]}")


_SAID: Final = {"zip": "a zip archive", "gzip": "gzip", "plain": "plain text", "unknown": "neither zip nor gzip"}
