"""The footer of a Parquet file: rows and columns as it declares them, without reading a page. Judges no contents.

Codes: not-parquet, truncated, damaged, encrypted, and unread, which says nothing of the file. Written from the
format's own description: the footer is a structure of Thrift's compact protocol, of which only the fields named here
are looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from export_contracts.files.problem import Problem
from export_contracts.model import Json

MAGIC: Final = b"PAR1"
ENCRYPTED: Final = b"PARE"
TAIL: Final = 8
LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a footer that is read."""
DEEPEST: Final = 32
_SCHEMA, _ROWS, _GROUPS = 2, 3, 4
_NAME, _CHILDREN = 4, 5
_GROUP_ROWS = 3


@dataclass(frozen=True, slots=True)
class Footer:
    """What a file declares: `rows`, and `paths` from the root to each leaf column."""

    rows: int = 0
    paths: tuple[tuple[str, ...], ...] = ()
    problems: tuple[Problem, ...] = ()


def read_footer(file: BinaryIO) -> Footer:
    """The footer of a file that can seek. Never raises because of what the bytes are."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if file.read(len(MAGIC)) != MAGIC:
        return _problem("not-parquet", "the file does not begin as Parquet does" if size else "the file is empty")
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    if tail[4:] == ENCRYPTED:
        return _problem("encrypted", "the footer is encrypted")
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != MAGIC or size < TAIL + len(MAGIC):
        return _problem("truncated", "the file does not end as Parquet does")
    if not 0 < length <= size - TAIL - len(MAGIC):
        return _problem("damaged", f"the footer cannot have {length} bytes")
    if length > LARGEST:
        return _problem("unread", f"the footer has {length} bytes, more than are read")
    file.seek(size - TAIL - length)
    try:
        return _footer(_Compact(file.read(length)).struct())
    except (IndexError, ValueError, TypeError, KeyError, AttributeError) as error:
        return _problem("damaged", f"the footer is damaged: {error}")


def _problem(code: str, message: str) -> Footer:
    return Footer(problems=(Problem(code, message),))


def _footer(data: dict[int, Json]) -> Footer:
    rows = int(data[_ROWS])
    in_groups = sum(int(one[_GROUP_ROWS]) for one in data.get(_GROUPS, []))
    paths = tuple(_paths(data[_SCHEMA]))
    if rows < 0 or in_groups != rows:
        told = Problem("damaged", f"the footer speaks of {rows} rows, its row groups of {in_groups}")
        return Footer(max(rows, 0), paths, (told,))
    return Footer(rows, paths)


def _paths(elements: Sequence[dict[int, Json]]) -> Iterator[tuple[str, ...]]:
    """The leaves of the schema, which is written depth first."""
    left: list[tuple[tuple[str, ...], int]] = []
    for number, one in enumerate(elements):
        children = int(one.get(_CHILDREN, 0))
        above, count = left.pop() if left else ((), 1)
        if count > 1:
            left.append((above, count - 1))
        path = () if not number else (*above, one[_NAME].decode("utf-8", "replace"))
        if children:
            left.append((path, children))
        elif number:
            yield path
    if left:
        raise ValueError("the schema lacks columns")


class _Compact:
    """Thrift's compact protocol, as far as structures can be told without their definition."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def struct(self, depth: int = 0) -> dict[int, Json]:
        """Fields by their number."""
        if depth > DEEPEST:
            raise ValueError("it nests too deeply")
        found: dict[int, Json] = {}
        number = 0
        while (head := self._byte()) != 0:
            kind, step = head & 0x0F, head >> 4
            number = number + step if step else self._zigzag()
            found[number] = (kind == 1) if kind in {1, 2} else self._value(kind, depth)
        return found

    def _value(self, kind: int, depth: int) -> Json:
        if kind in {1, 2, 3}:
            return self._byte()
        if kind in {4, 5, 6}:
            return self._zigzag()
        if kind == 7:
            return self._take(8)
        if kind == 8:
            return self._take(self._varint())
        if kind in {9, 10}:
            return self._list(depth)
        if kind == 11:
            return self._map(depth)
        if kind == 12:
            return self.struct(depth + 1)
        raise ValueError(f"there is no type {kind}")

    def _list(self, depth: int) -> list[Json]:
        head = self._byte()
        count = head >> 4 if head >> 4 != 15 else self._varint()
        self._bound(count)
        return [self._value(head & 0x0F, depth + 1) for _ in range(count)]

    def _map(self, depth: int) -> list[Json]:
        count = self._varint()
        self._bound(count)
        kinds = self._byte() if count else 0
        return [(self._value(kinds >> 4, depth + 1), self._value(kinds & 0x0F, depth + 1)) for _ in range(count)]

    def _bound(self, count: int) -> None:
        if count > len(self._data) - self._at:
            raise ValueError("a list is longer than the footer")

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _take(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise ValueError("a text is longer than the footer")
        self._at += count
        return self._data[self._at - count : self._at]

    def _varint(self) -> int:
        value = shift = 0
        while True:
            one = self._byte()
            value |= (one & 0x7F) << shift
            if one < 0x80:
                return value
            shift += 7
            if shift > 63:
                raise ValueError("a number is too long")

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
