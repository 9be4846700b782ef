"""The fast way through a sheet's rows: takes only what is written as plainly as usual programs write it.

A row it does not take, and all that follows, is left to the XML parser. A test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from export_contracts.files.sheet_values import letters_of

OPENING: Final = b"<sheetData>"
END_OF_ROW: Final = "</row>"
END_OF_ROWS: Final = "</sheetData"
FARTHEST: Final = 256 * 1024
"""Bytes before the rows at most."""
LONGEST: Final = 1024 * 1024
"""Characters of a row that is taken."""
_PROLOG: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>\s*)?<worksheet[\s>]")
_UTF8: Final = re.compile(rb"encoding=[\"']utf-8[\"']", re.IGNORECASE)
_CONTROL: Final = bytes((*range(9), 11, 12, *range(14, 32), 13))
"""Bytes that XML does not have, and the one that it reads as another."""
_ROW: Final = re.compile(r'\s*<row r="([0-9]{1,7})"(?: [A-Za-z:0-9]+="[^"<>&]*")*(/?)>')
_CELL: Final = re.compile(
    r'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]{1,5})")?(?: t="(inlineStr|s|n|b|str|d|e)")?'
    r"(?:/>|>(?:<v>([^<>]*)</v>|<v ?/>|<is><t(?: xml:space=\"preserve\")?>([^<>]*)</t></is>)</c>)"
)
_ENTITY: Final = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));|&")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

Value = Callable[[str, str, int], str]
"""A cell's text by what stands in it, its type, and its style."""


def prolog(head: bytes) -> bytes | None:
    """All before the first row, where it is of the usual kind; None where the parser should read everything."""
    end = head.find(OPENING)
    before = head[: end + len(OPENING)]
    if end < 0 or _PROLOG.match(head) is None or b"<!" in before:
        return None
    return before if b"encoding=" not in before[:200] or _UTF8.search(before[:200]) else None


def is_plain(part: bytes) -> bool:
    """Whether nothing in these bytes is such as XML reads otherwise than it stands there."""
    return (
        len(part.translate(None, _CONTROL)) == len(part)
        and b"]]>" not in part
        and b"\xef\xbf\xbe" not in part
        and b"\xef\xbf\xbf" not in part
    )


def quick_rows(held: str, value: Value, at: int = 0) -> Iterator[tuple[int, list[str], int]]:
    """(line, cells, where the next row begins) for each whole row from `at` on; ends at the first it does not take."""
    while True:
        head = _ROW.match(held, at)
        if head is None:
            return
        line, empty = head.groups()
        at = head.end()
        if empty:
            yield int(line), [], at
            continue
        end = held.find(END_OF_ROW, at)
        if end < 0 or end - at > LONGEST:
            return
        row = _cells(held, at, end, line, value)
        if row is None:
            return
        at = end + len(END_OF_ROW)
        yield int(line), row, at


def _cells(held: str, at: int, end: int, line: str, value: Value) -> list[str] | None:
    row: list[str] = []
    try:
        for match in _CELL.finditer(held, at, end):
            letters, number, style, kind, text, inline = match.groups()
            if match.start() != at or number != line:
                return None
            at = match.end()
            text = text or inline
            if not text:
                continue
            if "&" in text:
                text = _ENTITY.sub(_spelt, text)
            place = letters_of(letters)
            missing = place - len(row)
            if missing > 0:
                row += [""] * missing
            told = value(text, kind or "n", int(style) if style else 0)
            if missing < 0:
                row[place] = told
            else:
                row.append(told)
    except ValueError:
        return None
    return row if at == end else None


def _spelt(found: re.Match[str]) -> str:
    """The character that a reference stands for; ValueError where XML has none such."""
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal or "", 16)
    if not (code in {9, 10, 13} or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF):
        raise ValueError
    return chr(code)
