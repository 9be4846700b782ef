"""Checks of columns: which there are, and in what order. How a server labels them is undocumented."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from export_contracts.checks.registry import check
from export_contracts.checks.talk import Talk
from export_contracts.model import Evidence, Exchange, Finding, Kept
from export_contracts.schema.validation import shorten
from export_contracts.vendors.bloomreach.checks_asks import (
    asked,
    distinct_tables,
    existing,
    is_steady,
    listed,
    name_of,
    tables,
    without,
)
from export_contracts.vendors.bloomreach.checks_sheet import Sheet, flat

OWN_LABELS = "labels of its own"
RANKS = {"id": 0, "property": 1}
KINDS = {"id", "property", "segmentation", "aggregate", "expression", "prediction", "consent", "recommendation"}


def _norm(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")


def fits(label: str, name: str) -> bool:
    """Whether a label is an attribute's name, perhaps after a qualifier such as `id:`."""
    ours, theirs = _norm(name), _norm(label)
    return bool(ours) and (theirs == ours or theirs.endswith("_" + ours))


def _listed_among(found: Iterable[tuple[Exchange, Sheet]]) -> Iterator[tuple[Exchange, Sheet, list[str]]]:
    for exchange, table in found:
        names = [name_of(item) for item in listed(exchange)]
        known = [name for name in names if name is not None]
        if known and len(known) == len(names) == len(set(known)):
            yield exchange, table, known


def misplaced(table: Sheet, names: Sequence[str]) -> str | None:
    """A listed name whose column stands elsewhere; the table has as many columns as there are names."""
    labels = [_norm(label) for label in table.header]
    for place, name in enumerate(names):
        if not fits(labels[place], name) and _norm(name) in labels:
            return name
    return None


@check("listed_columns")
def listed_columns(talk: Talk) -> Iterator[Evidence]:
    """Where attributes are listed, each has one column and nothing else has.

    What becomes of a property that may not exist is unspecified, so that a column too few then says nothing.
    """
    known = existing(talk)
    for exchange, table, names in _listed_among(tables(talk)):
        if len(table.header) == len(names):
            yield Kept(exchange.at("/response/body"))
        elif len(table.header) > len(names) or (table.ordered and known.issuperset(names)):
            got = f"{len(table.header)}: {shorten(', '.join(table.header), 100)}"
            yield Finding(exchange.at("/response/body"), f"{len(names)} columns: {', '.join(names)}", got)


@check("listed_order")
def listed_order(talk: Talk) -> Iterator[Evidence]:
    """Listed attributes are columns in the order of the list."""
    known = existing(talk)
    for exchange, table, names in _listed_among(tables(talk)):
        if len(table.header) != len(names) or len(names) < 2 or not (table.ordered and known.issuperset(names)):
            continue
        if misplaced(table, names):
            got = shorten(", ".join(table.header), 100)
            yield Finding(exchange.at("/response/body"), f"columns in the order {', '.join(names)}", got)
        else:
            named = all(fits(label, name) for label, name in zip(table.header, names, strict=True))
            yield Kept(exchange.at("/response/body"), reading=None if named else OWN_LABELS)


@check("reversed_list")
def reversed_list(talk: Talk) -> Iterator[Evidence]:
    """The same list turned round brings the same columns turned round, with what is in them."""
    listing = ((one, table, names) for one, table, names in _listed_among(distinct_tables(talk)) if table.ordered)
    found = [one for one in listing if len(one[1].header) == len(one[2]) > 1]
    earlier: dict[tuple[str, ...], list[tuple[Exchange, Sheet]]] = {}
    for exchange, table, names in found if is_steady(talk) else ():
        rest = without(exchange, "attributes")
        earlier.setdefault((rest, *names), []).append((exchange, table))
        for _, turned in earlier.get((rest, *names[::-1]), []):
            if table.header == turned.header[::-1] and _cells(table) == _cells(turned, turned_round=True):
                yield Kept(exchange.at("/response/body"))
            else:
                got = f"{', '.join(table.header)}, after {', '.join(turned.header)}"
                yield Finding(
                    exchange.at("/response/body"), "the columns of the other list, turned round", shorten(got)
                )


def _cells(table: Sheet, *, turned_round: bool = False) -> Counter[tuple[str, ...]]:
    rows = (tuple(flat(cell) for cell in row) for row in table.rows)
    return Counter(row[::-1] if turned_round else row for row in rows)


@dataclass(frozen=True)
class Learned:
    """An attribute seen to hold something when listed, and the label that its column then had."""

    kind: str
    name: str
    label: str


def _learned(talk: Talk) -> dict[str, list[Learned]]:
    """What lists brought, by the format asked for: a label in one format says nothing of another."""
    found: dict[str, dict[Learned, None]] = {}
    for exchange, table, names in _listed_among(tables(talk)):
        if len(table.header) != len(names) or not table.ordered or misplaced(table, names):
            continue
        same = found.setdefault(_form(exchange), {})
        kinds = [str(item["type"]) for item in listed(exchange)]
        for place, (kind, name) in enumerate(zip(kinds, names, strict=True)):
            if any(flat(row[place]) for row in table.rows if place < len(row)):
                same[Learned(kind, name, table.header[place])] = None
    return {form: list(learned) for form, learned in found.items()}


def _form(exchange: Exchange) -> str:
    return repr(asked(exchange).get("format"))


def _whole_tables(talk: Talk) -> Iterator[tuple[Exchange, Sheet]]:
    for exchange, table in tables(talk):
        if asked(exchange).get("attributes", {"type": "properties_and_ids"}) == {"type": "properties_and_ids"}:
            yield exchange, table


@check("everything")
def everything(talk: Talk) -> Iterator[Evidence]:
    """Where no list narrows it, an export has every column that a list brought with something in it."""
    known = _learned(talk)
    for exchange, table in _whole_tables(talk):
        if not table.rows or not table.ordered:
            continue
        learned = known.get(_form(exchange), [])
        lacking = [one.name for one in learned if one.label not in table.header]
        if lacking:
            got = shorten(", ".join(table.header), 100)
            yield Finding(exchange.at("/response/body"), f"a column for {', '.join(sorted(set(lacking)))}", got)
        elif learned:
            yield Kept(exchange.at("/response/body"))


@check("ids_first")
def ids_first(talk: Talk) -> Iterator[Evidence]:
    """Where no list orders them, identifiers stand first, then properties, then whatever else."""
    known = _learned(talk)
    for exchange, table in _whole_tables(talk):
        ranks = list(_ranks(known.get(_form(exchange), []), table))
        if ranks == sorted(ranks):
            if len(set(ranks)) > 1:
                yield Kept(exchange.at("/response/body"))
        else:
            got = shorten(", ".join(table.header), 120)
            yield Finding(exchange.at("/response/body"), "identifiers before properties, all else last", got)


def documented_ranks(table: Sheet) -> Iterator[int]:
    """The rank of each column where the form tells the kinds of all; of others nobody knows whether they are ids."""
    if all(kind in KINDS for kind in table.kinds):
        yield from (RANKS.get(kind or "", 2) for kind in table.kinds)


def _ranks(known: list[Learned], table: Sheet) -> Iterator[int]:
    ranks = list(documented_ranks(table))
    if ranks or not table.ordered:
        yield from ranks
        return
    learned = {one.label: RANKS[one.kind] for one in known if one.kind in RANKS}
    documented = {"registered": 0, "cookie": 0}
    for label in table.header:
        rank = learned.get(label, documented.get(_norm(label)))
        if rank is not None:
            yield rank
