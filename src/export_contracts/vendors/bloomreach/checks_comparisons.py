"""Checks that compare two exports of one project: other formats, other ways to say the same thing.

Where the same request sent twice brought different customers, the project changes while it is looked at,
and nothing is compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from export_contracts.checks.registry import check
from export_contracts.checks.talk import Talk
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept
from export_contracts.schema.validation import shorten
from export_contracts.vendors.bloomreach.checks_asks import (
    DOCUMENTED_FORMATS,
    asked,
    distinct_tables,
    existing,
    is_steady,
    listed,
    name_of,
    without,
)
from export_contracts.vendors.bloomreach.checks_cells import (
    Difference,
    cell_of,
    common_labels,
    is_row,
    lost_letters,
    other_cells,
)
from export_contracts.vendors.bloomreach.checks_sheet import Form, Sheet, flat

Pair = tuple[Exchange, Sheet, Exchange, Sheet]


def _pairs(talk: Talk, *free: str) -> Iterator[Pair]:
    """Tables of requests that differ in nothing but the body members `free`; the earlier one first."""
    if not is_steady(talk):
        return
    alike: dict[str, list[tuple[Exchange, Sheet]]] = {}
    for exchange, table in distinct_tables(talk):
        alike.setdefault(without(exchange, *free), []).append((exchange, table))
    for group in alike.values():
        for (early, first), (late, second) in combinations(group, 2):
            if any(asked(early).get(name) != asked(late).get(name) for name in free):
                yield early, first, late, second


@check("same_as_default")
def same_as_default(talk: Talk, *, name: str, value: Json, empty: bool = False) -> Iterator[Evidence]:
    """A request that spells out a default brings the same columns and customers as one that leaves it out.

    `empty`: an object without members says no more than leaving it out.
    """
    spellings = {"None", repr(value), "{}"} if empty else {"None", repr(value)}
    for early, first, late, second in _pairs(talk, name):
        if not {_spelling(early, name), _spelling(late, name)} <= spellings:
            continue
        if sorted(first.header) != sorted(second.header):
            yield Finding(late.at("/response/body"), f"the header {_short(first)}", _short(second))
        elif first.identities != second.identities or not _same_count(first, second):
            yield Finding(late.at("/response/body"), _sized(first), _sized(second))
        else:
            yield Kept(late.at("/response/body"))


def _spelling(exchange: Exchange, name: str) -> str:
    return repr(asked(exchange).get(name))


def _short(table: Sheet) -> str:
    return shorten(", ".join(table.header), 100)


def _sized(table: Sheet) -> str:
    return f"the customers of the same request, {len(table.rows)} rows"


def _same_count(first: Sheet, second: Sheet) -> bool:
    return len(first.rows) == len(second.rows) or not (first.counted and second.counted)


@check("same_customers")
def same_customers(talk: Talk) -> Iterator[Evidence]:
    """Every format of one export holds the same customers."""
    for _, first, late, second in _pairs(talk, "format"):
        yield _told(late, other_customers(first, second))


def _told(late: Exchange, differing: Difference | None) -> Evidence:
    return Kept(late.at("/response/body")) if differing is None else Finding(late.at("/response/body"), *differing)


def other_customers(first: Sheet, second: Sheet) -> Difference | None:
    """Where two tables hold other customers, by number or by `registered` id."""
    known = first.registered, second.registered
    if not _same_count(first, second):
        return f"{len(first.rows)} rows as in another format", str(len(second.rows))
    if None not in known and known[0] != known[1]:
        odd = sorted(((known[0] or known[1]) or {}).keys() ^ (known[1] or {}).keys())
        return "the customers of another format", shorten(f"other than: {odd}", 100)
    return None


@check("same_width")
def same_width(talk: Talk) -> Iterator[Evidence]:
    """Every format of one export has the same number of columns."""
    for _, first, late, second in _pairs(talk, "format"):
        yield _told(late, other_width(first, second))


def other_width(first: Sheet, second: Sheet) -> Difference | None:
    """Where two tables have other numbers of columns."""
    surplus = len(second.header) - len(first.header)
    if surplus == 0 or (surplus < 0 and not second.ordered) or (surplus > 0 and not first.ordered):
        return None
    return f"{len(first.header)} columns: {_short(first)}", _short(second)


@check("same_labels")
def same_labels(talk: Talk) -> Iterator[Evidence]:
    """Both documented formats of one export name the columns alike and in one order."""
    for early, first, late, second in _pairs(talk, "format"):
        documented = all(asked(one).get("format") in DOCUMENTED_FORMATS for one in (early, late))
        comparable = first.ordered and second.ordered and len(first.header) == len(second.header)
        if not documented or not comparable:
            continue
        yield _told(late, other_labels(first, second))


def other_labels(first: Sheet, second: Sheet) -> Difference | None:
    """Where two tables of one width name their columns differently."""
    if [one.strip().casefold() for one in first.header] == [one.strip().casefold() for one in second.header]:
        return None
    return f"columns {_short(first)}", _short(second)


@check("same_cells")
def same_cells(talk: Talk) -> Iterator[Evidence]:
    """Every format of one export says the same text of a customer.

    Only text is compared: how CSV writes lists, numbers, dates and nothing at all is undocumented.
    """
    for _, first, late, second in _pairs(talk, "format"):
        if not (first.sure_text and second.sure_text):
            lost = next(lost_letters(first, second) if first.sure_text else lost_letters(second, first), None)
            if lost is not None:
                yield Finding(late.at("/response/body"), *lost)
            continue
        shared = first.by_registered.keys() & second.by_registered.keys()
        differing = next(other_cells(first, second), None)
        if differing is not None:
            yield Finding(late.at("/response/body"), differing[0], differing[1])
        elif shared:
            yield Kept(late.at("/response/body"))


@check("names_first")
def names_first(talk: Talk) -> Iterator[Evidence]:
    """The first row of CSV is no customer of the same export in another format."""
    for early, first, late, second in _pairs(talk, "format"):
        for exchange, text, other in ((early, first, second), (late, second, first)):
            if text.form is not Form.CSV or other.form is Form.CSV or not other.rows:
                continue
            if any(is_row(text.header, row) for row in other.rows):
                yield Finding(exchange.at("/response/body"), "a row of column names first", _short(text))
            else:
                yield Kept(exchange.at("/response/body"))


@check("same_values")
def same_values(talk: Talk) -> Iterator[Evidence]:
    """An attribute that is listed holds what it holds when everything is exported."""
    known = existing(talk)
    for early, first, late, second in _pairs(talk, "attributes"):
        names = [name_of(item) for item in (listed(early) or listed(late))]
        if not names or not known.issuperset(name for name in names if name is not None):
            continue
        yield from _same_told(first, late, second)


@check("same_when_filtered")
def same_when_filtered(talk: Talk) -> Iterator[Evidence]:
    """A filter says who is exported: of them, the same is told as without it."""
    for early, first, late, second in _pairs(talk, "filter"):
        if asked(early).get("format") in DOCUMENTED_FORMATS:
            yield from _same_told(first, late, second)


def _same_told(first: Sheet, late: Exchange, second: Sheet) -> Iterator[Evidence]:
    """Whether customers that stand in both tables have the same in all columns that both have."""
    compared = [
        (label, one, flat(cell_of(first, one, label)), flat(cell_of(second, one, label)))
        for one in sorted(first.by_registered.keys() & second.by_registered.keys())
        for label in common_labels(first, second)
    ]
    differing = next((one for one in compared if one[2] != one[3]), None)
    if differing is not None:
        label, one, left, right = differing
        yield Finding(late.at("/response/body"), f"{label} {shorten(left, 60)} for {one}", shorten(right, 60))
    elif any(one[2] for one in compared):
        yield Kept(late.at("/response/body"))


@check("same_crowd")
def same_crowd(talk: Talk) -> Iterator[Evidence]:
    """Exports that differ in their attributes only hold the same customers."""
    for early, first, late, second in _pairs(talk, "attributes"):
        known = first.registered, second.registered
        if None in known or asked(early).get("format") not in DOCUMENTED_FORMATS:
            continue
        if known[0] == known[1]:
            yield Kept(late.at("/response/body"))
        else:
            got = f"{len(known[1] or ())} registered ids"
            yield Finding(late.at("/response/body"), f"the {len(known[0] or ())} of the same export", got)
