"""The rows of a saved body as they go by: how wide they are, and whose. What they are beneath is told by the body."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from export_contracts.model import MISSING, Evidence, Finding, Json, Kept, Where
from export_contracts.vendors.bloomreach.checks_sheet import plain
from export_contracts.vendors.bloomreach.delivered_bodies import Body

TOLD: Final = 50


def registered(row: Json, place: int | None) -> str:
    """The `registered` id of a row, where its column is known."""
    return plain(row[place]) if place is not None and isinstance(row, list) and place < len(row) else ""


@dataclass
class Rows:
    """The rows of a body as they go by: how wide they are, and whose."""

    body: Body
    spill: Callable[[int], None]
    count: int = 0
    uneven: int = 0
    found: list[Finding] = field(default_factory=list)

    def read(self) -> None:
        """All of them."""
        sheet = self.body.sheet
        if sheet is None:
            return
        place, name = sheet.column("registered"), self.body.named.name.encode()
        for first, rows, lines in self.body.rows():
            self.count += len(rows)
            self._measure(first, rows, lines, len(sheet.header))
            for row in rows if place is not None else ():
                who = registered(row, place)
                key = blake2b(name + b"\0" + who.encode("utf-8", "surrogatepass"), digest_size=8).digest()
                self.spill((int.from_bytes(key) or 1) if who else 0)

    def _measure(self, first: int, rows: Sequence[Json], lines: Sequence[int] | None, width: int) -> None:
        if {row.__class__ for row in rows} == {list} and {*map(len, rows)} == {width}:
            return
        for number, row in enumerate(rows):
            if row is MISSING or (isinstance(row, list) and len(row) == width):
                continue  # What is no JSON has been told of the document.
            self.uneven += 1
            if len(self.found) < TOLD:
                got = f"{len(row)} cells" if isinstance(row, list) else "a row that is no array"
                self.found.append(Finding(self._at(first, number, lines), f"{width} cells, as in the header", got))

    def _at(self, first: int, number: int, lines: Sequence[int] | None) -> Where:
        name = self.body.named.name
        if lines is not None:
            return Where(file=name, line=lines[number])
        return Where(file=name, pointer=f"/{'/'.join(self.body.rows_path)}/{first + number}")

    def evidence(self) -> Iterator[Evidence]:
        """Whether each row is as wide as the header."""
        yield from self.found
        if self.count and not self.uneven:
            yield Kept(Where(file=self.body.named.name), reading=self.body.form.value)
