"""Plain text saved from a reference page to blocks: tables flattened to pipes, or lost; code without a fence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from export_contracts.drift.blocks import Block

LONGEST_ROW = 12
"""Lines that one flattened row may take."""
LONGEST_CELL = 6
"""Lines that a cell may take in a table with tabs."""
_RULE = re.compile(r"^\s*\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*(\|\s*)*$")
_NAME_AND_TEXT = re.compile(r"`?[A-Za-z_$][\w$.\[\]-]*`?\s*\|"), re.compile(r"\S+\s+\S+\s+\S")
"""A row of two lines, as saved text has them: the name with its bar, then some words on it with theirs."""
_BULLET = re.compile(r"^\s*[•◦▪‣]\s+")
"""What a browser puts before the items of a list that is copied from it."""
_OPENS = re.compile(r'^\s*(?:[{\[]\s*$|"[\w$.-]+"\s*:\s*[{\["(]|curl\b)')


def blocks(text: str) -> Iterator[Block]:
    """The parts of a page saved as text, in order."""
    lines = _close_set(text.replace("\r\n", "\n").split("\n"))
    position = 0
    while position < len(lines):
        line = lines[position]
        if _tabbed(lines, position):
            end, rows = _columns(lines, position)
            yield Block("table", position + 1, rows=tuple(rows))
        elif _BULLET.match(line):
            ends = (n for n in range(position, len(lines)) if lines[n].strip() and not _BULLET.match(lines[n]))
            end = next(ends, len(lines))
            items = [_BULLET.sub("", one) for one in lines[position:end] if one.strip()]
            yield Block("list", position + 1, rows=tuple((one,) for one in items))
        elif "|" in line and position + 1 < len(lines) and _RULE.match(lines[position + 1]):
            end, rows = _table(lines, position)
            yield Block("table", position + 1, rows=tuple(rows))
        elif _OPENS.match(line):
            end = _code(lines, position)
            yield Block("code", position + 1, "\n".join(lines[position:end]))
        elif _is_heading(lines, position):
            end = position + 1
            yield Block("heading", position + 1, line.strip())
        else:
            end = position + 1
            if line.strip():
                yield Block("prose", position + 1, line)
        position = end


def _close_set(lines: list[str]) -> list[str]:
    """The lines without the blank one that stands below each, where a page is set so."""
    written = [one for one in lines if one.strip()]
    blank = len(lines) - len(written)
    doubled = sum(1 for one, below in pairwise(lines) if one.strip() and not below.strip())
    return written if doubled * 10 > len(written) * 9 and blank * 10 > len(written) * 9 else lines


def _tabbed(lines: Sequence[str], position: int) -> bool:
    """Whether a table begins here as one copies it from a browser: cells with tabs between them, below one another."""
    below = _next_row(lines, position + 1)
    return "\t" in lines[position].strip() and below < len(lines) and "\t" in lines[below].strip()


def _next_row(lines: Sequence[str], position: int) -> int:
    """Where a row would stand: here, or below a blank line or two."""
    return next((n for n in range(position, min(position + 3, len(lines))) if lines[n].strip(" ")), len(lines))


def _columns(lines: Sequence[str], start: int) -> tuple[int, list[tuple[str, ...]]]:
    """Rows with as many cells as the head has; a cell of several lines goes on below, up to the tab behind it."""
    width = len(lines[start].strip().split("\t"))
    rows: list[tuple[str, ...]] = []
    position = start
    while (at := _next_row(lines, position)) < len(lines) and "\t" in lines[at].strip(" "):
        row, position = lines[at].strip(" "), at + 1
        for below in range(position, min(position + LONGEST_CELL, len(lines))):
            whole = " ".join((row, *(one.strip(" ") for one in lines[position : below + 1])))
            if "\t" in lines[below] and row.count("\t") < whole.count("\t") == width - 1:
                row, position = whole, below + 1
                break
            if "\t" in lines[below]:
                break
        rows.append(tuple(one.strip() for one in row.split("\t")))
    return position, rows


def _table(lines: Sequence[str], start: int) -> tuple[int, list[tuple[str, ...]]]:
    columns = max(1, lines[start + 1].count("---"))
    head = [cell.strip() for cell in lines[start].strip().strip("|").split("|")]
    rows = [tuple(head)]
    position = start + 2
    while position < len(lines) and "|" in lines[position] and not _starts_table(lines, position):
        end, cells = _row(lines, position, columns)
        if end == position:
            break
        rows.append(cells)
        position = end
    return position, rows


def _starts_table(lines: Sequence[str], position: int) -> bool:
    return position + 1 < len(lines) and bool(_RULE.match(lines[position + 1])) and not _RULE.match(lines[position])


def _row(lines: Sequence[str], start: int, columns: int) -> tuple[int, tuple[str, ...]]:
    """A row ends when it has as many bars as the head has columns; a row that does not is no row."""
    text = lines[start].strip()
    lead = text.startswith("|") and columns > 1
    position = start + 1
    if columns == len(_NAME_AND_TEXT) and text.endswith("|") and _bars(text) == 1 and _is_lost(lines, start):
        return position, ("", text.rstrip("| "))
    while not _complete(text, columns + lead, lines[position].strip() if position < len(lines) else ""):
        if position >= len(lines) or position - start > LONGEST_ROW:
            return start, ()
        text += f" {lines[position].strip()}"
        position += 1
    body = text[1:] if lead else text
    return position, tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", body.removesuffix("|")))


def _is_lost(lines: Sequence[str], position: int) -> bool:
    """Whether a line closes a row whose name is not there: the text of one, and the name of the next row below it."""
    name, text = _NAME_AND_TEXT
    below = lines[position + 1].strip() if position + 1 < len(lines) else ""
    return (
        not name.fullmatch(lines[position].strip())
        and bool(text.match(lines[position].strip()))
        and bool(name.fullmatch(below))
    )


def _complete(text: str, bars: int, following: str) -> bool:
    """All bars are there; or the last cell is blank and lost its bar; or the page closes rows without one."""
    found = _bars(text)
    if text.endswith("|"):
        return found >= bars or (bars > 2 and found == bars - 1 and not following.startswith("|"))
    return found >= bars - 1 > 0 and text.startswith("|") and (following.startswith("|") or not following)


def _bars(text: str) -> int:
    return len(re.findall(r"(?<!\\)\|", text))


def _code(lines: Sequence[str], start: int) -> int:
    depth, position = 0, start
    while position < len(lines):
        bare = re.sub(r'(?<!\\)"[^"\\]*+(?:\\.[^"\\]*+)*+"', '""', lines[position])
        depth += sum(bare.count(one) for one in "{[") - sum(bare.count(one) for one in "}]")
        position += 1
        following = lines[position].strip() if position < len(lines) else ""
        if depth <= 0 and not re.match(r'["{}\[\]-]', following):
            return position
    cut = all(re.match(r'\s*(?:["{}\[\]]|$)', one) for one in lines[start:])  # the page ends within it
    return start + 1 if depth > 0 and not cut else position


def _is_heading(lines: Sequence[str], position: int) -> bool:
    line = lines[position].strip()
    if not 2 < len(line) <= 70 or "|" in line or line[-1] in ".,;:":
        return False
    return len(line.split()) <= 9 and line[0].isupper()
