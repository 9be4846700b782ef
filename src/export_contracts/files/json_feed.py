"""The bytes of a JSON document that are still to be read, and where its values end. Which values they are is not asked.

What was taken is forgotten, so that no more is held than the longest value takes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from typing import Final

import orjson

from export_contracts.files.ndjson import DEPTH as DEEPEST
from export_contracts.files.problem import Problem
from export_contracts.model import Json

LONGEST: Final = 16 * 1024 * 1024
"""Bytes of one piece; more are not held."""
STEP: Final = 256 * 1024
TRIES: Final = 4
_BETWEEN: Final = (b"],[", b"], [", b"],\n")
_SPACE: Final = re.compile(rb"[ \t\r\n]*")
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_MARK: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}"]', re.DOTALL)
_SCALAR: Final = re.compile(rb"[^,\]}\s]+")


class Broken(Exception):
    """The document cannot be read on."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(code, message)


class Feed:
    """The bytes still to be read."""

    def __init__(self, parts: Iterable[bytes | Problem]) -> None:
        self._parts = iter(parts)
        self._held = b""
        self._at = 0
        self._before = 0
        self.problems: list[Problem] = []
        self._more()
        if self._held.startswith(codecs.BOM_UTF8):
            self._at = len(codecs.BOM_UTF8)

    @property
    def place(self) -> int:
        """The byte that is read next."""
        return self._before + self._at

    def _more(self) -> bool:
        """Read on, the more the more is held, so that a long piece is not looked over too often."""
        self._before += self._at
        held = [self._held[self._at :]]
        size = len(held[0])
        if size > LONGEST:
            raise Broken("too-long", f"a value is longer than {LONGEST} bytes and was not read")
        wanted = size + max(STEP, size)
        for part in self._parts:
            if isinstance(part, Problem):
                self.problems.append(part)
                continue
            held.append(part)
            size += len(part)
            if size >= wanted:
                break
        grown = len(held) > 1
        self._held, self._at = b"".join(held), 0
        return grown

    def peek(self) -> bytes:
        """The next byte that is no white space, or nothing at the end."""
        while True:
            found = _SPACE.match(self._held, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._held):
                return self._held[self._at : self._at + 1]
            if not self._more():
                return b""

    def broken(self, wanted: str) -> Broken:
        """What to raise where something else stands."""
        got = self._held[self._at : self._at + 20]
        if not got:
            return Broken("truncated", f"the document ends at byte {self.place}, where {wanted} should be")
        return Broken("not-json", f"at byte {self.place}, {wanted} should be where {got!r} stands")

    def eat(self, mark: bytes) -> None:
        """Go past a mark that has to be there."""
        if self.peek() != mark:
            raise self.broken(mark.decode())
        self._at += 1

    def goes_on(self, end: bytes) -> bool:
        """Go past a comma, or past the end of the array or object."""
        mark = self.peek()
        if mark not in {b",", end}:
            raise self.broken(f"a comma or {end.decode()}")
        self._at += 1
        return mark == b","

    def take(self) -> bytes:
        """The value that begins here, whole."""
        mark = self.peek()
        find = {b'"': self._string, b"{": self._nested, b"[": self._nested}.get(mark, self._scalar)
        while (end := find()) is None:
            if not self._more():
                raise self._unfinished(mark)
        raw = self._held[self._at : end]
        self._at = end
        return raw

    def take_many(self) -> Sequence[Json]:
        """The arrays that begin here and lie whole in what is held, but for the last ones; often none.

        Where a bracket ends what is JSON as a list of values, it ends one of them: less of it would not be balanced.
        Whatever has objects in it is left to be read one by one, for these may hide a key.
        """
        if self.peek() != b"[":
            return ()
        end = len(self._held)
        for _ in range(TRIES):
            end = max(self._held.rfind(one, self._at, end) for one in _BETWEEN)
            if end < 0 or self._held.find(b"{", self._at, end) >= 0:
                return ()
            try:
                values: list[Json] = orjson.loads(b"[" + self._held[self._at : end + 1] + b"]")
            except orjson.JSONDecodeError:
                continue
            self._at = end + 2
            return values
        return ()

    def _unfinished(self, mark: bytes) -> Broken:
        kind = {b'"': "a string", b"{": "an object", b"[": "an array"}.get(mark, "a value")
        return Broken("truncated", f"the document ends within {kind} that begins at byte {self.place}")

    def _string(self) -> int | None:
        found = _STRING.match(self._held, self._at)
        return found.end() if found else None

    def _scalar(self) -> int:
        """Where a number or word ends: nothing but what follows it can tell."""
        found = _SCALAR.match(self._held, self._at)
        while found is not None and found.end() == len(self._held) and self._more():
            found = _SCALAR.match(self._held, self._at)
        if found is None:
            raise self.broken("a value")
        return found.end()

    def _nested(self) -> int | None:
        depth = 0
        for found in _MARK.finditer(self._held, self._at):
            mark = found.group()
            if mark in {b"[", b"{"}:
                depth += 1
                if depth > DEEPEST:
                    raise Broken("too-deep", f"a value nests deeper than {DEEPEST} levels")
            elif mark in {b"]", b"}"}:
                depth -= 1
                if not depth:
                    return found.end()
            elif mark == b'"':
                return None
        return None
