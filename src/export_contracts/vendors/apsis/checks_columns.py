"""Rules about one table of an export: columns, keys, number of rows. Told of answers and of delivered files alike.

No file is read here. `Locate` turns a line of the table, or None for the table itself, into a place to report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from export_contracts.model import Evidence, Finding, Json, Kept, Where
from export_contracts.vendors.apsis.checks_rows import Cells

Locate = Callable[[int | None], Where]
Asked = Sequence[Sequence[str]]
"""For each attribute and tag that was asked for, the texts by which its column may go, its field_name first."""
SHOWN: Final = 200
MANY: Final = 3
"""Rows from which on one key for all of them is no accident."""


def columns_asked(body: Json) -> list[list[str]]:
    """What the body of an order asks for."""
    if not isinstance(body, dict):
        return []
    lists = [body.get(name) for name in ("attributes", "tags")]
    return [_texts(item) for one in lists if isinstance(one, list) for item in one]


def _texts(item: Json) -> list[str]:
    if isinstance(item, str):
        return [item]
    if not isinstance(item, Mapping):
        return []
    ordered = sorted(item.items(), key=lambda one: one[0] != "field_name")
    return [value for _, value in ordered if isinstance(value, str)]


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def named(header: Sequence[str]) -> str:
    """A header in a report."""
    text = ", ".join(header)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def counted(header: Sequence[str], asked: Asked, at: Locate, besides: int) -> Iterator[Evidence]:
    """There is a column for each that was asked for and `besides` so many, the export key's among them."""
    if not asked:
        return
    if len(header) >= len(asked) + besides:
        yield Kept(at(1))
    else:
        wanted = f"at least {len(asked) + besides} columns for {len(asked)} asked for"
        yield Finding(at(1), wanted, f"{len(header)}: {named(header)}")


def called(header: Sequence[str], asked: Asked, at: Locate) -> Iterator[Evidence]:
    """Each attribute and tag asked for under a name has a column of that name."""
    missing = [item[0] for item in asked if item and not any(_same(one, name) for one in item for name in header)]
    if missing:
        yield Finding(at(1), f"a column {missing[0]}", f"the columns {named(header)}")
    elif any(asked):
        yield Kept(at(1))


def keyed(cells: Cells, asked: Asked | None, key: str | None, at: Locate) -> Iterator[Evidence]:
    """Each row holds an export key; where its column cannot be told, some column has to be filled throughout.

    `asked` is None where nobody knows what was asked for; `key` is the name that the owner says the column has.
    """
    if not cells.rows:
        return
    places = _key_places(cells, asked, key)
    if places is None:
        return
    for line in cells.again_lines:
        yield Finding(at(line), "an export key in each row", "the header once more")
    full = [place for place in places if not cells.blanks[place]]
    if full and not cells.again:
        yield Kept(at(None))
    elif not full:
        nearest = min(places, key=lambda place: cells.blanks[place], default=None)
        if nearest is None:
            yield Finding(at(None), "a column for the export key", f"the columns {named(cells.header)}")
        else:
            for line in cells.blank_lines[nearest]:
                yield Finding(at(line), "an export key in each row", f"none under {named(cells.header)}")


def told_apart(cells: Cells, asked: Asked | None, key: str | None, at: Locate) -> Iterator[Evidence]:
    """Not all rows hold the same in the column of the export key, nor in each that may be it."""
    places = _key_places(cells, asked, key) if cells.rows >= MANY else None
    if not places or cells.again:
        return
    if all(cells.alike[place] and not cells.blanks[place] for place in places):
        yield Finding(at(None), "export keys that tell rows apart", f"the same one in each of {cells.rows} rows")
    else:
        yield Kept(at(None))


def _key_places(cells: Cells, asked: Asked | None, key: str | None) -> list[int] | None:
    """Where the export key may stand; None where it cannot be told."""
    if key is not None:
        return [place for place, name in enumerate(cells.header) if _same(name, key)]
    known = cells.key_column()
    if known is not None:
        return [known]
    if asked is None:
        return None
    texts = [text for item in asked for text in item]
    others = [place for place, name in enumerate(cells.header) if not any(_same(name, one) for one in texts)]
    return others or ([] if asked else list(range(len(cells.header))))
