"""Writes profiles as Parquet: columns of text without gaps, not compressed, a checksum for each page.

Only what this takes of the format is here, so that no library is needed; the same rows give the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

GROUP: Final = 10_000
"""Rows of a row group."""
LISTS: Final = frozenset({"identities"})
"""Members that are lists; the profiles here have one element in each."""
_I32, _I64, _TEXT, _LIST, _STRUCT = 5, 6, 8, 9, 12
_BYTE_ARRAY, _UTF8, _PLAIN, _RLE = 6, 0, 0, 3
_OPTIONAL, _REPEATED = 1, 2
Field = tuple[int, int, object]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A column: the names that lead to it, and how often its levels may be missing or repeated."""

    path: tuple[str, ...]

    @property
    def definition(self) -> int:
        """The level of a value that is there."""
        return len(self.path)

    @property
    def repetition(self) -> int:
        """Lists on the way."""
        return sum(one in LISTS for one in self.path)


def as_parquet(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A file with the columns, named by dot paths; a row maps them to their texts."""
    leaves = [Leaf(tuple(name.split("."))) for name in _grouped(columns)]
    out = bytearray(b"PAR1")
    held = list(rows)
    groups = [_group(out, leaves, held[start : start + GROUP]) for start in range(0, len(held), GROUP)]
    footer = _struct(
        (1, _I32, 1),
        (2, _LIST, (_STRUCT, _schema(leaves))),
        (3, _I64, len(held)),
        (4, _LIST, (_STRUCT, groups)),
        (6, _TEXT, b"export-contracts reference"),
    )
    return bytes(out) + footer + struct.pack("<I", len(footer)) + b"PAR1"


def _grouped(columns: Sequence[str]) -> list[str]:
    """Columns with those of one member side by side, as a schema has them."""
    heads = list(dict.fromkeys(name.split(".")[0] for name in columns))
    return sorted(dict.fromkeys(columns), key=lambda name: (heads.index(name.split(".")[0]), name))


def _group(out: bytearray, leaves: Sequence[Leaf], rows: Sequence[Mapping[str, str]]) -> bytes:
    chunks = []
    begun = len(out)
    for leaf in leaves:
        name, start = ".".join(leaf.path), len(out)
        out += _page(leaf, [row.get(name, "").encode() for row in rows])
        size = len(out) - start
        about = _struct(
            (1, _I32, _BYTE_ARRAY),
            (2, _LIST, (_I32, [_zigzag(_PLAIN), _zigzag(_RLE)])),
            (3, _LIST, (_TEXT, [_text(one.encode()) for one in leaf.path])),
            (4, _I32, 0),
            (5, _I64, len(rows)),
            (6, _I64, size),
            (7, _I64, size),
            (9, _I64, start),
        )
        chunks.append(_struct((2, _I64, start), (3, _STRUCT, about)))
    return _struct((1, _LIST, (_STRUCT, chunks)), (2, _I64, len(out) - begun), (3, _I64, len(rows)))


def _page(leaf: Leaf, values: Sequence[bytes]) -> bytes:
    levels = (_levels(leaf.repetition and 1, len(values), 0), _levels(1, len(values), leaf.definition))
    body = b"".join((*levels, *(struct.pack("<I", len(one)) + one for one in values)))
    checksum = zlib.crc32(body)
    counts = _struct((1, _I32, len(values)), (2, _I32, _PLAIN), (3, _I32, _RLE), (4, _I32, _RLE))
    head = _struct(
        (1, _I32, 0),
        (2, _I32, len(body)),
        (3, _I32, len(body)),
        (4, _I32, checksum - (1 << 32) if checksum >> 31 else checksum),
        (5, _STRUCT, counts),
    )
    return head + body


def _levels(needed: int, count: int, level: int) -> bytes:
    """One run of the same level."""
    if not needed:
        return b""
    run = _varint(count << 1) + bytes([level])
    return struct.pack("<I", len(run)) + run


def _schema(leaves: Sequence[Leaf]) -> list[bytes]:
    """The tree of the columns, depth first."""
    found = [_struct((4, _TEXT, b"schema"), (5, _I32, _children(leaves, ())))]
    seen: set[tuple[str, ...]] = set()
    for leaf in leaves:
        for depth in range(1, len(leaf.path)):
            inner = leaf.path[:depth]
            if inner not in seen:
                seen.add(inner)
                found.append(_inner(inner[-1], _children(leaves, inner)))
        name = leaf.path[-1]
        found.append(
            _struct((1, _I32, _BYTE_ARRAY), (3, _I32, _repeats(name)), (4, _TEXT, name.encode()), (6, _I32, _UTF8))
        )
    return found


def _inner(name: str, children: int) -> bytes:
    return _struct((3, _I32, _repeats(name)), (4, _TEXT, name.encode()), (5, _I32, children))


def _repeats(name: str) -> int:
    return _REPEATED if name in LISTS else _OPTIONAL


def _children(leaves: Sequence[Leaf], above: tuple[str, ...]) -> int:
    return len({leaf.path[len(above)] for leaf in leaves if leaf.path[: len(above)] == above})


def _struct(*fields: Field) -> bytes:
    out = bytearray()
    last = 0
    for number, kind, value in fields:
        out.append((number - last) << 4 | kind)
        out += _field(kind, value)
        last = number
    return bytes(out) + b"\0"


def _field(kind: int, value: object) -> bytes:
    if isinstance(value, int):
        return _zigzag(value)
    if isinstance(value, bytes):
        return _text(value) if kind == _TEXT else value
    assert isinstance(value, tuple)
    inner, parts = value
    head = bytes([len(parts) << 4 | inner]) if len(parts) < 15 else bytes([0xF0 | inner]) + _varint(len(parts))
    return head + b"".join(parts)


def _text(value: bytes) -> bytes:
    return _varint(len(value)) + value


def _zigzag(value: int) -> bytes:
    return _varint((value << 1) ^ (value >> 63))


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
