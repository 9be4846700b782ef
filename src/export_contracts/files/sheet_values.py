"""Cells of a sheet as text, by their type and style. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Protocol

from export_contracts.files.xml_events import Broken

EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's moments have no zone
SINCE_1904: Final = 1462
"""Days between the two calendars."""
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})[0-9]{1,7}")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Texts(Protocol):
    """Shared texts by number."""

    def __getitem__(self, number: int) -> str: ...


@lru_cache(maxsize=4096)
def letters_of(text: str) -> int:
    """The column, counted from 0, of letters such as `AB`."""
    column = 0
    for letter in text.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def column_of(reference: str) -> int:
    """The column, counted from 0, of a reference such as `AB12`."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise Broken("damaged", f"{reference[:40]!r} is no cell's name")
    return letters_of(found.group(1))


def value_of(text: str, kind: str, since_1904: bool | None, strings: Texts) -> str:
    """The cell's text. `since_1904` is None where its style shows no moment."""
    if kind == "s":
        return _unescaped(strings[_whole(text)])
    if kind in {"inlineStr", "str"}:
        return _unescaped(text)
    if kind == "b":
        return "true" if text.strip() in {"1", "true"} else "false"
    if kind != "n":
        return text
    try:
        number = float(text)
    except ValueError:
        raise Broken("damaged", f"{text[:40]!r} is no number") from None
    if since_1904 is not None:
        return _moment(number + SINCE_1904 * since_1904) or text
    return str(int(number)) if number.is_integer() else str(number)


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Broken("damaged", f"{text[:40]!r} is no number of a shared text") from None


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold are written `_x000D_`."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def _moment(days: float) -> str | None:
    try:
        moment = EPOCH + timedelta(milliseconds=round(days * 86_400_000))
    except OverflowError:
        return None
    if 0 <= days < 1:
        return moment.time().isoformat()
    return moment.date().isoformat() if moment.time() == datetime.min.time() else moment.isoformat()
