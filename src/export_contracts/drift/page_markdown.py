"""Markdown as vendors keep it (front matter, Liquid tags, cells over several lines) to blocks, by markdown-it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from export_contracts.drift import page_html
from export_contracts.drift.blocks import Block

_FRONT = re.compile(r"\A---\r?\n.*?\r?\n---\r?\n", re.DOTALL)
_METHOD = re.compile(r"\{%\s*apimethod\s+(\w+)\s*%\}(\s*)(/\S+)")
"""A method in a tag before its path, as Braze writes it."""
_LIQUID = re.compile(r"\{%.*?%\}|\{:[^}\n]*\}", re.DOTALL)
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL | re.IGNORECASE)
_BOLD = re.compile(r"(\*\*|__)[^*_]{2,60}\1")
"""A line in bold that stands alone is a heading in all but name."""
_ESCAPED = re.compile(r"(?<=\w)\\_(?=\w)")
"""As converters from HTML write names, in code too."""
_QUOTE = re.compile(r"&(?:quot|#34);")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")


def blocks(text: str) -> Iterator[Block]:
    """The parts of a Markdown page, in order; line numbers are those of the file."""
    yield from _walk(MarkdownIt("commonmark").enable("table").parse(_plain(text)))


def _plain(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _METHOD.sub(lambda found: f"{found[2]}{found[1].upper()} {found[3]}", text)
    for pattern in (_FRONT, _LIQUID):
        text = pattern.sub(lambda found: "\n" * found[0].count("\n"), text)
    text = _TABLE.sub(lambda found: re.sub(r"\n\s*(?=\n)", "\n<!---->", found[0]), text)
    return _joined(_ESCAPED.sub("_", text))


def _joined(text: str) -> str:
    """Table rows that run over several lines on one line each; blank lines behind the table keep the count of lines."""
    done: list[str] = []
    owed, fenced, in_table = 0, False, False
    for line in text.split("\n"):
        bare = line.strip()
        fenced ^= bare.startswith(("```", "~~~"))
        if in_table and _continues(bare, done[-1]):
            done[-1] += f" {bare}"
            owed += 1
            continue
        if in_table and "|" not in bare:
            done.extend([""] * owed)
            owed, in_table = 0, False
        in_table = in_table or (not fenced and "|" in line and _RULE.match(line) is not None)
        done.append(line)
    return "\n".join(done)


def _continues(line: str, row: str) -> bool:
    return bool(line) and not line.startswith(("|", "#", "```")) and row.startswith("|") and not row.endswith("|")


def _walk(tokens: Sequence[Token]) -> Iterator[Block]:
    position = 0
    while position < len(tokens):
        token = tokens[position]
        line = (token.map or [0])[0] + 1
        if token.type in {"fence", "code_block"}:
            yield Block("code", line, token.content)
        elif token.type == "heading_open":
            yield Block("heading", line, tokens[position + 1].content)
        elif token.type == "table_open":
            end = _end(tokens, position)
            yield Block("table", line, rows=tuple(_rows(tokens[position:end])))
            position = end
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            end = _end(tokens, position)
            inner = tokens[position + 1 : end]
            yield Block("list", line, rows=tuple((one.content,) for one in inner if one.type == "inline"))
            yield from (one for one in _walk([t for t in inner if t.type in {"fence", "code_block"}]))
            position = end
        elif token.type == "html_block" and "<t" in token.content:
            yield from (replace(one, line=line + max(one.line - 1, 0)) for one in page_html.blocks(token.content))
        elif token.type == "inline" and _BOLD.fullmatch(token.content):
            yield Block("heading", line, token.content.strip("*_ "))
        elif token.type == "html_block" or (token.type == "inline" and tokens[position - 1].type != "heading_open"):
            yield Block("prose", line, token.content)
        position += 1


def _end(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for position in range(start, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    return len(tokens) - 1


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    row: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append(_QUOTE.sub('"', token.content))
        elif token.type == "tr_close":
            yield tuple(row)
