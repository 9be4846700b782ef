"""Lines of JSON: each line's value and what is wrong with it. Knows no schema and no archive.

Codes: invalid-utf8, bom, lone-surrogate, nan, duplicate-key, not-object, empty-line, not-json, too-deep, too-large, and
no-final-newline on the last line, which many writers leave out and which is for a clause to judge.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from export_contracts.files.cutting import LONGEST
from export_contracts.files.problem import Problem
from export_contracts.model import MISSING, Json

DEPTH: Final = 256
"""Deepest nesting of brackets that is parsed; the interpreter's own stack ends not far beyond."""
LARGE: Final = 256 * 1024
"""Bytes of a line from which on it is looked at how much room its value would take."""
ROOM: Final = 56 * 1024 * 1024
"""Bytes that the value of one line may take; a user with 30,000 events has less."""
A_VALUE: Final = 150
"""Bytes that a value takes at most besides its text, with what is wrong with it; measured."""
FOUR_BYTES: Final = 0xF0
"""UTF-8 has a byte from this one on only in characters of four bytes."""
_TEXT: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
"""A string; possessive, for what could be given back would be remembered, a hundred bytes for each character."""
_NO_BRACKET: Final = bytes(one for one in range(256) if one not in b"[]{}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `number` counts from 1; `value` is MISSING where the line could not be read as JSON."""

    number: int
    value: Json
    problems: tuple[Problem, ...] = ()


def read_ndjson(body: bytes) -> Iterator[Line]:
    """Each line of `body`, split at line feeds only; never raises. A carriage return before one is white space."""
    number = 0
    start = 0
    while start < len(body):
        number += 1
        end = body.find(b"\n", start)
        stop = len(body) if end < 0 else end
        yield read_line(body[start:stop], number, ended=end >= 0)
        start = stop + 1


def read_line(raw: bytes, number: int, *, ended: bool = True) -> Line:
    """Line `number` of a file, given without its line feed; `ended` says whether it had one."""
    problems: list[Problem] = []
    if number == 1 and raw.startswith(codecs.BOM_UTF8):
        raw = raw[len(codecs.BOM_UTF8) :]
        problems.append(Problem("bom", "the file begins with a byte order mark", line=1))
    value = _value(raw, number, problems)
    if not ended:
        problems.append(Problem("no-final-newline", "the last line does not end in a line feed", line=number))
    return Line(number, value, tuple(problems))


def outsized(head: bytes, number: int) -> Problem:
    """What is wrong with a line that is not read because of its size, as far as its first bytes tell."""
    first = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if first == b"{":
        return Problem("too-large", "the line is too large to be read in bounded memory", line=number)
    if first == b"[":
        return Problem("not-object", "the line holds an array, not an object", line=number)
    return Problem("not-json", "the line is too large to be read and does not begin as an object", line=number)


def _room(raw: bytes) -> int:
    """Bytes that reading a line takes at most: its text twice over, as wide as its widest character, and its values."""
    width = 1 if raw.isascii() else 2 if max(raw) < FOUR_BYTES else 4
    return len(raw) * (1 + 2 * width) + A_VALUE * sum(map(raw.count, (b",", b":", b"[", b"{")))


def _value(raw: bytes, number: int, problems: list[Problem]) -> Json:
    def tell(code: str, message: str) -> None:
        problems.append(Problem(code, message, line=number))

    if len(raw) > LARGE and (len(raw) > LONGEST or _room(raw) > ROOM):
        problems.append(outsized(raw[:LARGE], number))
        return MISSING
    if not raw.strip():
        tell("empty-line", "the line is empty")
        return MISSING
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        tell("invalid-utf8", f"byte {error.start} of the line is not UTF-8")
        return MISSING
    if _depth(raw) > DEPTH:
        tell("too-deep", f"the line nests deeper than {DEPTH} levels")
        return MISSING
    value = _parse(text, number, problems)
    if value is not MISSING:
        if not isinstance(value, dict):
            tell("not-object", f"the line holds {_KINDS[type(value)]}, not an object")
        if b"\\u" in raw and not _encodable(value):
            tell("lone-surrogate", "an escape stands for half a character")
    return value


def _parse(text: str, number: int, problems: list[Problem]) -> Json:
    doubled: list[str] = []
    constants: list[str] = []

    def pairs(items: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(items)
        if len(found) != len(items):
            counts = Counter(name for name, _ in items)
            doubled.extend(sorted(name for name, count in counts.items() if count > 1))
        return found

    def constant(name: str) -> float:
        constants.append(name)
        return float(name)

    try:
        value = _loads(text, pairs, constant)
    except ValueError as error:
        problems.append(Problem("not-json", f"the line is not JSON: {error}", line=number))
        return MISSING
    except RecursionError:
        problems.append(Problem("too-deep", "the line nests too deeply", line=number))
        return MISSING
    if constants:
        problems.append(Problem("nan", f"{constants[0]} is no JSON value", line=number))
    problems.extend(Problem("duplicate-key", f"the key {name!r} stands twice", line=number) for name in doubled[:5])
    return value


def _loads(text: str, pairs: Json, constant: Json) -> Json:
    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError:
        raise
    except ValueError:
        # An integer of more digits than Python converts is legal JSON.
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_int=float)


def _depth(raw: bytes) -> int:
    if raw.count(b"[") + raw.count(b"{") <= DEPTH:
        return 0
    deepest = depth = 0
    for mark in _TEXT.sub(b"", raw).translate(None, _NO_BRACKET):
        depth += 1 if mark in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _encodable(value: Json) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


_KINDS: Final = {
    list: "an array",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}
