"""The filter expression: what is surely right, surely wrong, and what one expression's result says about another's.

The document shows names, `!`, `&` and parentheses. Whether `|` exists and what binds first is open, so an
expression that uses `|`, or whose meaning depends on precedence, is neither refused here nor evaluated.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept
from export_contracts.vendors.apsis.checks_calls import ORDER, Export, exports, is_accepted, poll_urls
from export_contracts.vendors.apsis.checks_contents import filter_of, tells_apart, whole_table
from export_contracts.vendors.apsis.checks_negotiation import BODY

MAPS: Final = ("segment_discriminators", "segment_definitions")
OPERATORS: Final = "!&|()"
MOST_NAMES: Final = 8
LONGEST: Final = 2_000
_TOKEN: Final = re.compile(r"[!&|()]|[^\s!&|()]+")


@dataclass(frozen=True)
class Expression:
    """A filter as tokens. `segments` maps its names to what they stand for, which may be one thing for two names."""

    text: str
    segments: Mapping[str, str] = field(default_factory=dict, compare=False)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Segments and operators in order; a name that stands for nothing is itself."""
        return tuple(self.segments.get(one, one) for one in _TOKEN.findall(self.text))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names in order of first use."""
        return tuple(dict.fromkeys(one for one in self.tokens if one not in OPERATORS))

    @cached_property
    def unbalanced(self) -> bool:
        """Whether a parenthesis lacks its partner."""
        depth = 0
        for one in self.tokens:
            depth += (one == "(") - (one == ")")
            if depth < 0:
                return True
        return depth != 0

    def is_formed(self, declared: Collection[str]) -> bool:
        """Whether operators and operands alternate, whatever the operators mean; a name may have blanks in it."""
        groups = itertools.groupby(self.tokens, key=lambda one: one if one in "!()" else one in OPERATORS)
        shape = ""
        for kind, tokens in groups:
            told = list(tokens)
            if kind is False:
                if len(told) > 1 and not any(" ".join(told) in one for one in declared):
                    return False
                shape += "x"
            else:
                shape += "&" if kind is True else str(kind) * len(told)
        return _is_operand(shape)

    @cached_property
    def is_plain(self) -> bool:
        """Whether its meaning is beyond doubt: no `|`, few names, and it reads as an expression."""
        short = len(self.text) <= LONGEST and len(self.names) <= MOST_NAMES
        known = not self.segments or set(self.names) <= set(self.segments.values())
        return short and known and "|" not in self.tokens and self.holds(frozenset()) is not None

    def holds(self, member: frozenset[str]) -> bool | None:
        """Whether somebody in these segments passes; None where the expression cannot be read."""
        reader = _Reader(self.tokens, member)
        value = reader.conjunction()
        return None if value is None or reader.rest else value


def _is_operand(shape: str) -> bool:
    """Whether a shape of operands `x`, operators `&`, negations and parentheses comes down to one operand."""
    before = ""
    while before != shape:
        before = shape
        shape = shape.replace("!x", "x").replace("(x)", "x").replace("x&x", "x")
    return shape == "x"


class _Reader:
    """Reads `factor & factor …`, a factor being a name, `!` before a factor, or parentheses."""

    def __init__(self, tokens: tuple[str, ...], member: frozenset[str]) -> None:
        self.rest = list(reversed(tokens))
        self._member = member

    def conjunction(self) -> bool | None:
        value = self._factor()
        while value is not None and self.rest and self.rest[-1] == "&":
            self.rest.pop()
            right = self._factor()
            value = None if right is None else value and right
        return value

    def _factor(self) -> bool | None:
        token = self.rest.pop() if self.rest else ")"
        if token == "!":  # noqa: S105 - a token of the grammar, no secret
            inner = self._factor()
            return None if inner is None else not inner
        if token == "(":  # noqa: S105 - the same
            inner = self.conjunction()
            return inner if self.rest and self.rest.pop() == ")" else None
        return None if token in OPERATORS else token in self._member


@dataclass(frozen=True)
class Sample:
    """A downloaded export with the expression that narrowed it."""

    look: Exchange
    expression: Expression
    header: tuple[str, ...]
    rows: frozenset[tuple[Json, ...]]


@check("filters_agree")
def filters_agree(talk: Talk) -> Iterator[Evidence]:
    """Exports that differ in the filter only agree with its logic: nobody is in `a` and in `!(a)`.

    An expression that nobody can satisfy gives no rows; two that exclude one another share none; where one
    implies the other, so do the rows.
    """
    groups: dict[str, list[Sample]] = {}
    for export in exports(talk):
        sample = _sample(talk, export)
        if sample is not None:
            groups.setdefault(_frame(export.order), []).append(sample)
    for samples in groups.values():
        for one in samples:
            if _worlds(one.expression) == frozenset():
                yield from _verdict(one, set(one.rows), f"no rows for {one.expression.text!r}")
        for one, other in itertools.permutations(samples, 2):
            yield from _compared(one, other)


def _compared(one: Sample, other: Sample) -> Iterator[Evidence]:
    names = tuple(dict.fromkeys((*one.expression.names, *other.expression.names)))
    if len(names) > MOST_NAMES or one.header != other.header or one.expression.text == other.expression.text:
        return
    ours, theirs = _worlds(one.expression, names), _worlds(other.expression, names)
    if not ours or not theirs:
        return
    if not ours & theirs and one.look.index < other.look.index:
        wanted = f"no row of {other.expression.text!r} (exchange {other.look.index}) under {one.expression.text!r}"
        yield from _verdict(one, set(one.rows & other.rows), wanted, worth=bool(one.rows or other.rows))
    elif ours <= theirs:
        wanted = f"only rows that {other.expression.text!r} (exchange {other.look.index}) has too"
        yield from _verdict(one, set(one.rows - other.rows), wanted, worth=bool(one.rows))


def _verdict(one: Sample, wrong: set[tuple[Json, ...]], expected: str, *, worth: bool = True) -> Iterator[Evidence]:
    if wrong:
        yield Finding(one.look.at(BODY), expected, f"{len(wrong)} such as {str(next(iter(wrong)))[:100]}")
    elif worth:
        yield Kept(one.look.at(BODY))


def _sample(talk: Talk, export: Export) -> Sample | None:
    text = filter_of(export.order)
    if text is None or export.first_file is None:
        return None
    read, expression = whole_table(talk, export.first_file), Expression(text, named_segments(export.order))
    if read is None or not expression.is_plain or not tells_apart(read):
        return None
    return Sample(export.first_file, expression, read.header, frozenset(read.rows))


def _worlds(expression: Expression, names: tuple[str, ...] | None = None) -> frozenset[frozenset[str]]:
    """The sets of segments with which somebody passes."""
    names = expression.names if names is None else names
    every = (frozenset(some) for size in range(len(names) + 1) for some in itertools.combinations(names, size))
    return frozenset(one for one in every if expression.holds(one))


@check("own_poll_urls")
def own_poll_urls(talk: Talk) -> Iterator[Evidence]:
    """Two orders that surely select different people, or ask for different columns, have different poll URLs."""
    given: dict[str, Exchange] = {}
    for order in (one for one in talk.of(ORDER) if is_accepted(one)):
        url = next((url for _, url in poll_urls(order)), None)
        if url is None:
            continue
        first = given.setdefault(url, order)
        if first is order:
            yield Kept(order.at(BODY))
        elif _differ(first, order):
            yield Finding(order.at(BODY), "a poll URL of its own", f"that of exchange {first.index}")


def _differ(one: Exchange, other: Exchange) -> bool:
    """Whether two orders have different members, or expressions that others pass."""
    members = [body.keys() for order in (one, other) if isinstance(body := order.request.json, dict)]
    if len(members) < 2 or members[0] != members[1]:
        return len(members) == 2
    both = [Expression(filter_of(order) or "", named_segments(order)) for order in (one, other)]
    if _frame(one) != _frame(other) or not all(each.is_plain for each in both):
        return False
    names = tuple(dict.fromkeys((*both[0].names, *both[1].names)))
    return len(names) <= MOST_NAMES and _worlds(both[0], names) != _worlds(both[1], names)


def _frame(order: Exchange | None) -> str:
    """The order without its filter and names: exports with one frame differ in the selection by segments only."""
    body = order.request.json if order is not None else None
    if not isinstance(body, dict) or not isinstance(body.get("segments"), Mapping):
        return ""
    kept = {name: one for name, one in body["segments"].items() if name not in {"filter", *MAPS}}
    return repr({**body, "segments": kept})


def named_segments(order: Exchange | None) -> dict[str, str]:
    """The names that an order declares, each with its kind and what it stands for."""
    body = order.request.json if order is not None else None
    segments = body.get("segments") if isinstance(body, dict) else None
    if not isinstance(segments, dict):
        return {}
    maps = [(kind, segments[kind]) for kind in MAPS if isinstance(segments.get(kind), dict)]
    return {name: f"{kind}={what}" for kind, one in maps for name, what in one.items()}
