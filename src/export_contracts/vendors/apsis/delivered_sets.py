"""Files of one export held against one another, in bounded memory, and against the number that was announced.

A table's digest is a sum of hashes for each of `SLICES` parts of its rows, so that the order of rows and columns does
not count; only rows of slices that differ are read again, to be named.
"""

from __future__ import annotations

import base64
import itertools
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from typing import Final

from export_contracts.checks.delivered import Named
from export_contracts.checks.readers import Marks, among, groups, mark, marks, repeated
from export_contracts.files.row_batches import Batch
from export_contracts.model import Evidence, Finding, Json, Kept, Where
from export_contracts.vendors.apsis.checks_cells import cell, different_columns, name_of
from export_contracts.vendors.apsis.checks_spelling import spelled_apart
from export_contracts.vendors.apsis.delivered_files import export_of, format_by_name

SLICES: Final = 1024
MASK: Final = (1 << 64) - 1
MOST_ROWS: Final = 1_048_575
"""Rows beneath the header of a sheet; what becomes of more is not documented."""
AGAIN: Final = 200_000
"""Rows held at most while differing slices are read again."""
TOLD: Final = 20


@dataclass
class Digest:
    """What a table holds, whatever the order of its rows and columns."""

    order: tuple[int, ...]
    counts: array[int] = field(default_factory=lambda: array("Q", bytes(8 * SLICES)))
    sums: array[int] = field(default_factory=lambda: array("Q", bytes(8 * SLICES)))

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        """More rows."""
        counts, sums = self.counts, self.sums
        for row in rows:
            value = row_hash(row, self.order)
            place = value % SLICES
            counts[place] += 1
            sums[place] = (sums[place] + value) & MASK

    def as_json(self) -> str:
        """Text that compares: the sums with the counts mixed in."""
        return base64.b64encode(self.counts.tobytes() + self.sums.tobytes()).decode()


def column_order(header: Sequence[str]) -> tuple[int, ...]:
    """Places of columns in the order of their names."""
    return tuple(sorted(range(len(header)), key=lambda place: name_of(header[place])))


def row_hash(row: Sequence[str], order: Sequence[int]) -> int:
    """64 bits of a row as it compares."""
    text = "\x1f".join([cell(row[place]) if place < len(row) else "" for place in order])
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


@dataclass(frozen=True)
class Exports:
    """The export each file is of: named alike but for their endings, or a lone CSV file beside a lone workbook.

    `pair` is the export of such two; `several` are hashes of the exports that more than one file is of.
    """

    pair: str | None
    several: Marks

    def of(self, named: Named) -> str:
        """The export that a file is of."""
        return self.pair or export_of(named)

    def of_several(self, named: Named) -> bool:
        """Whether another file is of the same export."""
        return self.pair is not None or among(mark(export_of(named)), self.several)


def exports_of(files: Iterable[Named]) -> Exports:
    """Look over the names."""
    first: list[Named] = []
    found = array("Q")
    for one in files:
        found.append(mark(export_of(one)))
        if len(first) <= 2:
            first.append(one)
    lone = sorted(str(format_by_name(one)) for one in first) == ["csv", "xlsx"]
    return Exports(export_of(first[0]) if lone else None, repeated(found))


@dataclass(frozen=True)
class Kin:
    """A file as its remark tells: its export, format, rows, header, digest where another file is of that export."""

    named: Named
    remark: Mapping[str, Json]

    def at(self, line: int | None = None) -> Where:
        """A line of it."""
        return Where(file=self.named.name, line=line)

    def __getitem__(self, name: str) -> Json:
        return self.remark[name]


class Kindred:
    """All files that have a remark; each time they are gone through they are read from disk again."""

    def __init__(self, remarks: Sequence[tuple[Named, Json]]) -> None:
        self._remarks = remarks

    def __iter__(self) -> Iterator[Kin]:
        return (Kin(*one) for one in self._remarks)

    def __getitem__(self, place: int) -> Kin:
        return Kin(*self._remarks[place])


Rows = Callable[[Named], Iterator[Batch]]


def counted(kin: Kindred, expected: int) -> Iterator[Evidence]:
    """Each export, or all of them together, has as many rows as were announced."""
    several = repeated(marks(one["export"] for one in kin if one["counted"]))
    total, seen = 0, set[int]()
    for one in kin:
        if not one["counted"]:
            continue
        if not one["whole"]:
            return
        export = mark(one["export"])
        total += 0 if export in seen else one["rows"]
        if among(export, several):
            seen.add(export)
    for one in kin:
        if not one["counted"]:
            continue
        if expected in {one["rows"], total}:
            yield Kept(one.at())
        else:
            yield Finding(one.at(), f"{expected} rows", f"{one['rows']} rows")


def compared(kin: Kindred, rows: Rows, *, across: bool) -> Iterator[Evidence]:
    """Each file holds the table of the first of its export: in the same format, or `across` formats."""
    for places in groups(marks(one["export"] for one in kin)):
        group = [one for one in (kin[place] for place in places) if one["whole"] and one["sound"]]
        for place, one in enumerate(group):
            same = [other for other in group[:place] if other["format"] == one["format"]]
            others = [other for other in group[:place] if other["format"] != one["format"]]
            if across and not same and others and not _overfull(others[0], one):
                yield from _differences(others[0], one, rows)
            elif not across and same:
                yield from _differences(same[0], one, rows)


def _overfull(one: Kin, other: Kin) -> bool:
    """Whether a workbook is full and the other has more than that: what is left out then is nobody's promise."""
    counts = sorted((one["rows"], other["rows"]))
    return bool(counts[0] == MOST_ROWS < counts[1])


def _differences(one: Kin, other: Kin, rows: Rows) -> Iterator[Evidence]:
    wanted = f"the table of {one.named.name}"
    column = different_columns(one["header"], other["header"])
    if column is not None:
        yield Finding(other.at(1), wanted, f"the column {column!r} stands in one of them only")
    elif one["digest"] == other["digest"] or _spelled_apart(one, other, rows):
        yield Kept(other.at())
    else:
        found = list(itertools.islice(_differing_rows(one, other, rows), TOLD))
        yield from (Finding(where, wanted, got) for where, got in found)
        if not found:
            yield Finding(other.at(), wanted, f"{other['rows']} rows, where it has {one['rows']}, or other ones")


def _spelled_apart(one: Kin, other: Kin, rows: Rows) -> bool:
    """Whether CSV and XLSX differ only in the spelling of what the workbook types."""

    def again(kin: Kin) -> Iterator[Sequence[str]]:
        return (row for batch in rows(kin.named) for row in batch.rows)

    return one["format"] != other["format"] and spelled_apart(
        one["header"], partial(again, one), other["header"], partial(again, other)
    )


def _differing_rows(one: Kin, other: Kin, rows: Rows) -> Iterator[tuple[Where, str]]:
    """Rows of `other` that `one` lacks, then those it lacks itself, as far as memory allows."""
    slices = _slices(one["digest"], other["digest"])
    most = max(1, AGAIN * SLICES // max(one["rows"], other["rows"], 1))
    some = frozenset(sorted(slices)[:most])
    theirs, ours = _held(one, some, rows), _held(other, some, rows)
    for value in ours:
        for line, shown in ours[value][len(theirs.get(value, ())) :]:
            yield other.at(line), f"a row that it lacks: {shown}"
    for value in theirs:
        for line, shown in theirs[value][len(ours.get(value, ())) :]:
            yield other.at(), f"without the row of line {line} there: {shown}"


def _slices(one: str, other: str) -> frozenset[int]:
    pairs = [array("Q", base64.b64decode(text)) for text in (one, other)]
    return frozenset(place % SLICES for place in range(2 * SLICES) if pairs[0][place] != pairs[1][place])


def _held(kin: Kin, slices: frozenset[int], rows: Rows) -> dict[int, list[tuple[int, str]]]:
    """Lines and texts of the rows in some slices, by their hashes."""
    order = column_order(kin["header"])
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for batch in rows(kin.named):
        for row, line in zip(batch.rows, batch.lines, strict=True):
            value = row_hash(row, order)
            if value % SLICES in slices:
                found[value].append((line, ", ".join(row)[:120]))
    return found
