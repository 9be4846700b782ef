"""Finds users that stand more than once, in bounded memory: hashes by partitions on disk, then a look at the rows.

A hash that two rows share makes them candidates; only equal identities, read again from the files, make a double.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from export_contracts.checks.delivered import Double, Place
from export_contracts.verify.journal import explained

PARTITION: Final = 200_000
"""Hashes looked at together; about 25 MB."""
MOST_PARTS: Final = 256
COMPARED: Final = 40_000
"""Rows that are read again at most. Were a whole export delivered twice, all of it would have to be."""
TOLD: Final = 50
ORDINALS: Final = 40
"""Bits of a row's number in its file; the bits above hold the file's number."""
Identify = Callable[[int, frozenset[int]], Iterable[tuple[int, Place]]]


@dataclass
class Doubles:
    """`named` rows have an identity; `count` of them repeat a user, of which `told` are the first.

    `uncompared` of the count rest on their hashes alone.
    """

    named: int = 0
    count: int = 0
    uncompared: int = 0
    told: list[Double] = field(default_factory=list)


def find(folder: Path, files: Iterable[int], rows: int, identify: Identify) -> Doubles:
    """Doubles among the rows whose hashes lie in `folder/ids`. `identify(file, ordinals)` reads rows again."""
    found = Doubles()
    parts = min(MOST_PARTS, max(1, 1 << (rows // PARTITION).bit_length() if rows > PARTITION else 1))
    slices = max(1, -(-rows // (parts * PARTITION * 2)))
    with explained(folder):
        for number in range(parts):
            (folder / f"part-{number}").unlink(missing_ok=True)
        found.named = _partition(folder, files, parts)
        candidates: list[list[int]] = []
        held = 0
        for number in range(parts):
            for step in range(slices):
                for group in _repeated(folder / f"part-{number}", parts, slices, step):
                    if held + len(group) <= COMPARED:
                        candidates.append(group)
                        held += len(group)
                    else:
                        found.uncompared += len(group) - 1
    found.count = found.uncompared
    _compare(candidates, identify, found)
    return found


def hashes(path: Path) -> Iterator[array[int]]:
    """The hashes of one file, in parts."""
    with path.open("rb") as file:
        while part := file.read(64 * 1024):
            held = array("Q")
            held.frombytes(part)
            yield held


def _partition(folder: Path, files: Iterable[int], parts: int) -> int:
    """Sort hash and place of every row into `part-N`; how many rows have an identity."""
    buffers = [array("Q") for _ in range(parts)]
    named = 0
    for number in files:
        place = number << ORDINALS
        for held in hashes(folder / "ids" / str(number)):
            for one in held:
                if one:
                    named += 1
                    buffer = buffers[one % parts]
                    buffer.append(one)
                    buffer.append(place)
                    if len(buffer) >= 4096:
                        _append(folder, one % parts, buffer)
                place += 1
    for number, buffer in enumerate(buffers):
        _append(folder, number, buffer)
    return named


def _append(folder: Path, number: int, buffer: array[int]) -> None:
    with (folder / f"part-{number}").open("ab") as file:
        file.write(buffer.tobytes())
    del buffer[:]


def _repeated(path: Path, parts: int, slices: int, step: int) -> Iterator[list[int]]:
    """Places of rows that share a hash, in the order of the files."""
    first: dict[int, int] = {}
    groups: dict[int, list[int]] = {}
    for held in hashes(path):
        for at in range(0, len(held), 2):
            one = held[at]
            if slices > 1 and one // parts % slices != step:
                continue
            if one in first:
                groups.setdefault(one, [first[one]]).append(held[at + 1])
            else:
                first[one] = held[at + 1]
    yield from groups.values()


def _compare(candidates: Iterable[list[int]], identify: Identify, found: Doubles) -> None:
    groups = list(candidates)
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for group in groups:
        for place in group:
            wanted[place >> ORDINALS].add(place & ((1 << ORDINALS) - 1))
    known: dict[int, Place] = {}
    for number in sorted(wanted):
        for ordinal, row in identify(number, frozenset(wanted[number])):
            known[number << ORDINALS | ordinal] = row
    doubles = sorted(one for group in groups for one in _equal(group, known))
    found.count += len(doubles)
    found.told = [Double(known[first], known[again]) for again, first in doubles[:TOLD]]


def _equal(group: list[int], known: Mapping[int, Place]) -> Iterator[tuple[int, int]]:
    """(again, first) for each row whose identity an earlier one of the group has."""
    first: dict[str, int] = {}
    for place in group:
        if place in known:
            identity = known[place].identity
            if identity in first:
                yield place, first[identity]
            else:
                first[identity] = place
