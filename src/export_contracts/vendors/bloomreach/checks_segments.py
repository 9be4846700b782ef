"""Checks of filters: segments lie apart, add up, and hold the customers that the target's owner declared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from export_contracts.checks.registry import check
from export_contracts.checks.talk import Talk
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept
from export_contracts.schema.validation import shorten
from export_contracts.vendors.bloomreach import declared
from export_contracts.vendors.bloomreach.checks_asks import asked, is_steady, tables, without
from export_contracts.vendors.bloomreach.checks_sheet import Sheet
from export_contracts.vendors.bloomreach.declared import REST

ALL: Final = 5
"""So many indexes from 0 on are all there are where nothing comes at the next three."""


@dataclass
class Parts:
    """Exports that differ in their filter only: everybody, and segments of one segmentation by index."""

    everybody: Sheet | None = None
    segments: dict[int, tuple[Exchange, Sheet]] = field(default_factory=dict)


def _segment(exchange: Exchange) -> tuple[str, int] | None:
    wanted = asked(exchange).get("filter")
    if not isinstance(wanted, Mapping) or wanted.get("type") != "segment":
        return None
    segmentation, index = wanted.get("segmentation_id"), wanted.get("segment_index")
    if not isinstance(segmentation, str) or not isinstance(index, int) or isinstance(index, bool):
        return None
    return segmentation, index


def _parts(talk: Talk) -> list[Parts]:
    if not is_steady(talk):
        return []
    found: dict[tuple[str, str], Parts] = {}
    whole: dict[str, Sheet] = {}
    for exchange, table in tables(talk):
        key, segment = without(exchange, "filter"), _segment(exchange)
        if segment is not None:
            found.setdefault((key, segment[0]), Parts()).segments[segment[1]] = exchange, table
        elif asked(exchange).get("filter") is None:
            whole[key] = table
    for (key, _), parts in found.items():
        parts.everybody = whole.get(key)
    return list(found.values())


@check("apart")
def apart(talk: Talk, *, rest: bool) -> Iterator[Evidence]:
    """No customer is in two segments of one segmentation; with `rest`, in -1 and in another."""
    for parts in _parts(talk):
        for (one, (_, first)), (other, (exchange, second)) in combinations(sorted(parts.segments.items()), 2):
            guessed = {one, other} - set(declared.known_indexes(talk.facts))
            if (REST in {one, other}) is not rest or (guessed and _is_none(parts, first, second)):
                continue
            shared = first.identities.keys() & second.identities.keys()
            if shared:
                got = f"{len(shared)} of them in {one} and in {other}"
                yield Finding(exchange.at("/response/body"), f"no customer in {one} and in {other}", got)
            elif first.identities or second.identities:
                yield Kept(exchange.at("/response/body"))


def _is_none(parts: Parts, first: Sheet, second: Sheet) -> bool:
    """Whether one of two may be no segment: what an index out of range brings is unspecified."""
    whole = parts.everybody
    all_of_them = whole is not None and whole.identities in (first.identities, second.identities)
    return first.identities == second.identities or all_of_them


@check("within")
def within(talk: Talk) -> Iterator[Evidence]:
    """A segment holds none but customers of the project."""
    for parts in _parts(talk):
        if parts.everybody is None:
            continue
        for exchange, table in parts.segments.values():
            strangers = table.identities.keys() - parts.everybody.identities.keys()
            if strangers:
                got = f"{len(strangers)} of {len(table.rows)} are not in the export of everybody"
                yield Finding(exchange.at("/response/body"), "customers of the project", got)
            elif table.identities:
                yield Kept(exchange.at("/response/body"))


@check("adds_up")
def adds_up(talk: Talk) -> Iterator[Evidence]:
    """The segments at all indexes, and the rest at -1, are together the customers of the project.

    Where the indexes are not declared, they are those at which something came, if nothing came at the last ones tried.
    """
    for parts in _parts(talk):
        indexes = declared.indexes(talk.facts) or _found(talk, parts)
        if parts.everybody is None or indexes is None or not {REST, *indexes} <= parts.segments.keys():
            continue
        together: Counter[str] = Counter()
        for index in (REST, *indexes):
            together |= parts.segments[index][1].identities
        missing = parts.everybody.identities - together
        at = parts.segments[REST][0].at("/response/body")
        if missing:
            yield Finding(at, "every customer in some segment or in -1", f"{sum(missing.values())} in none")
        else:
            yield Kept(at)


def _found(talk: Talk, parts: Parts) -> list[int] | None:
    """The indexes of a segmentation that was asked for one after the other; None where it may have more."""
    tried = {segment[1] for one in talk.of("exportCustomers") if (segment := _segment(one)) is not None}
    beyond = [parts.segments[one][1].identities for one in parts.segments if one >= ALL]
    if not tried >= set(range(ALL + 3)) or any(beyond):
        return None
    return [one for one in parts.segments if one != REST]


@check("counted")
def counted(talk: Talk) -> Iterator[Evidence]:
    """An export without a filter holds as many customers as the project is declared to have."""
    expected = declared.count(talk.facts.get("expected_customers"))
    for exchange, table in tables(talk):
        narrowed = asked(exchange).get("filter", {"type": "all"}) != {"type": "all"}
        if expected is None or narrowed or "execution_time" in asked(exchange) or not table.counted:
            continue
        if len(table.rows) == expected:
            yield Kept(exchange.at("/response/body"))
        else:
            yield Finding(exchange.at("/response/body"), f"{expected} customers", f"{len(table.rows)} rows")


@check("members")
def members(talk: Talk) -> Iterator[Evidence]:
    """The declared segment, as of now, holds its declared members."""
    wanted = (talk.facts.get("segment_id"), declared.index(talk.facts))
    for exchange, table in tables(talk):
        body = asked(exchange)
        if _segment(exchange) == wanted and not {"execution_time", "timezone"} & body.keys():
            yield from _compared(exchange, table, talk.facts.get("members"))


@check("moments")
def moments(talk: Talk) -> Iterator[Evidence]:
    """A segment as of a declared moment, in a declared time zone, holds the members declared for it."""
    for exchange, table in tables(talk):
        body, segment = asked(exchange), _segment(exchange)
        for one in declared.moments(talk.facts):
            if (
                segment == (talk.facts.get("segment_id"), one.index)
                and body.get("execution_time") == one.execution_time
                and body.get("timezone") == one.timezone
            ):
                yield from _compared(exchange, table, one.members)


def _compared(exchange: Exchange, table: Sheet, expected: Json) -> Iterator[Evidence]:
    number = declared.count(expected)
    if number is not None and table.counted:
        if len(table.rows) == number:
            yield Kept(exchange.at("/response/body"))
        else:
            yield Finding(exchange.at("/response/body"), f"{number} customers", f"{len(table.rows)} rows")
    elif number is None and expected is not None and table.registered is not None:
        wanted = {str(one) for one in declared.names(expected)}
        missing, extra = wanted - table.registered.keys(), table.registered.keys() - wanted
        if missing or extra:
            got = f"missing {shorten(str(sorted(missing)), 60)}, extra {shorten(str(sorted(extra)), 60)}"
            yield Finding(exchange.at("/response/body"), f"{len(wanted)} declared members", got)
        else:
            yield Kept(exchange.at("/response/body"))
