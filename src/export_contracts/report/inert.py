"""Strings that come from a target, made harmless to look at. The one place where this is done for every renderer.

Escape sequences, line breaks, right-to-left marks, invisible characters and lone surrogates become visible
escapes. What a format itself reserves (XML's angle brackets, Markdown's pipes) is that renderer's business.
"""

from __future__ import annotations

import unicodedata

LONGEST = 600
"""Characters of one such string that a person is shown; results.json holds the rest."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def inert(text: object, longest: int = LONGEST) -> str:
    """`text` on one line, every character of it visible, at most about `longest` characters long."""
    whole = str(text)
    shown = "".join(_visible(one) for one in whole[:longest])
    return shown if len(whole) <= longest else f"{shown}… ({len(whole) - longest} more characters)"


def _visible(character: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    if unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
