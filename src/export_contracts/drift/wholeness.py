"""Whether a page is all there: what breaks off in the middle says nothing of what stood behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from export_contracts.drift.change import Change
from export_contracts.drift.said import Operation, Publication, Unread

_ENDS: Final = re.compile(r"""[.!?:;|}\])>`*"'”’»…。！？_-]\s*\Z""")
_HEADING_WORDS: Final = 2
"""Words of a last line that may be the name of a link, or a heading."""
_PARTS: Final = re.compile(r'^[ \t]*"(request|method|event|item|info|_postman_id|description)"\s*:', re.MULTILINE)
"""Lines by which a collection is known that cannot be read as one."""
_DEEPEST: Final = 200
"""Blanks before a line, beyond which nobody wrote a text by hand."""

UNCOVERED: Final = "nothing was read as"
"""How it is told that a page has no part on something that the contract has."""


def breaks_off(text: str) -> bool:
    """Whether a page ends within a line, a block of code or a document."""
    lowered = text[-200_000:].lower()
    if re.match(r"\s*<(?:!doctype html|html)\b", text[:200], re.IGNORECASE):
        return "</html>" not in lowered and "</body>" not in lowered
    if len(re.findall(r"^[ \t]*```", text, re.MULTILINE)) % 2:
        return True
    if text.endswith(("\n", "\r")) or _ENDS.search(text[-80:]):
        return False
    last = text.rstrip().rpartition("\n")[2].strip()
    return not (last[:1].isupper() and len(last.split()) <= _HEADING_WORDS)


def without_last_line(text: str) -> str:
    """The text up to the line in which it broke off."""
    return text.rpartition("\n")[0]


def broken_json(text: str) -> bool:
    """Whether a text that no reader of JSON took was to be JSON, or holds a collection that was."""
    start = text.lstrip("\ufeff \t\r\n")[:2]
    if start[:1] in {"{", "["} and start[1:] not in {"%", "#", "{", ":", "!"}:
        return True
    return len(set(_PARTS.findall(text))) > 1


def too_deep(text: str) -> bool:
    """Whether lines are indented as only a machine would, to keep a reader busy."""
    return re.search(rf"^[ \t]{{{_DEEPEST},}}\S", text, re.MULTILINE) is not None


def ends_early(
    page: Publication, found: Iterable[Change], unread: Iterable[Unread], operations: Mapping[str, Operation]
) -> bool:
    """Whether a page was cut at the end of a line: half a table, or half a section, and nothing of what follows it."""
    found, missing = list(found), [one.what for one in unread if UNCOVERED in one.what]
    lost = any(one.kind == "operation-undescribed" for one in found)
    halved = any(one.kind == "gone" and page.last in one.where.split("; ") for one in found)
    if page.last and halved and (lost or missing):
        return True
    last = page.passages[-1][0] if page.passages else None
    name = next((name for name, key in operations.items() if key == last), None)
    return lost and any(f" of {name} (" in one for one in missing)
