"""What separates the cells of a CSV file, where nobody has said it. Pure."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from typing import Any, Final

DELIMITERS: Final = (",", ";", "\t", "|")
LONGEST_CELL: Final = 4 * 1024 * 1024
"""Characters of one cell; Python's own bound of 131,072 is less than a cell of nested JSON may hold."""


ESCAPES: Final[dict[str, Any]] = {"strict": True, "escapechar": "\\", "doublequote": False}
"""The dialect that writes a quote within quotes with a backslash before it, for `csv.reader`."""


def dialect_of(text: str) -> dict[str, Any]:
    """How the first records write quotes and what separates their cells, for `csv.reader`.

    Quotes stand as RFC 4180 has them, unless no delimiter makes sense of that, and one does where backslashes escape.
    """
    strict: dict[str, Any] = {"strict": True}
    if '\\"' in text and not any(_merit(text, one, strict)[0] for one in DELIMITERS):
        escaped = max(DELIMITERS, key=lambda one: _merit(text, one, ESCAPES))
        if _merit(text, escaped, ESCAPES)[0]:
            return {"delimiter": escaped, **ESCAPES}
    return {"delimiter": sniff(text), **strict}


def sniff(text: str) -> str:
    """The delimiter that cuts the first records into most cells, evenly; a comma where nothing does."""
    return max(DELIMITERS, key=lambda one: _merit(text, one, {"strict": True}))


def _merit(text: str, delimiter: str, quoting: dict[str, Any]) -> tuple[bool, int]:
    widths: list[int] = []
    try:
        widths.extend(len(row) for row in itertools.islice(_records(text, delimiter, quoting), 20) if row)
    except csv.Error as error:
        # Text that breaks off within quotes says as much as the records before; other errors speak against it.
        if not widths or "end of data" not in str(error):
            return False, 0
    return len(set(widths)) == 1 and widths[0] > 1, max(widths, default=0)


def _records(text: str, delimiter: str, quoting: dict[str, Any]) -> Iterator[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, **quoting)
