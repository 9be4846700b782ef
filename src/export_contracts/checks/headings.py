"""Whether the first row of a table is a heading, or a row like those beneath it. Knows no vendor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_RIGID: Final = (
    ("uuid", re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)),
    ("e-mail address", re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")),
    ("moment", re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?")),
    ("telephone number", re.compile(r"\+\d{7,15}")),
)
_CODE: Final = re.compile(r"(?=.*\d)[A-Za-z0-9._:-]{8,}")
_CLASSES: Final = str.maketrans(
    {**dict.fromkeys("0123456789", "9"), **{chr(code): "a" for code in range(97, 123)}}
    | {chr(code): "A" for code in range(65, 91)}
)


def no_heading(first: Sequence[str], rows: Sequence[Sequence[str]]) -> str | None:
    """Why `first` is no heading but a row like `rows`; None where it may be one.

    It is one of them where each of its cells is of the kind of those beneath it and at least one of these kinds is
    such as no name of a column has.
    """
    telling = None
    for place, head in enumerate(first):
        under = [row[place].strip() for row in rows if len(row) > place and row[place].strip()]
        kind = _kind_of_all(under)
        if kind is None or not head.strip():
            continue
        if not _is_of(kind, head.strip()):
            return None
        if kind != "number" and telling is None:
            telling = f"{head!r}, as {_SAID.get(kind, 'a ' + kind)} stands in each row beneath"
    return telling


_SAID: Final = {"uuid": "a UUID", "e-mail address": "an e-mail address"}


def _kind_of_all(cells: Sequence[str]) -> str | None:
    """The strict kind that all cells have: one of the known ones, number, or a pattern of letters and digits."""
    if len(cells) < 2:
        return None
    for kind, pattern in _RIGID:
        if all(pattern.fullmatch(one) for one in cells):
            return kind
    if all(_is_number(one) for one in cells):
        return "number"
    first = cells[0].translate(_CLASSES)
    alike = len(cells) > 2 and len({*cells}) == len(cells) and _CODE.fullmatch(cells[0]) is not None
    return f"code like {first}" if alike and all(one.translate(_CLASSES) == first for one in cells) else None


def _is_of(kind: str, cell: str) -> bool:
    known = dict(_RIGID).get(kind)
    if known is not None:
        return known.fullmatch(cell) is not None
    return _is_number(cell) if kind == "number" else f"code like {cell.translate(_CLASSES)}" == kind


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
