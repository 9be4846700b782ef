"""How rows and defects lie over the delivered files, in as few stretches as a picture can show. Reads no file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from export_contracts.model import Json
from export_contracts.verify.journal import Entry

MOST: Final = 400
"""Histogram at most; with more files than that, some that follow one another share one."""


@dataclass
class Bin:
    """Files that follow one another: the first one's name, how many, their rows, and breaches by clause."""

    name: str
    files: int = 0
    rows: int = 0
    unread: int = 0
    broken: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Json]:
        """As results documents hold it."""
        return {**vars(self), "broken": dict(self.broken)}


class Histogram:
    """Fills up file by file, in order."""

    def __init__(self, files: int) -> None:
        self._width = -(-files // MOST) or 1
        self._all: list[Bin] = []

    def take(self, name: str, noted: Entry | None) -> None:
        """Add the next file; None for one that could not be read."""
        if not self._all or self._all[-1].files == self._width:
            self._all.append(Bin(name))
        one = self._all[-1]
        one.files += 1
        if noted is None:
            one.unread += 1
            return
        one.rows += noted.rows
        one.unread += not noted.whole
        one.broken.update(
            {clause: sums[1] for clause, sums in noted.tally.items() if isinstance(sums, list) and sums[1]}
        )

    def done(self) -> tuple[Bin, ...]:
        """All of them."""
        return tuple(self._all)
