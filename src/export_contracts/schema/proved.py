"""Takes blocks of rows of which one regular expression proves all that is claimed, and makes no objects of them.

The expression is made of the schema, of how rows were seen to be written, and of the claims. A row is replaced by one
mark for each member, or for members that always came together, and by what tells it apart from others: all that is left
to do is to count marks. Judges nothing, and matches nothing loosely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pcre2

from export_contracts.schema.claims import Claims
from export_contracts.schema.expressions import COLON, TAIL, key, member
from export_contracts.schema.seen import Seen
from export_contracts.schema.spelling import Speller
from export_contracts.schema.structs import Types

MARK: Final = "\x01"
OTHER: Final = "\x02"
"""Marks in what is written of rows; no JSON text holds them."""
_NAME: Final = r'(?="(?<name{}>[^"\\]++)"|""|null)'
"""A name that is written as it is; what matches the value itself comes behind."""
_HELD: Final = rf"{COLON}(?|(?=\[(?<mark{{0}}>[{{{{\]]))|(?=(?<mark{{0}}>n)))"
_THERE: Final = r"(?<mark{}>:) ?+"
_MISSING: Final = r'(?=(?<mark{}>["}}]))'
"""What sets the mark of a member: by whether its list holds anything, or by whether it comes."""


@dataclass(frozen=True)
class Proof:
    """Rows of a block that are valid and keep all claims.

    `present` says how many rows have a member, `counts` in how many rows the list at a place counts. `names` are the
    names of rows in UTF-8: empty where a row has none, and behind `OTHER` where it is not the first of those asked for.
    """

    rows: int
    present: Mapping[str, int]
    counts: Mapping[str, int]
    names: Sequence[bytes]


class Proved:
    """Rows of `types`' schema that are written as `seen` and of which the `claims` hold."""

    def __init__(self, types: Types, seen: Seen, claims: Claims) -> None:
        speller = Speller(types.schemas, seen, types.stricter, claims=claims.entries, steady=True)
        self._claims = claims
        self._runs: list[tuple[str, ...]] = []
        members = list(speller.members(types.schema, ""))
        line = "".join(self._line(members, seen))
        found = pcre2.compile(rf"\G\{{{line}\}}\r?+\n{speller.definitions()}".encode(), jit=True)
        self._names = tuple(name for name, _, _ in members)
        self._filled = {at: f"/{run[0]}" for at, run in enumerate(self._runs) if self._counts(run[0])}
        self._shown = [
            (place, found.groupindex[claim.shown])
            for place, claim in claims.entries.items()
            if claim.shown in found.groupindex
        ]
        self._replace = found.subn
        self._template = self._written(found.groupindex)

    def take(self, block: bytes) -> Proof | None:
        """What is proved of `block`, whole lines each with its line feed; None where it is not certain of all."""
        try:
            written, rows = self._replace(self._template, block)
        except pcre2.LibraryError:  # out of the matcher's own stack
            return None
        parts = written.split(_CUT)
        # What is not matched stands behind as it was.
        if parts.pop() or len(parts) != 2 * rows:
            return None
        return self._proof(rows, b"".join(parts[::2]), parts[1::2])

    def _proof(self, rows: int, marks: bytes, names: Sequence[bytes]) -> Proof:
        present = dict.fromkeys(self._names, rows)
        counts = {}
        width = len(self._runs) + len(self._shown)
        for at, run in enumerate(self._runs):
            column = marks[at::width]
            there = column.count(b":")
            if not there and (filled := self._filled.get(at)):
                counts[filled] = column.count(b"{")
                there = rows - column.count(b'"') - column.count(b"}")
            for name in run:
                present[name] = there
        for at, (place, _) in enumerate(self._shown, len(self._runs)):
            counts[place] = marks[at::width].count(b"1")
        return Proof(rows, present, counts, names)

    def _counts(self, name: str) -> bool:
        """Whether the list that is this member counts where it has an entry."""
        claim = self._claims.entries.get(f"/{name}")
        return claim is not None and claim.shown is None

    def _line(self, members: Sequence[tuple[str, str, bool]], seen: Seen) -> Iterator[str]:
        """Expressions of a row's members in order; notes those that need a mark, run by run."""
        run: list[str] = []
        before = 0
        for name, value, required in members:
            came = seen.came.get(name, 0)
            if came != before or not came or self._counts(name):
                yield self._run(run)
                run = []
            before = 0 if self._counts(name) else came
            one = (_NAME.format(self._claims.names.index(name)) if name in self._claims.names else "") + value
            if required and not self._counts(name):
                yield member(name, one, required=True)
                before = 0
            elif (written := key(name)) is not None:
                if not run:
                    self._runs.append(())
                    mark = (_HELD if self._counts(name) else _THERE).format(len(self._runs) - 1)
                    run.append(f"{written}{mark}{one}{TAIL}")
                else:
                    run.append(member(name, one, required=True))
                self._runs[-1] += (name,)
        yield self._run(run)

    def _run(self, members: Sequence[str]) -> str:
        if not members:
            return ""
        return f"(?>(?|{''.join(members)}|{_MISSING.format(len(self._runs) - 1)}))"

    def _written(self, group: Mapping[str, int]) -> bytes:
        """What a row is replaced by: marks and its name."""
        name = ""
        for at in reversed(range(len(self._claims.names))):
            if f"name{at}" in group:
                own = f"${{{group[f'name{at}']}}}"
                name = f"{own[:-1]}:+{OTHER if at else ''}{own}:{name}}}"
        marks = "".join(f"${group[f'mark{at}']}" for at in range(len(self._runs)))
        shown = "".join(f"${{{one}:+1:0}}" for _, one in self._shown)
        return f"{marks}{shown}{MARK}{name}{MARK}".encode()


_CUT: Final = MARK.encode()
