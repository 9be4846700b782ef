"""How the cells of two tables compare, whatever their forms write alike. Reads no answer, judges nothing."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from export_contracts.model import Json
from export_contracts.schema.validation import shorten
from export_contracts.vendors.bloomreach.checks_sheet import Sheet, plain

Difference = tuple[str, str]
"""What was expected, and what stands there."""
ESCAPED: Final = re.compile(r"\\[nrt]")
"""Line ends and tabs as some write them in CSV."""
YES_OR_NO: Final = frozenset({"true", "false", "yes", "no"})


def other_cells(first: Sheet, second: Sheet) -> Iterator[Difference]:
    """Texts of customers that stand in both tables and differ."""
    shared = first.by_registered.keys() & second.by_registered.keys()
    labels = common_labels(first, second)
    for one in sorted(shared):
        for label in labels:
            left, right = cell_of(first, one, label), cell_of(second, one, label)
            if _differ(left, right):
                yield f"{label} {shorten(left, 60)} for {one}", shorten(right, 60)


def common_labels(first: Sheet, second: Sheet) -> list[str]:
    """The labels that each of two tables gives one column."""
    return [one for one in first.header if first.header.count(one) == second.header.count(one) == 1]


def cell_of(table: Sheet, customer: str, label: str) -> Json:
    """What stands of a customer in the column so labelled; None in a row that is too short."""
    row = table.by_registered[customer]
    place = table.header.index(label)
    return row[place] if place < len(row) else None


def lost_letters(whole: Sheet, other: Sheet) -> Iterator[Difference]:
    """Texts whose letters beyond Latin-1 are question marks in a table of unknown character set, which had no room."""
    for one in sorted(whole.by_registered.keys() & other.by_registered.keys()):
        for label in common_labels(whole, other):
            left, right = cell_of(whole, one, label), cell_of(other, one, label)
            if isinstance(left, str) and left != right and left.encode("latin-1", "replace").decode("latin-1") == right:
                yield f"{label} {shorten(left, 60)} for {one}", shorten(right, 60)


def _differ(left: Json, right: Json) -> bool:
    """Whether two texts are two, or a number's text is another number's: how CSV rounds numbers is undocumented."""
    if isinstance(left, str) and isinstance(right, str):
        return _loose(left) != _loose(right)
    if bool in {type(left), type(right)} or str not in {type(left), type(right)}:
        return False
    one, other = _number(left), _number(right)
    return one is not None and other is not None and not math.isclose(one, other, rel_tol=0.01, abs_tol=0.5)


def _number(value: Json) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _loose(text: str) -> str:
    """A text as it compares: but for spaces, backslashes, a quote before a formula, and the case of yes and no."""
    number = _number(text)
    if number is not None:
        return f"{number:.9g}"
    spaced = ESCAPED.sub(" ", unicodedata.normalize("NFC", plain(text)))
    bare = " ".join(spaced.replace("\\", "").lstrip("'").split())
    return bare.casefold() if bare.casefold() in YES_OR_NO else bare


def is_row(cells: Sequence[str], row: Sequence[Json]) -> bool:
    """Whether cells that should be names are the cells of a row."""
    texts = [(cell, value) for cell, value in zip(cells, row, strict=False) if isinstance(value, str) and value.strip()]
    return bool(texts) and all(_loose(cell) == _loose(value) for cell, value in texts)
