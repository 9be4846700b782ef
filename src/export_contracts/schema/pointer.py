"""JSON pointers (RFC 6901) over parsed JSON."""

from __future__ import annotations

from functools import lru_cache

from export_contracts.model import MISSING, Json


@lru_cache(maxsize=4096)
def tokens(pointer: str) -> tuple[str, ...]:
    """The unescaped reference tokens of a pointer; the empty pointer has none."""
    if not pointer:
        return ()
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.removeprefix("/").split("/"))


def resolve(value: Json, pointer: str) -> Json:
    """What `pointer` addresses in `value`, or MISSING."""
    for token in tokens(pointer):
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return MISSING
    return value


def join(pointer: str, *parts: str | int) -> str:
    """`pointer` extended by unescaped tokens."""
    return pointer + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
