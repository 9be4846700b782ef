"""A decoder narrower than a schema: what it takes is valid for certain, what it refuses may be valid all the same.

msgspec decodes lines into types made of the schema and of how rows were seen to be written. What the types cannot say
is asked of the validator, for a whole block of lines at once. What was decoded is written again: where that has as many
keys as the block, none stood twice. Members may come in any order. A property-based test holds it to jsonschema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any, Final

import msgspec
import pcre2
from msgspec import UNSET
from msgspec.structs import astuple

from export_contracts.schema.block import Block
from export_contracts.schema.seen import Seen
from export_contracts.schema.structs import Node, Types, Valid


class Narrow:
    """One decoder, for rows of `types`' schema that are written as `seen`; it hands out the columns `wanted` by place.

    Of the rows themselves all columns are handed out.
    """

    def __init__(self, types: Types, seen: Seen, wanted: Mapping[str, Sequence[str]]) -> None:
        root = types.node(seen)
        self._root = _plan(root, "", wanted, whole=True)
        self.decode = msgspec.json.Decoder(root.type).decode_lines
        self.encode = msgspec.json.Encoder().encode_lines
        self._doubtful = [pcre2.compile(one, jit=True).search for one in _DOUBTFUL]

    def take(self, block: bytes, _more: tuple[str, ...] = (), /) -> Block | None:
        """The rows of `block`, whole lines each with its line feed; None where it is not certain that all are valid."""
        try:
            rows = self.decode(block)
            again = self.encode(rows)
        except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError):
            return None
        if again != block and not (self._as_many_keys(block, again) and _one_a_line(block, len(rows))):
            return None
        found = Block(len(rows))
        pending: dict[Valid, list[Sequence[Any]]] = {}
        _gather(self._root, rows, found, pending)
        for valid, columns in pending.items():
            if not valid([one for column in columns for one in column if one is not UNSET]):
                return None
        present = {name: len(rows) - column.count(UNSET) for name, column in found.columns.get("", {}).items()}
        return Block(len(rows), present, found.columns, found.lengths)

    def _as_many_keys(self, block: bytes, again: bytes) -> bool:
        """Whether no key was lost with all behind it, told by the quotes that a colon follows.

        In texts both writings put a backslash before the second quote, unless quote or colon are written by number.
        """
        return block.count(b'":') == again.count(b'":') and not any(search(block) for search in self._doubtful)


_DOUBTFUL: Final = (rb"\\u00(?:22|3[aA])", b" :", b"\t:", b"\r:", b"\n:")
"""Spellings that are not told apart from a lost key; one by one, each is found a dozen times as fast as by `in`."""


@dataclass(frozen=True)
class Plan:
    """What is taken out of the objects of a place: `columns` as (name, field), and what is done with some of them."""

    place: str
    names: tuple[str, ...]
    columns: Callable[[Sequence[Any]], list[Sequence[Any]]]
    checked: tuple[tuple[int, Valid], ...]
    inner: tuple[tuple[int, Plan, bool], ...]


def _plan(node: Node, place: str, wanted: Mapping[str, Sequence[str]], *, whole: bool = False) -> Plan:
    plans = {index: (_plan(one, f"{place}/{node.names[index]}", wanted), many) for index, one, many in node.inner}
    inner = {index: one for index, one in plans.items() if one[0].names}
    named = {index for index, name in enumerate(node.names) if whole or name in wanted.get(place, ())}
    needed = sorted(named | {index for index, _ in node.checked} | set(inner))
    at = {index: number for number, index in enumerate(needed)}
    return Plan(
        place,
        tuple(node.names[index] for index in needed),
        _all_columns if whole else _some_columns([f"f{index}" for index in needed]),
        tuple((at[index], valid) for index, valid in node.checked),
        tuple((at[index], *one) for index, one in inner.items()),
    )


def _all_columns(objects: Sequence[Any]) -> list[Sequence[Any]]:
    return list(zip(*map(astuple, objects), strict=True))


def _some_columns(fields: Sequence[str]) -> Callable[[Sequence[Any]], list[Sequence[Any]]]:
    getters = [attrgetter(one) for one in fields]
    return lambda objects: [list(map(one, objects)) for one in getters]


def _gather(plan: Plan, objects: Sequence[Any], found: Block, pending: dict[Valid, list[Sequence[Any]]]) -> None:
    """Columns of these objects and all within; values to be asked of a validator go to `pending`."""
    if not objects:
        return
    columns = plan.columns(objects)
    found.columns[plan.place] = dict(zip(plan.names, columns, strict=True))
    for index, valid in plan.checked:
        pending.setdefault(valid, []).append(columns[index])
    for index, inner, many in plan.inner:
        held = [one for one in columns[index] if one]
        if many:
            found.lengths[inner.place] = [*map(len, held)]
        _gather(inner, list(chain.from_iterable(held)) if many else held, found, pending)


def _one_a_line(block: bytes, rows: int) -> bool:
    """Whether each line holds one of so many objects; none of them has a line feed in a text."""
    lines = block.split(b"\n")
    return len(lines) == rows + 1 and not lines.pop() and all(one[:1] == b"{" and one[-1:] == b"}" for one in lines)
