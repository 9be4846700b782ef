"""Puts together what a saved page pulled apart: name, type and need on lines of their own become rows again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from export_contracts.drift import vocabulary
from export_contracts.drift.blocks import Block
from export_contracts.drift.rows import FEWEST_WORDS

Row = tuple[str, str, str, str]
"""Name, type, need and description; blank where the page is silent."""
FEWEST: Final = 2
"""Parameters that have to follow one another before lines count as a table; one will do that also has a need."""
LINES: Final = 6
"""Lines on one parameter at most; what follows is about something else."""
_REMARK: Final = re.compile(r"(?:Defaults? to|Allowed|Length|Enum|Example)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"`?[a-z][a-z0-9_]*`?")
_NAME: Final = re.compile(r"`?([a-z_][\w.-]{1,60})`?\*?")


def joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, with runs of `name`, `type`, `need` (and a description) as tables."""
    position = 0
    while position < len(blocks):
        end, rows = _run(blocks, position)
        if len(rows) >= FEWEST or (rows and rows[0][2]):
            yield Block("table", blocks[position].line, rows=(("", "", "", ""), *rows))
        elif len(words := _words(blocks, position)) >= FEWEST_WORDS:
            end = position + len(words)
            yield Block("list", blocks[position].line, rows=tuple((one,) for one in words))
        else:
            end = position + 1
            yield blocks[position]
        position = max(end, position + 1)


def _words(blocks: Sequence[Block], start: int) -> list[str]:
    """Lines from here on that are one word of small letters each: a list that lost its marks."""
    found: list[str] = []
    for one in blocks[start:]:
        if one.kind != "prose" or not _WORD.fullmatch(one.text.strip()):
            break
        found.append(one.text.strip().strip("`"))
    return found


def _run(blocks: Sequence[Block], start: int) -> tuple[int, list[Row]]:
    rows: list[Row] = []
    position = start
    while (found := _parameter(blocks, position)) is not None:
        position, row = found
        rows.append(row)
    if any(need for _, _, need, _ in rows):  # such pages mark what is required, and nothing else
        rows = [(name, kind, need or "optional", about) for name, kind, need, about in rows]
    return position, rows


def _parameter(blocks: Sequence[Block], at: int) -> tuple[int, Row] | None:
    """(position behind it, row) of one parameter that starts here, with the lines on it until the next one."""
    if not _starts(blocks, at):
        return None
    about: list[str] = []
    need = ""
    end = at + 2
    while end < len(blocks) and len(about) < LINES and _is_about(blocks[end]) and not _starts(blocks, end):
        text = blocks[end].text.strip()
        if not need and vocabulary.need(text):
            need = text
        else:
            about.append(text)
        end += 1
    return end, (blocks[at].text.strip(), blocks[at + 1].text.strip(), need, " ".join(about))


def _is_about(block: Block) -> bool:
    return block.kind == "prose" or (block.kind == "heading" and _REMARK.match(block.text.strip()) is not None)


def _starts(blocks: Sequence[Block], at: int) -> bool:
    """Whether a name and its type stand here; a name may be a word for a type, and a need is no name."""
    said = [one.text.strip() if one.kind in {"prose", "heading"} else "" for one in blocks[at : at + 2]]
    if len(said) < 2 or _NAME.fullmatch(said[0]) is None or vocabulary.need(said[0]):
        return False
    return vocabulary.is_type(said[1]) and said[1][:1].islower() and not said[1].endswith(".")
