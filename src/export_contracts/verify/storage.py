"""What every store of delivered files has in common, be it a disk or a bucket. Opens nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final, Protocol

from export_contracts.checks.delivered import Named

UNFINISHED: Final = (".tmp", ".part", ".partial", ".crc", ".swp", ".crdownload")
"""Endings of files that somebody is still writing."""


@dataclass
class Skipped:
    """How many files were left out of a listing, by the reason."""

    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, reason: str) -> None:
        """One more."""
        self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def sentences(self) -> Iterator[str]:
        """One sentence for each reason."""
        for reason, count in sorted(self.reasons.items()):
            yield f"{count} {'file was' if count == 1 else 'files were'} left out: {reason}."


class Place(Protocol):
    """A location; it travels to worker processes."""

    def files(self, skipped: Skipped) -> Iterator[Named]:
        """Every file, ordered by name."""

    def open(self, named: Named) -> BinaryIO:
        """A file that can seek. Raises OSError or one of our errors where it cannot be had."""
