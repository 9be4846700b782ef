"""Cuts parts of a text, as they are read, into blocks of whole lines. Bounded in memory; no line is looked into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

LONGEST: Final = 8 * 1024 * 1024
"""Bytes of one line; of a longer one only the head is kept. Users have kilobytes."""


HEAD: Final = 64
"""Bytes that are kept of a line that is too long."""
PIECE: Final = 32
"""Lines of a piece of a block."""


@dataclass(frozen=True)
class Block:
    """Whole lines, each with its line feed; `first` is the number of the first, counted from 1."""

    first: int
    content: bytes

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Each line with its number, without its line feed."""
        lines = self.content.split(b"\n")
        lines.pop()
        return enumerate(lines, self.first)

    def pieces(self) -> Iterator[Block]:
        """The same lines in blocks of at most `PIECE`; nothing where they are no more than that."""
        lines = self.content.split(b"\n")
        for at in range(0, len(lines) - 1, PIECE) if len(lines) - 1 > PIECE else ():
            part = lines[at : min(at + PIECE, len(lines) - 1)]
            yield Block(self.first + at, b"\n".join((*part, b"")))


@dataclass
class Cutter:
    """Feed it the parts in order, then ask for the `last` line.

    `overlong` holds the first bytes of lines that were longer than `longest`, by number; they are handed out empty.
    """

    longest: int = LONGEST
    overlong: dict[int, bytes] = field(default_factory=dict)
    _number: int = 0
    _uncounted: bytes = b""
    _begun: list[bytes] = field(default_factory=list)
    _size: int = 0

    @property
    def number(self) -> int:
        """That of the last line handed out."""
        if self._uncounted:
            self.counted(_count(self._uncounted))
        return self._number

    def counted(self, lines: int) -> None:
        """The block handed out last has so many lines; whoever read them knows, and need not have them counted."""
        self._number += lines
        self._uncounted = b""

    def feed(self, part: bytes) -> Block | None:
        """The lines that end in this part, if any."""
        end = part.rfind(b"\n") + 1
        if not end:
            self._keep(part)
            return None
        first = self.number + 1
        if self._size + end > self.longest:
            content = self._completed(first, part[:end])
        else:
            content = b"".join((*self._begun, memoryview(part)[:end]))
            self._begun, self._size = [], 0
        self._uncounted = content
        self._keep(part[end:])
        return Block(first, content)

    def last(self) -> tuple[int, bytes] | None:
        """The line that has no line feed after it, where there is one, with its number."""
        if not self._size:
            return None
        number = self.number + 1
        self.counted(1)
        return number, self._whole(number, b"")

    def _completed(self, first: int, content: bytes) -> bytes:
        """The lines of `content`, the first of which began in earlier parts; those that are too long are emptied."""
        end = content.index(b"\n")
        begun, rest = self._whole(first, content[:end]), content[end:]
        if len(rest) > self.longest:
            lines = rest.split(b"\n")
            long = ((first + place, line[:HEAD]) for place, line in enumerate(lines) if len(line) > self.longest)
            self.overlong.update(long)
            rest = b"\n".join(b"" if len(line) > self.longest else line for line in lines)
        return begun + rest

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self.longest:
            self._begun[:] = [self._head(piece)]
        elif piece:
            self._begun.append(piece)

    def _whole(self, number: int, end: bytes) -> bytes:
        """The line that `end` completes; where that is too long, it is noted and nothing comes back."""
        self._size += len(end)
        if self._size > self.longest:
            self.overlong[number] = self._head(end)
            line = b""
        else:
            line = b"".join((*self._begun, end)) if self._begun else end
        self._begun, self._size = [], 0
        return line

    def _head(self, end: bytes) -> bytes:
        """The first bytes of the line that has begun."""
        return b"".join(one[:HEAD] for one in (*self._begun, end))[:HEAD]


def _count(content: bytes) -> int:
    """How many line feeds there are; with lines of a kilobyte, looking for each is ten times as fast as counting."""
    count = at = 0
    while at := content.find(b"\n", at) + 1:
        count += 1
    return count
