"""The shapes in which one known secret may be written: quoted for a URL, escaped in JSON, inside base64.

Pure string work; what takes a secret's place is for `redaction` to say.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

SHORTEST: Final = 4
"""Characters of the shortest secret that is looked for in running text; shorter ones would hit innocent words."""
SHORTEST_SPELLED: Final = 12
"""Letters and digits of the shortest secret that is found however it is spelled."""
LONGEST: Final = 4096
"""Characters of the longest secret that is looked for in other places than its own; tokens have some hundreds."""
ELLIPSES: Final = ("…", "...")
SHORTEST_CORE: Final = 7
"""Characters of base64 that are telling enough to be looked for."""
SHORTEST_START: Final = 6
"""Characters of a secret that a shortened text, ending in an ellipsis, must not show."""


def literal_forms(secret: str) -> Iterator[str]:
    """The secret as it stands, backwards, in hexadecimal, in a URL, in JSON, in a Python literal."""
    for value in (secret, secret[::-1]):
        quoted = _quoted(value, "")
        yield from (value, quoted, _lower_percent(quoted), _quoted(value, " ").replace(" ", "+"))
        yield _quoted(value, "/:@!$&'()*+,;=~")
        escaped = json.dumps(value)[1:-1]
        yield from (escaped, escaped.replace("/", "\\/"), json.dumps(value, ensure_ascii=False)[1:-1])
        yield from (repr(value)[1:-1], value.encode("unicode_escape").decode())
        hexadecimal = value.encode("utf-8", "surrogatepass").hex()
        yield from (hexadecimal, hexadecimal.upper())


def _quoted(value: str, safe: str) -> str:
    return quote(value, safe=safe, errors="surrogatepass")


def _lower_percent(quoted: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), quoted)


def base64_cores(secret: str) -> Iterator[str]:
    """The characters that base64 of any text containing the secret must show, at each of three alignments."""
    raw = secret.encode("utf-8", "surrogatepass")
    for offset in range(3):
        usable = (offset + len(raw)) // 3 * 3 - offset
        packed = base64.b64encode(b"\0" * offset + raw[:usable]).decode()
        core = packed[4:] if offset else packed
        if len(core) >= SHORTEST_CORE:
            yield core
            yield core.translate(str.maketrans("+/", "-_"))


def cut_short(secret: str, text: str) -> Iterator[str]:
    """Beginnings of the secret that the text shows with an ellipsis after them."""
    at = text.find(secret[:SHORTEST_START])
    while at >= 0:
        size = _alike(secret, text, at)
        for end in range(size, max(size - 3, SHORTEST_START - 1), -1):  # a dot may be the secret's or the ellipsis'
            for mark in ELLIPSES:
                if end < len(secret) and text.startswith(mark, at + end):
                    yield secret[:end] + mark
        at = text.find(secret[:SHORTEST_START], at + max(size - SHORTEST_START, 1))


def _alike(secret: str, text: str, at: int) -> int:
    """How many characters of the secret stand at that place of the text."""
    least, most = SHORTEST_START, len(secret)
    while least < most:
        half = (least + most + 1) // 2
        if text.startswith(secret[:half], at):
            least = half
        else:
            most = half - 1
    return least


def squeezed(text: str) -> str:
    """Letters and digits of the text, in lower case, escapes of any kind undone: what stands however it is spelled."""
    return _JUNK.sub("", _ESCAPE.sub(_plain, text)).lower()


def _plain(found: re.Match[str]) -> str:
    code = int(found["decimal"]) if found["decimal"] else int(found["hex"] or found["entity"], 16)
    return chr(code) if code < sys.maxunicode else ""


def spelled(secret: str) -> re.Pattern[str]:
    """Finds the secret's letters and digits, each plain or escaped, with a few other characters between them."""
    letters = _JUNK.sub("", secret)
    return re.compile(_BETWEEN.join(_either(one) for one in letters), re.IGNORECASE)


def _either(letter: str) -> str:
    code = ord(letter)
    other = ord(letter.swapcase()) if len(letter.swapcase()) == 1 else code
    codes = "|".join(f"{one:02x}" for one in sorted({code, other}))
    numbers = "|".join(str(one) for one in sorted({code, other}))
    entity = rf"&#(?:x0{{0,4}}(?:{codes})|0{{0,4}}(?:{numbers}));"
    return rf"(?:{re.escape(letter)}|(?:%|\\{{1,8}}x|\\{{1,8}}u00)(?:{codes})|{entity})"


_ESCAPE: Final = re.compile(
    r"(?:%|\\{1,8}x|\\{1,8}u00)(?P<hex>[0-9a-f]{2})|&#(?:x(?P<entity>[0-9a-f]{1,6})|(?P<decimal>[0-9]{1,7}));",
    re.IGNORECASE,
)
_JUNK: Final = re.compile(r"[\W_]+")
_BETWEEN: Final = (
    r"(?:(?:%|\\{1,8}x|\\{1,8}u00)(?:[0189][0-9a-f]|2[0-9a-f]|3[a-f]|40|5[b-f]|60|7[b-f])"
    r"|&#(?:x0{0,4}2[0-9a-f]|0{0,4}(?:3[2-9]|4[0-7]));|[\W_]){0,6}?"
)
"""What may stand between two letters of a secret that was taken apart."""
