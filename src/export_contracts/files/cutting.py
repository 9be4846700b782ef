"""Cuts parts of a text, as they are read, into lines. Bounded in memory; what stands in a line is not looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

LONGEST: Final = 32 * 1024 * 1024
"""Bytes of one line; of a longer one nothing is kept."""


@dataclass
class Cutter:
    """Feed it the parts in order, then ask for the `last` line. Lines are numbered from 1.

    `overlong` holds the numbers of lines that were longer than `longest`; they are handed out empty.
    """

    longest: int = LONGEST
    number: int = 0
    overlong: set[int] = field(default_factory=set)
    _begun: list[bytes] = field(default_factory=list)
    _size: int = 0

    def feed(self, part: bytes) -> tuple[int, list[bytes]]:
        """The lines that end in this part, without their line feeds; before them the number of the first."""
        lines = part.split(b"\n")
        rest = lines.pop()
        first = self.number + 1
        if lines:
            lines[0] = self._whole(first, lines[0])
            self.number += len(lines)
            for place, line in enumerate(lines):
                if len(line) > self.longest:
                    self.overlong.add(first + place)
                    lines[place] = b""
        self._keep(rest)
        return first, lines

    def last(self) -> tuple[int, bytes] | None:
        """The line that has no line feed after it, where there is one, with its number."""
        if not self._size:
            return None
        self.number += 1
        return self.number, self._whole(self.number, b"")

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self.longest:
            self._begun.clear()
        elif piece:
            self._begun.append(piece)

    def _whole(self, number: int, end: bytes) -> bytes:
        """The line that `end` completes; where that is too long, it is noted and nothing comes back."""
        self._size += len(end)
        if self._size > self.longest:
            self.overlong.add(number)
            line = b""
        else:
            line = b"".join((*self._begun, end)) if self._begun else end
        self._begun, self._size = [], 0
        return line
