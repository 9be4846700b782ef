"""The shapes in which one known secret may be written: quoted for a URL, escaped in JSON, inside base64.

Pure string work; what takes a secret's place is for `redaction` to say.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, quote_plus

SHORTEST: Final = 4
"""Characters of the shortest secret that is looked for in running text; shorter ones would hit innocent words."""
SHORTEST_CORE: Final = 7
"""Characters of base64 that are telling enough to be looked for."""
SHORTEST_START: Final = 6
"""Characters of a secret that a shortened text, ending in an ellipsis, must not show."""


def literal_forms(secret: str) -> Iterator[str]:
    """The secret as it stands, backwards, in a URL, in JSON, in a Python literal."""
    for value in (secret, secret[::-1]):
        quoted = quote(value, safe="")
        yield from (value, quoted, _lower_percent(quoted), quote_plus(value), quote(value, safe="/:@!$&'()*+,;=~"))
        escaped = json.dumps(value)[1:-1]
        yield from (escaped, escaped.replace("/", "\\/"), json.dumps(value, ensure_ascii=False)[1:-1])
        yield from (repr(value)[1:-1], value.encode("unicode_escape").decode())


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


def starts(secret: str) -> Iterator[str]:
    """The longer beginnings of the secret as a shortened text shows them."""
    for end in range(len(secret) - 1, SHORTEST_START - 1, -1):
        yield secret[:end] + "…"
        yield secret[:end] + "..."
