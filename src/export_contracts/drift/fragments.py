"""Puts together what a saved page pulled apart: name, type and need on lines of their own become rows again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from export_contracts.drift import vocabulary
from export_contracts.drift.blocks import Block
from export_contracts.drift.rows import FEWEST_WORDS

FEWEST: Final = 2
"""Parameters that have to follow one another before lines count as a table; one will do that also has a need."""
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


def _run(blocks: Sequence[Block], start: int) -> tuple[int, list[tuple[str, ...]]]:
    rows: list[tuple[str, ...]] = []
    position = start
    while (found := _parameter(blocks, position)) is not None:
        position, row = found
        rows.append(row)
    return position, rows


def _parameter(blocks: Sequence[Block], at: int) -> tuple[int, tuple[str, ...]] | None:
    """(position behind it, row) of one parameter that starts here."""
    said = [one.text.strip() if one.kind in {"prose", "heading"} else "" for one in blocks[at : at + 4]]
    said += [""] * (4 - len(said))
    name = _NAME.fullmatch(said[0])
    if name is None or not vocabulary.is_type(said[1]) or vocabulary.is_type(said[0]):
        return None
    need = vocabulary.need(said[2])
    position = at + 3 if need else at + 2
    about = blocks[position] if position < len(blocks) else None
    if about is None or about.kind != "prose" or _NAME.fullmatch(about.text.strip()):
        return position, (said[0], said[1], said[2] if need else "", "")
    return position + 1, (said[0], said[1], said[2] if need else "", about.text)
