"""A table as it stood in an answer, and how its cells and labels compare. Reads no answer, judges nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from export_contracts.model import Json

QUALIFIERS: Final = (":", ".", "/", ">", "]")
NOTHING: Final = frozenset({"null", "none"})


class Form(Enum):
    """What an answer's body looks like."""

    CSV = "text, as CSV is"
    HEADER_ROWS = "header and rows"
    FIELDS_DATA = "fields and data"
    OBJECTS = "objects"
    MATRIX = "rows alone"
    OTHER = "other"
    FAILURE = "failure"
    EMPTY = "empty"


@dataclass(frozen=True)
class Sheet:
    """A table read from one answer. `kinds` holds the columns' types where the form tells them.

    `counted` is False where blank lines leave the number of rows open, `sure_text` where the text's
    character set had to be guessed, `ordered` where columns are members of objects, which have no order and may be
    left out where nothing is in them.
    """

    form: Form
    header: tuple[str, ...]
    kinds: tuple[str | None, ...]
    rows: tuple[tuple[Json, ...], ...]
    counted: bool = True
    sure_text: bool = True
    ordered: bool = True

    def column(self, name: str) -> int | None:
        """Index of the one column labelled with an attribute's name, exactly or after a qualifier."""
        wanted = name.casefold()
        labels = [label.strip().casefold() for label in self.header]
        for fits in (lambda label: label == wanted, lambda label: _ends_with(label, wanted)):
            found = [place for place, label in enumerate(labels) if fits(label)]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    @cached_property
    def registered(self) -> Counter[str] | None:
        """How often each non-empty `registered` id stands in the table; None where no column has it."""
        place = self.column("registered")
        if place is None:
            return None
        ids = (plain(row[place]) for row in self.rows if place < len(row))
        return Counter(one for one in ids if one)

    @cached_property
    def by_registered(self) -> dict[str, tuple[Json, ...]]:
        """The rows of customers whose `registered` id stands in the table once."""
        place, known = self.column("registered"), self.registered
        if place is None or known is None:
            return {}
        full = ((plain(row[place]), row) for row in self.rows if place < len(row))
        return {one: row for one, row in full if one and known[one] == 1}

    @cached_property
    def identities(self) -> Counter[str]:
        """Each customer by `registered`, else by cookies; customers with neither are left out."""
        places = {name: self.column(name) for name in ("registered", "cookie")}
        if set(places.values()) == {None}:
            return Counter(repr([flat(cell) for cell in row]) for row in self.rows)
        return Counter(one for one in (_identity(row, places) for row in self.rows) if one)


def _ends_with(label: str, name: str) -> bool:
    """`id: registered` and `ids.registered` name the identifier; `is registered` and `not_registered` do not."""
    qualifier = label.removesuffix(name).rstrip()
    return label.endswith(name) and qualifier.endswith(QUALIFIERS)


def _identity(row: Sequence[Json], places: Mapping[str, int | None]) -> str | None:
    for name, place in places.items():
        value = flat(row[place]) if place is not None and place < len(row) else ""
        if value:
            return f"{name} {value}"
    return None


def plain(value: Json) -> str:
    """A scalar cell as comparable text; nothing, in any spelling, is the empty string."""
    if isinstance(value, str):
        text = value.strip()
        return "" if text.casefold() in NOTHING else text
    if value is None or isinstance(value, (list, dict)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def flat(value: Json) -> str:
    """Any cell as text that does not depend on the order of a list."""
    if isinstance(value, list):
        return ",".join(sorted(flat(one) for one in value))
    if isinstance(value, dict):
        return ",".join(sorted(f"{name}={flat(one)}" for name, one in value.items()))
    text = plain(value)
    return "" if text in {"[]", "{}"} else text
