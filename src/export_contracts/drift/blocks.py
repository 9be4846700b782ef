"""The parts of a page, whatever it was written in: headings, tables, code, lists, prose. Understands none of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """One part of a page; `line` counts from 1 where it is known, 0 where not.

    kind: `heading` (text), `table` (rows, the first is the head), `code` (text), `list` (rows of one cell),
    `prose` (text).
    Cells keep their marks for code as backticks.
    """

    kind: str
    line: int
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
