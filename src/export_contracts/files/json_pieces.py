"""A JSON document of any size in pieces: elements of arrays and members of objects near its top, one after another.

Down to the second level objects are taken apart and arrays told element by element; what lies deeper comes whole.
Codes: duplicate-key; not-json, truncated, too-long and too-deep, after which nothing follows; and those of `streams`.
Whether a piece itself is JSON is for `value_of` to tell; nothing is judged here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from export_contracts.files.json_feed import Broken, Feed
from export_contracts.files.ndjson import read_line
from export_contracts.files.problem import Problem
from export_contracts.files.quick import as_many_keys
from export_contracts.model import MISSING, Json

DEPTH: Final = 2
MOST_NAMES: Final = 50_000
"""Names of one object that are remembered; of those beyond none is known to stand twice."""


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


def read_pieces(parts: Iterable[bytes | Problem]) -> Iterator[Piece | Problem]:
    """Every piece in order, and what is wrong. Never raises because of what the bytes are."""
    feed = Feed(parts)
    try:
        yield from _value(feed, (), 0)
        if feed.peek():
            yield Problem("not-json", f"more follows the document at byte {feed.place}")
    except Broken as error:
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


def _value(feed: Feed, path: tuple[str, ...], index: int | None) -> Iterator[Piece | Problem]:
    mark = feed.peek()
    if mark == b"{" and len(path) < DEPTH:
        yield from _members(feed, path)
    elif mark == b"[" and len(path) <= DEPTH:
        yield Piece(path, None, b"[")
        yield from _elements(feed, path)
    else:
        yield Piece(path, index if path else None, feed.take())


def _members(feed: Feed, path: tuple[str, ...]) -> Iterator[Piece | Problem]:
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
        if len(names) < MOST_NAMES:
            names.add(name)
        feed.eat(b":")
        yield from _value(feed, (*path, name), None)
        if not feed.goes_on(b"}"):
            return


def _name(feed: Feed) -> str:
    raw = feed.take()
    try:
        return str(json.loads(raw))
    except ValueError as error:
        raise Broken("not-json", f"a name is no JSON string: {error}") from None


def _elements(feed: Feed, path: tuple[str, ...]) -> Iterator[Piece]:
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
