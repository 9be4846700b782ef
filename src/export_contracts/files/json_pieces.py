"""A JSON document of any size in pieces: elements of arrays and members of objects near its top, one after another.

Down to the second level objects are taken apart and arrays told element by element; what lies deeper comes whole.
Codes: not-json, truncated, duplicate-key, too-long, and those of `streams`. After not-json, truncated and too-long
nothing follows. Whether a piece itself is JSON is for `value_of` to tell; nothing is judged here.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from export_contracts.files.ndjson import read_line
from export_contracts.files.problem import Problem
from export_contracts.files.quick import as_many_keys
from export_contracts.model import MISSING, Json

LONGEST: Final = 16 * 1024 * 1024
"""Bytes of one piece; more are not held."""
DEPTH: Final = 2
STEP: Final = 256 * 1024
TRIES: Final = 4
_BETWEEN: Final = (b"],[", b"], [", b"],\n")
_SPACE: Final = re.compile(rb"[ \t\r\n]*")
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_MARK: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}"]', re.DOTALL)
_SCALAR: Final = re.compile(rb"[^,\]}\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the document: `path` are the names that lead to it, `index` its place where it is in an array.

    An array begins with a piece of its own, without index, whose `raw` is a bracket. `values` holds as many elements
    as were read at one go, without any complaint, from `index` on; `raw` is then empty.
    """

    path: tuple[str, ...]
    index: int | None
    raw: bytes
    values: Sequence[Json] = ()


class _Broken(Exception):
    """The document cannot be read on."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(code, message)


def read_pieces(parts: Iterable[bytes | Problem]) -> Iterator[Piece | Problem]:
    """Every piece in order, and what is wrong. Never raises because of what the bytes are."""
    feed = _Feed(parts)
    try:
        yield from _value(feed, (), 0)
        if feed.peek():
            yield Problem("not-json", f"more follows the document at byte {feed.place}")
    except _Broken as error:
        yield error.problem
    yield from feed.problems


def value_of(raw: bytes, problems: list[Problem]) -> Json:
    """The value of a piece; MISSING where it is not JSON, which is then told."""
    try:
        value = orjson.loads(raw)
        if b"{" not in raw:
            return value
        again = orjson.dumps(value)
        if again == raw or as_many_keys(raw, again):
            return value
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        pass
    line = read_line(raw, 1)
    problems += [one for one in line.problems if one.code not in {"not-object", "bom"}]
    return MISSING if line.value is MISSING else line.value


def _value(feed: _Feed, path: tuple[str, ...], index: int | None) -> Iterator[Piece | Problem]:
    mark = feed.peek()
    if mark == b"{" and len(path) < DEPTH:
        yield from _members(feed, path)
    elif mark == b"[" and len(path) <= DEPTH:
        yield Piece(path, None, b"[")
        yield from _elements(feed, path)
    else:
        yield Piece(path, index if path else None, feed.take())


def _members(feed: _Feed, path: tuple[str, ...]) -> Iterator[Piece | Problem]:
    feed.eat(b"{")
    names: set[str] = set()
    if feed.peek() == b"}":
        feed.eat(b"}")
        return
    while True:
        if feed.peek() != b'"':
            raise feed.broken("a name in quotes")
        name = _name(feed)
        if name in names:
            yield Problem("duplicate-key", f"the key {name!r} stands twice")
        names.add(name)
        feed.eat(b":")
        yield from _value(feed, (*path, name), None)
        if not feed.goes_on(b"}"):
            return


def _name(feed: _Feed) -> str:
    raw = feed.take()
    try:
        return str(json.loads(raw))
    except ValueError as error:
        raise _Broken("not-json", f"a name is no JSON string: {error}") from None


def _elements(feed: _Feed, path: tuple[str, ...]) -> Iterator[Piece]:
    feed.eat(b"[")
    if feed.peek() == b"]":
        feed.eat(b"]")
        return
    index = 0
    while True:
        values = feed.take_many()
        if values:
            yield Piece(path, index, b"", values)
            index += len(values)
        yield Piece(path, index, feed.take())
        index += 1
        if not feed.goes_on(b"]"):
            return


class _Feed:
    """The bytes still to be read. What was taken is forgotten."""

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
            raise _Broken("too-long", f"a value is longer than {LONGEST} bytes and was not read")
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

    def broken(self, wanted: str) -> _Broken:
        """What to raise where something else stands."""
        got = self._held[self._at : self._at + 20]
        if not got:
            return _Broken("truncated", f"the document ends at byte {self.place}, where {wanted} should be")
        return _Broken("not-json", f"at byte {self.place}, {wanted} should be where {got!r} stands")

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

    def _unfinished(self, mark: bytes) -> _Broken:
        kind = {b'"': "a string", b"{": "an object", b"[": "an array"}.get(mark, "a value")
        return _Broken("truncated", f"the document ends within {kind} that begins at byte {self.place}")

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
            elif mark in {b"]", b"}"}:
                depth -= 1
                if not depth:
                    return found.end()
            elif mark == b'"':
                return None
        return None
