"""Opens zip and gzip archives, or plain text, from bytes, within bounds and without ever raising.

Members come back only when they were read whole. What is wrong is told by `Problem.code`: damaged, truncated,
trailing-bytes, encrypted, unknown-method, path-traversal, absolute-name, duplicate-member, bomb-ratio,
bomb-size, too-many-members, empty-archive, wrong-extension. No row is read here and nothing is written.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from export_contracts.files.problem import Problem
from export_contracts.files.zip_members import ZipReader

Kind = Literal["zip", "gzip", "plain", "unknown"]
GZIP_MAGIC: Final = b"\x1f\x8b"
ZIP_MAGICS: Final = (b"PK\x03\x04", b"PK\x05\x06")
STEP: Final = 256 * 1024
"""Bytes inflated between two looks at the limits."""
SLICE: Final = 16 * 1024
"""Bytes of input given to a decompressor at a time."""


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


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive, or the file itself where it is none."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Archive:
    """What a delivered file holds. `members` are those that could be read whole, in the archive's order."""

    kind: Kind
    members: tuple[Member, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass
class _Found:
    members: list[Member] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_archive(body: bytes, *, name: str = "", limits: Limits = Limits()) -> Archive:
    """Open `body`, telling its kind by its first bytes and never by `name`; never raises, whatever the bytes."""
    kind = kind_of(body)
    found = _Found()
    if kind == "zip":
        for one in ZipReader(body, limits.broken, limits.members).read():
            if isinstance(one, Problem):
                found.problems.append(one)
            else:
                found.members.append(Member(*one))
    elif kind == "gzip":
        _read_gzip(body, name, limits, found)
    elif kind == "plain":
        found.members.append(Member(name, body))
    if not body:
        found.problems.append(Problem("empty-archive", "the file is empty"))
    found.problems.extend(_wrong_extension(name, kind))
    return Archive(kind, tuple(found.members), tuple(found.problems))


def kind_of(body: bytes) -> Kind:
    """What the first bytes say: an archive, text, or something else."""
    if body.startswith(ZIP_MAGICS):
        return "zip"
    if body.startswith(GZIP_MAGIC):
        return "gzip"
    text = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    control = re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", body[:4096])
    return "plain" if body and (text or control is None) else "unknown"


def _read_gzip(body: bytes, name: str, limits: Limits, found: _Found) -> None:
    out = bytearray()
    place = 0
    while place < len(body):
        end, problem = _inflate_one(body, place, out, limits)
        if problem is not None:
            found.problems.append(problem)
            return
        place = end
        if not body.startswith(GZIP_MAGIC, place):
            rest = body[place:].lstrip(b"\0")  # padding with zeros is usual and harmless
            if rest:
                found.problems.append(Problem("trailing-bytes", f"{len(rest)} bytes follow the end of the gzip stream"))
            break
    stem = name.rsplit("/", 1)[-1]
    found.members.append(Member(stem.removesuffix(".gz"), bytes(out)))


def _inflate_one(body: bytes, place: int, out: bytearray, limits: Limits) -> tuple[int, Problem | None]:
    """Inflate the stream that begins at `place` onto `out`; where it ends, or what is wrong with it.

    The input is fed in slices: what a decompressor has not consumed it copies, each time.
    """
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        while not stream.eof:
            pending = stream.unconsumed_tail
            if not pending:
                pending = body[place : place + SLICE]
                place += len(pending)
            part = stream.decompress(pending, STEP)
            out += part
            broken = limits.broken(len(out), len(body))
            if broken is not None:
                return place, broken
            if not part and not pending:
                return place, Problem("truncated", "the gzip stream ends before its end mark")
    except zlib.error as error:
        return place, Problem("damaged", f"the gzip stream is damaged: {error}")
    return place - len(stream.unused_data), None


def _wrong_extension(name: str, kind: Kind) -> Iterator[Problem]:
    suffix = name.rsplit("/", 1)[-1].rpartition(".")[2].lower()
    wanted = {"zip": "zip", "xlsx": "zip", "gz": "gzip", "gzip": "gzip"}.get(suffix)
    text = suffix in {"json", "ndjson", "jsonl", "csv", "txt"}
    if (wanted and kind != wanted) or (text and kind in {"zip", "gzip"}):
        yield Problem("wrong-extension", f"the name ends in .{suffix} but the content is {_SAID[kind]}")


_SAID: Final = {"zip": "a zip archive", "gzip": "gzip", "plain": "plain text", "unknown": "neither zip nor gzip"}
