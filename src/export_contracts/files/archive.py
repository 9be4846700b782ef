"""Delivered files that are small enough for the memory, opened whole, within bounds and without ever raising.

Members come back only when they were read whole. What is wrong is told by `Problem.code`: damaged, truncated,
trailing-bytes, unlisted-member, encrypted, unknown-method, path-traversal, absolute-name, duplicate-member,
bomb-ratio, bomb-size, too-many-members, empty-archive, wrong-extension. The reading itself is done by `streams`.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import Final

from export_contracts.files.problem import Problem
from export_contracts.files.streams import Kind, Limits, kind_of, open_stream
from export_contracts.files.zip_members import Opened

__all__ = ["Archive", "Kind", "Limits", "Member", "filled_lines", "kind_of", "read_archive"]

BOUNDS: Final = Limits()
_SWELLING: Final = {"bomb-ratio", "bomb-size"}
_REMEMBERED: Final = 256
_SWOLLEN: Final[dict[tuple[bytes, str, Limits], Archive]] = {}


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive, or the file itself where it is none.

    `filled` is the number of its lines that are not blank, where it was read in passing and has no body.
    """

    name: str
    body: bytes
    filled: int | None = None


@dataclass(frozen=True, slots=True)
class Archive:
    """What a delivered file holds. `members` are those that could be read whole, in the archive's order."""

    kind: Kind
    members: tuple[Member, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_archive(body: bytes, *, name: str = "", limits: Limits = BOUNDS) -> Archive:
    """Open `body`, telling its kind by its first bytes and never by `name`; never raises, whatever the bytes.

    What was found to swell beyond the limits is remembered by its hash, and not inflated again.
    """
    known = _SWOLLEN.get(_mark(body, name, limits)) if _SWOLLEN else None
    if known is not None:
        return known
    found = _read(body, name, limits)
    if not found.members and any(one.code in _SWELLING for one in found.problems) and len(_SWOLLEN) < _REMEMBERED:
        _SWOLLEN[_mark(body, name, limits)] = found
    return found


def _mark(body: bytes, name: str, limits: Limits) -> tuple[bytes, str, Limits]:
    return hashlib.sha256(body).digest(), name, limits


def _read(body: bytes, name: str, limits: Limits) -> Archive:
    stream = open_stream(io.BytesIO(body), name=name, limits=limits)
    members: list[Member] = []
    problems: list[Problem] = []
    for one in stream.items:
        if isinstance(one, Problem):
            problems.append(one)
            continue
        found, problem = _drained(one)
        # What merely follows a gzip stream takes nothing away from what stands in it.
        if problem is None or problem.code == "trailing-bytes":
            members.append(Member(one.name, found))
        if problem is not None:
            problems.append(problem)
    return Archive(stream.kind, tuple(members), tuple(problems))


def filled_lines(member: Member) -> int:
    """How many lines of a member are not blank."""
    if member.filled is not None:
        return member.filled
    return sum(1 for line in member.body.splitlines() if line.strip())


def _drained(member: Opened) -> tuple[bytes, Problem | None]:
    out = bytearray()
    problem = None
    for part in member.parts:
        if isinstance(part, Problem):
            problem = part
        else:
            out += part
    return bytes(out), problem
