"""Text that is none of a table: pages and error messages that were saved in an export's place. Judges nothing."""

from __future__ import annotations

import codecs
import json
import re
from typing import Final

SMALL: Final = 4096
"""Bytes that are looked at; a message of an error is no longer."""
_MARKUP: Final = re.compile(rb"<(?:!doctype\s|html[\s>]|\?xml\s|error[\s>])", re.IGNORECASE)


def stranger(head: bytes) -> str | None:
    """What a file that should be a table of text is instead, by its first bytes; None where it may be one."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if _MARKUP.match(start):
        return "the file is a page of HTML or XML"
    if start.startswith(b"{") and len(head) < SMALL and _is_object(start):
        return "the file is a JSON object"
    return "the file is neither text nor a workbook" if b"\0" in head[:SMALL] else None


def _is_object(text: bytes) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
