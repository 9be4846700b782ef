"""Which operation a section of a page is about, told by the paths that it prints on their own. Knows no contract."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from export_contracts.drift.blocks import Block
from export_contracts.drift.said import Operation

WORDS: Final = 8
"""A sentence of more words mentions an operation; it does not begin its section."""
_METHOD: Final = r"(GET|POST|PUT|PATCH|DELETE)"
_HOST: Final = r"(?:https?://[^/\s`'\"]+|\{\{?\w+\}?\})?"
_PATH: Final = r"(/[\w{}.:-]+(?:/[\w{}.:-]+)*)"
_PRINTED: Final = re.compile(rf"\b{_METHOD}\b[\s`*:_]+{_HOST}{_PATH}")
_LOWER: Final = re.compile(rf"{_METHOD}[\s:]+{_HOST}{_PATH}", re.IGNORECASE)
_LINE: Final = re.compile(rf"^[ \t]*(?:\d+\s+)?{_METHOD}\s+{_HOST}{_PATH}", re.MULTILINE)
_LONE: Final = re.compile(rf"{_HOST}(/[\w{{}}.:-]+(?:/[\w{{}}.:-]+)+)/?(?:\?\S*)?")
_CURL: Final = re.compile(rf"\bcurl\b.*?(?:https?://[^/\s`'\"]+){_PATH}", re.DOTALL)
_FORCED: Final = re.compile(rf"(?:-X|--request)\s+['\"]?{_METHOD}")
_SENDS: Final = re.compile(r"\s(?:-d|--data(?:-\w+)?|--json)\b")
_QUERY: Final = re.compile(rf"(?:{_METHOD}\s+|https?://)[^\s?`]*\?([^\s`'\"]+)")
_PAIR: Final = re.compile(r"(?:^|&)([A-Za-z][\w.-]*)=(?:\{+(\w+)\}+)?")


@dataclass(frozen=True)
class Section:
    """The operation that the text at hand is about, and a method printed on its own just before."""

    operation: Operation | None = None
    method: str = ""


def after(section: Section, block: Block) -> Section:
    """The section once this block is read."""
    if block.kind == "code":
        found = _in_code(block.text)
        return replace(section, operation=found or section.operation, method="")
    if block.kind not in {"heading", "prose"}:
        return replace(section, method="")
    plain = re.sub(r"<[^<>]+>|[`*]", " ", block.text).strip()
    if re.fullmatch(_METHOD, plain, re.IGNORECASE):
        return replace(section, method=plain.upper())
    return Section(_in_text(section, plain) or section.operation)


def _in_code(text: str) -> Operation | None:
    line = _LINE.search(text)
    if line:
        return line[1], line[2]
    called = _CURL.search(text)
    if called is None:
        return None
    forced = _FORCED.search(text)
    return (forced[1] if forced else "POST" if _SENDS.search(text) else "GET"), called[1]


def _in_text(section: Section, plain: str) -> Operation | None:
    if len(plain.split()) > WORDS:
        return None
    found = _PRINTED.search(plain) or _LOWER.fullmatch(plain)
    if found:
        return found[1].upper(), found[2]
    lone = _LONE.fullmatch(plain)
    if lone is None:
        return None
    same = section.operation is not None and section.operation[1].rstrip("/") == lone[1].rstrip("/")
    return None if same and not section.method else (section.method, lone[1])


def query(text: str) -> dict[str, str]:
    """Names of the query of printed paths, each with the placeholder that stands for its value, or nothing."""
    return {name: stands for found in _QUERY.finditer(text) for name, stands in _PAIR.findall(found[2])}
