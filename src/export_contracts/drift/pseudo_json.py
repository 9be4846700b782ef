"""Reads JSON as people write it into pages: annotations for values, missing commas, ellipses, comments.

`"url" : (optional, string) where it will be,` becomes an entry; real values become a sample. Nothing is judged, and
nothing raises: what cannot be read is skipped and named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from export_contracts.drift import vocabulary
from export_contracts.drift.said import Entry

DEEPEST: Final = 40
_SKIP: Final = re.compile(r"(?:\s|,|//[^\n]*|/\*.*?\*/|\.\.\.|…|<!--.*?-->)+", re.DOTALL)
_KEY: Final = re.compile(r"""(?:["“”']([^"“”'\n]{1,120})["“”']|([A-Za-z_][\w.-]*))\s*[:：]\s*""")
_STRING: Final = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_LITERAL: Final = re.compile(r"(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=\s*[,}\]\n]|\s*$|\s*//)")
_NEXT_KEY: Final = re.compile(r""",\s*["“'][^"“”'\n]+["”']\s*:""")
_QUOTED: Final = re.compile(r"""["“”'`‘]([\w.-]+)["“”'`’]""")
_WORD: Final = re.compile(r"[A-Za-z][\w-]{0,40}")
_STANDS_FOR: Final = re.compile(r"[{<$].*|.*[}>]|[A-Z][A-Z0-9_ -]*|\.{3}|…|")
"""A string in a sample that stands for a value of any type: `{ID}`, `<id>`, `SEGMENT_ID`."""
_ANNOTATION: Final = re.compile(r"[(（<\[]\s*([^)）>\]]*)[)）>\]]")


@dataclass
class _Reader:
    text: str
    position: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)
    annotated: int = 0
    values: int = 0
    skipped: list[str] = field(default_factory=list)


def read(text: str) -> tuple[str, tuple[Entry, ...], tuple[str, ...]] | None:
    """(`template`, `sample` or `excerpt`, entries, what was skipped) of a block; None where it is no JSON at all.

    An excerpt breaks off in the middle.
    """
    start = re.search(r"[{\[]", text)
    if start is None:
        return None
    reader = _Reader(text, start.start())
    member = re.search(r'"[\w$.-]+"\s*:\s*\Z', text[: start.start()])
    if member:  # a member shown without the object around it
        reader.position = member.start()
        _members(reader, "", 0)
    else:
        _value(reader, "", 0)
    if not reader.entries:
        return None
    if reader.annotated and text.rstrip()[-1:] not in {"}", "]"} and reader.position > len(text):
        return "excerpt", tuple(reader.entries.values()), (*reader.skipped, "the block ends in the middle")
    kind = "template" if reader.annotated > reader.values or (reader.annotated and not reader.values) else "sample"
    return kind, tuple(reader.entries.values()), tuple(reader.skipped)


def _skip(reader: _Reader) -> str:
    found = _SKIP.match(reader.text, reader.position)
    if found:
        reader.position = found.end()
    return reader.text[reader.position : reader.position + 1]


def _value(reader: _Reader, at: str, depth: int) -> frozenset[str]:
    char = _skip(reader)
    if depth > DEEPEST:
        reader.position = len(reader.text)
        return frozenset()
    if char == "{":
        reader.position += 1
        _members(reader, at, depth)
        return frozenset({"object"})
    if char == "[":
        reader.position += 1
        _elements(reader, at, depth)
        return frozenset({"array"})
    return _scalar(reader, at)


def _members(reader: _Reader, at: str, depth: int) -> None:
    while (char := _skip(reader)) and char not in "}]":
        key = _KEY.match(reader.text, reader.position)
        if key is None:
            _pass_over(reader)
            continue
        reader.position = key.end()
        name = (key[1] or key[2]).strip()
        path = f"{at}.{name}" if at else name
        reader.entries.setdefault(path, Entry(path))
        kinds = _value(reader, path, depth + 1)
        if kinds and not reader.entries[path].types:
            old = reader.entries[path]
            reader.entries[path] = Entry(path, kinds, old.items, old.need, old.words)
    reader.position += 1


def _elements(reader: _Reader, at: str, depth: int) -> None:
    while (char := _skip(reader)) and char not in "]}":
        before = reader.position
        if char in "{[":
            _value(reader, f"{at}[]" if at else "", depth + 1)
        elif not (found := _STRING.match(reader.text, reader.position)):
            reader.position = min(
                (one for one in (reader.text.find(mark, before) for mark in ",]\n") if one > 0),
                default=len(reader.text),
            )
            reader.position = max(reader.position, before + 1) if reader.text[before] != "]" else before
        else:
            reader.position = found.end()
            reader.values += 1
    reader.position += 1


def _pass_over(reader: _Reader) -> None:
    end = reader.text.find("\n", reader.position)
    end = len(reader.text) if end < 0 else end
    line = reader.text[reader.position : end].strip()
    cut = next((n for n, one in enumerate(line) if one in "{}[]"), None)
    if cut == 0:
        reader.position += 1
    elif cut is not None:
        reader.position += cut
    else:
        if '"' in line or ":" in line:
            reader.skipped.append(line[:80])
        reader.position = end + 1


def _scalar(reader: _Reader, at: str) -> frozenset[str]:
    literal = _LITERAL.match(reader.text, reader.position)
    if literal:
        reader.position = literal.end()
        reader.values += 1
        return frozenset({_kind_of(literal[0])})
    text = _free_text(reader)
    string = _STRING.match(text)
    if string and not re.match(r"\s*[(（<]", string[1]) and not vocabulary.is_type(string[1]):
        reader.values += 1
        if _STANDS_FOR.fullmatch(string[1]):
            return frozenset()
        if at in reader.entries and _WORD.fullmatch(string[1]):
            reader.entries[at] = replace(reader.entries[at], words=reader.entries[at].words | {string[1]})
        return frozenset({"string"})
    _annotate(reader, at, string[1] if string else text)
    return frozenset()


def _kind_of(literal: str) -> str:
    if literal in {"true", "false"}:
        return "boolean"
    if literal == "null":
        return "null"
    return "number" if re.search(r"[.eE]", literal) else "integer"


def _free_text(reader: _Reader) -> str:
    start, depth = reader.position, 0
    text = reader.text
    position, quoted = start, False
    while position < len(text) and text[position] != "\n":
        char = text[position]
        if char == '"' and text[position - 1] != "\\":
            quoted = not quoted
        elif not quoted:
            if char in "([{":
                depth += 1
            elif char in ")]}":
                if depth == 0 and char in "]}":
                    break
                depth -= 1
            elif char == "," and depth <= 0 and _NEXT_KEY.match(text, position):
                break
        position += 1
    reader.position = position
    return text[start:position].strip().rstrip(",").strip()


def _annotate(reader: _Reader, at: str, text: str) -> None:
    found = _ANNOTATION.match(text)
    inner = found[1] if found else text
    said = [part for part in re.split(r"[,、，;]", inner) if part.strip()]
    need = next((one for one in map(vocabulary.need, said) if one), None)
    about = ", ".join(part for part in said if vocabulary.need(part) is None)
    kinds, items = vocabulary.types(about) if found or vocabulary.is_type(inner) else (frozenset(), frozenset())
    rest = text[found.end() :] if found else ""
    words = frozenset(_QUOTED.findall(rest)) if "|" in rest else frozenset()
    if kinds or need:
        reader.annotated += 1
    elif text:
        reader.skipped.append(f"{at}: {text[:60]}")
    old = reader.entries.get(at, Entry(at))  # of an earlier element of the same list
    reader.entries[at] = Entry(at, kinds | old.types, items | old.items, need or old.need, words | old.words)
