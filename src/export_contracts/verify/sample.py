"""Writes synthetic exports of any size as a vendor delivers them, with defects where they are wanted. Streams.

Users come from the reference's population: nobody in them exists. The same numbers write the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from export_contracts.catalogue import plugins
from export_contracts.errors import ExportContractsError, UsageError
from export_contracts.reference.draw import Draw

MILLION: Final = 1_000_000


@dataclass(frozen=True)
class Defect:
    """A kind of defect, and how many users or files in a million have it."""

    kind: str
    per_million: int

    def strikes(self, seed: int, number: int) -> bool:
        """Whether it has user or file `number`."""
        return Draw(f"{seed}/{number}/{self.kind}").below(MILLION) < self.per_million


class Sampler(Protocol):
    """A vendor's module `sample`: `KINDS` says which defects it knows, and `files` writes."""

    KINDS: dict[str, str]

    def files(self, users: int, seed: int, defects: Sequence[Defect]) -> Iterator[tuple[str, bytes]]:
        """Each file as (relative path, content)."""


def sampler(slug: str) -> Sampler:
    """The vendor's sampler."""
    try:
        return plugins.module(slug, "sample")
    except ModuleNotFoundError:
        raise UsageError(f"There is no generator of exports for {slug} yet.") from None


def parse(words: Sequence[str], known: dict[str, str]) -> tuple[Defect, ...]:
    """Defects from `kind:rate`, the rate being from 0 to 1."""
    found = []
    for word in words:
        kind, _, rate = word.partition(":")
        if kind not in known:
            raise UsageError(f"There is no defect {kind!r}.", hint=f"Known: {', '.join(sorted(known))}.")
        try:
            share = float(rate)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise UsageError(f"{word!r} has no rate from 0 to 1.", hint=f"Write --defect {kind}:0.001")
        found.append(Defect(kind, round(share * MILLION)))
    return tuple(found)


def write(slug: str, folder: Path, users: int, seed: int, defects: Sequence[Defect]) -> tuple[int, int]:
    """Write the files below `folder`; how many they are, and how many bytes."""
    count = size = 0
    try:
        for name, body in sampler(slug).files(users, seed, defects):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
            count += 1
            size += len(body)
    except OSError as error:
        raise ExportContractsError(f"{folder} cannot be written: {error.strerror or error}.") from None
    return count, size
