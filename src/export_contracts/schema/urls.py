"""URLs inside an answer, for links whose place the documents do not tell. Finds them; follows none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin

from export_contracts.model import MISSING, Json
from export_contracts.schema.pointer import join, resolve, tokens

ANY: Final = "/*"
"""A pointer that ends so addresses each URL at or below the value before it."""

_URL: Final = re.compile(r"(?:https?://[^\s<>\"{}/]|/)[^\s<>\"{}]*", re.IGNORECASE)
_RELATIVE: Final = re.compile(r"(?![A-Za-z][A-Za-z0-9+.-]*:)[^\s<>\"{}/]+/[^\s<>\"{}]+")
"""No scheme stands before it: with one that is not HTTP's it is no URL to be called."""
_NAMED: Final = re.compile(r"ur[li]|href|link|location|poll|download", re.IGNORECASE)


def urls_at(view: Json, pointer: str, base: str) -> Iterator[tuple[str, str]]:
    """Each (pointer, absolute URL) that `pointer` addresses in an exchange; `base` resolves relative ones."""
    if not pointer.endswith(ANY):
        value = resolve(view, pointer)
        if isinstance(value, str) and value:
            yield pointer, _absolute(base, value)
        return
    place = pointer[: -len(ANY)]
    value = resolve(view, place)
    for where, text in _texts(value, place) if value is not MISSING else ():
        if looks_like_url(where, text):
            yield where, _absolute(base, text.strip())


def looks_like_url(pointer: str, text: str) -> bool:
    """Whether a text is a URL by its form, or a relative one by the name of its member."""
    stripped = text.strip()
    if _URL.fullmatch(stripped):
        return True
    name = (tokens(pointer) or ("",))[-1]
    return bool(_NAMED.search(name)) and bool(_RELATIVE.fullmatch(stripped))


def _texts(value: Json, place: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif depth < 10 and isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(one, join(place, name), depth + 1)
    elif depth < 10 and isinstance(value, list):
        for number, one in enumerate(value):
            yield from _texts(one, join(place, number), depth + 1)


def _absolute(base: str, text: str) -> str:
    try:
        return urljoin(base, text)
    except ValueError:
        return text
