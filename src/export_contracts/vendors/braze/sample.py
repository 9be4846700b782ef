"""Synthetic deliveries as Braze lays them out, some rows and archives spoilt on purpose. Writes nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from export_contracts.model import Json
from export_contracts.reference.draw import Draw
from export_contracts.reference.population import Population
from export_contracts.reference.striking import Striking
from export_contracts.vendors.braze import reference_files
from export_contracts.vendors.braze.reference_editions import user
from export_contracts.vendors.braze.reference_users import BUILDERS, exported

NOW: Final = 1_790_000_000
PER_FILE: Final = 5_000
KINDS: Final = {
    "schema": "an e-mail address is a number",
    "doubled-member": "a member stands twice in an object",
    "not-json": "a line breaks off",
    "utf8": "a line holds a byte that is not UTF-8",
    "duplicate": "a user comes again at once",
    "truncated": "an archive breaks off",
    "empty-line": "a line is empty",
}
OF_FILES: Final = frozenset({"truncated"})


def files(users: int, seed: int, defects: Sequence[Striking], as_of: str | None) -> Iterator[tuple[str, bytes]]:
    """Each archive as (object key, content), 5,000 users in each, who have the members of the month `as_of`."""
    segment = Draw(f"{seed}/segment").uuid()
    prefix = f"{Draw(f'{seed}/prefix').uuid()}-{NOW}"
    people = Population(seed, users, NOW)
    for number, start in enumerate(range(0, max(users, 1), PER_FILE)):
        name = Draw(f"{seed}/{number}/file").hex(32)
        rows = (user(exported(one, NOW, tuple(BUILDERS)), as_of) for one in people.people(start, start + PER_FILE))
        lines = [line for at, row in enumerate(rows, start) for line in _lines(row, seed, at, defects)]
        body = reference_files.zipped([(f"{name}.json", b"".join(lines))])
        if any(one.kind in OF_FILES and one.strikes(seed, number) for one in defects):
            body = body[:-40]
        yield reference_files.key(segment, NOW, prefix, f"{name}.zip"), body


def _lines(row: dict[str, Json], seed: int, number: int, defects: Sequence[Striking]) -> Iterator[bytes]:
    line = reference_files.line(row).encode() + b"\n"
    for one in defects:
        if one.kind not in OF_FILES and one.strikes(seed, number):
            line = _SPOIL[one.kind](line)
    yield line


_SPOIL: Final[dict[str, Callable[[bytes], bytes]]] = {
    "schema": lambda line: b'{"email":7,' + line[1:].replace(b'"email":', b'"electronic":', 1),
    "doubled-member": lambda line: b'{"kept":1,"kept":2,' + line[1:],
    "not-json": lambda line: line[: len(line) // 2] + b"\n",
    "utf8": lambda line: line.replace(b'":"', b'":"\xff', 1),
    "duplicate": lambda line: line + line,
    "empty-line": lambda line: b"\n" + line,
}
