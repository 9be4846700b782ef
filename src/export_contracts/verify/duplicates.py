"""Finds users that stand more than once, in bounded memory: hashes by partitions on disk, then a look at the rows.

A hash that two rows share makes them candidates; only equal identities, read again from the files, make a double.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, groupby, islice
from operator import eq
from pathlib import Path
from typing import Final

from export_contracts.checks.delivered import Double, Place
from export_contracts.verify.disk_errors import explained
from export_contracts.verify.hash_spill import Spilled

PARTITION: Final = 400_000
"""Hashes looked at together; about 20 MB."""
MOST_BITS: Final = 8
"""Leading bits by which hashes are sorted into partitions at most."""
BUFFER: Final = 4_096
COMPARED: Final = 40_000
"""Rows that are read again at most. Were a whole export delivered twice, all of it would have to be."""
TOLD: Final = 50
HASH: Final = 64
"""Bits of a hash, all of them evenly spread; a hash of 0 says that a row has no identity."""
ORDINALS: Final = 40
"""Bits of a row's number in its file; the bits above hold the file's number."""
OFTEN: Final = 100
"""Files between two words on how far it is."""
LOOKING: Final = "looking for what came twice"
Tell = Callable[[str], None]
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


def find(folder: Path, spilled: Spilled, rows: int, identify: Identify, tell: Tell = lambda _: None) -> Doubles:
    """Doubles among the rows whose hashes were spilled. `identify(file, ordinals)` reads rows again."""
    found = Doubles()
    bits = min(MOST_BITS, (rows // PARTITION).bit_length())
    with explained(folder):
        found.named = _partition(folder, spilled, bits, tell)
        repeated: dict[int, int] = {}
        left = COMPARED
        for value, count in _repeated(folder, bits, tell):
            # Of rows that are too many the first are compared all the same: a breach has to have a place.
            taken = min(count, left) if left > 1 else 0
            if taken:
                repeated[value] = taken
                left -= taken
            found.uncompared += count - max(taken, 1)
        groups = _places(spilled, repeated) if repeated else []
    found.count = found.uncompared
    _compare(groups, identify, found, tell)
    return found


def _partition(folder: Path, spilled: Spilled, bits: int, tell: Tell) -> int:
    """Sort the hashes of all rows by their leading bits into `part-N`; how many rows have an identity."""
    buffers = [array("Q") for _ in range(1 << bits)]
    for number in range(len(buffers)):
        (folder / f"part-{number}").unlink(missing_ok=True)
    named = 0
    for number in range(len(spilled)):
        if number % OFTEN == 0:
            tell(f"{LOOKING}: file {number + 1:,} of {len(spilled):,}")
        for held in spilled.hashes(number):
            ordered = sorted(held)
            at = bisect_right(ordered, 0)
            named += len(ordered) - at
            for part, buffer in enumerate(buffers):
                end = bisect_left(ordered, (part + 1) << (HASH - bits), at)
                buffer.extend(ordered[at:end])
                at = end
                if len(buffer) >= BUFFER:
                    _append(folder, part, buffer)
    for part, buffer in enumerate(buffers):
        _append(folder, part, buffer)
    return named


def _append(folder: Path, part: int, buffer: array[int]) -> None:
    with (folder / f"part-{part}").open("ab") as file:
        file.write(buffer.tobytes())
    del buffer[:]


def _repeated(folder: Path, bits: int, tell: Tell) -> Iterator[tuple[int, int]]:
    """Hashes that more than one row has, each with the number of these rows; their order rests on the rows alone."""
    for part in range(1 << bits):
        tell(f"{LOOKING}: part {part + 1} of {1 << bits}")
        path = folder / f"part-{part}"
        steps = 1 + path.stat().st_size // (8 * 2 * PARTITION)
        first, width = part << (HASH - bits), 1 << (HASH - bits)
        for step in range(steps):
            yield from _between(path, first + width * step // steps, first + width * (step + 1) // steps)


def _between(path: Path, low: int, high: int) -> Iterator[tuple[int, int]]:
    """The repeated hashes of a partition from `low` to below `high`.

    Hashes are spread evenly unless most rows are of one user: then equal ones are counted as they come.
    """
    found: list[int] = []
    more: Counter[int] = Counter()
    most = 3 * PARTITION
    with path.open("rb") as file:
        while part := file.read(64 * 1024):
            held = array("Q")
            held.frombytes(part)
            found.extend(one for one in held if low <= one < high)
            if len(found) > most:
                found.sort()
                more.update(_again(found))
                found = [one for one, _ in groupby(found)]
                most = max(most, 2 * len(found))
    found.sort()
    for value, group in groupby(_again(found)):
        yield value, 1 + sum(1 for _ in group) + more.pop(value, 0)
    yield from ((value, 1 + count) for value, count in sorted(more.items()))


def _again(ordered: list[int]) -> Iterator[int]:
    """Each that equals the one before."""
    return compress(ordered, map(eq, ordered, islice(ordered, 1, None)))


def _places(spilled: Spilled, repeated: Mapping[int, int]) -> list[list[int]]:
    """The places of so many rows that share one of these hashes, group by group, in the order of the files."""
    groups: dict[int, list[int]] = {}
    for number in range(len(spilled)):
        place = number << ORDINALS
        for held in spilled.hashes(number):
            if not repeated.keys().isdisjoint(held):
                for at, one in enumerate(held, place):
                    if one in repeated and len(group := groups.setdefault(one, [])) < repeated[one]:
                        group.append(at)
            place += len(held)
    return list(groups.values())


def _compare(groups: Sequence[list[int]], identify: Identify, found: Doubles, tell: Tell) -> None:
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for group in groups:
        for place in group:
            wanted[place >> ORDINALS].add(place & ((1 << ORDINALS) - 1))
    known: dict[int, Place] = {}
    for count, number in enumerate(sorted(wanted), 1):
        tell(f"reading again what may have come twice: file {count:,} of {len(wanted):,}")
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
