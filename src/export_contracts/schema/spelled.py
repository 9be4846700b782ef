"""Takes blocks of rows that one regular expression matches from end to end, and hands out no more than is asked for.

The expression is made of the schema and of how rows were seen to be written (`spelling`): what it matches is valid and
has no member twice. In the same call each line is replaced by a short array of what is asked for, which alone becomes
objects. Judges nothing; a property-based test holds it to jsonschema and to the slow reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, count
from operator import attrgetter
from typing import Any, Final

import msgspec
import pcre2
from msgspec import UNSET

from export_contracts.schema.block import Block, Columns
from export_contracts.schema.expressions import jumbled, member
from export_contracts.schema.seen import Seen
from export_contracts.schema.spelling import Speller
from export_contracts.schema.structs import Types

ROW: Final = ""
"""The place of the rows themselves."""


class Spelled:
    """Rows of `types`' schema that are written as `seen`; `wanted` names the members to hand out, by place.

    Places other than the rows' own are lists of objects that rows have. With `loose`, free members of rows may be
    written in any order and with names that were never seen. If `anyhow`, members may come in any order.
    """

    def __init__(
        self,
        types: Types,
        seen: Seen,
        wanted: Mapping[str, Sequence[str]],
        *,
        loose: bool = False,
        anyhow: bool = False,
    ) -> None:
        speller = Speller(types.schemas, seen, types.stricter, loose, jumbled=anyhow)
        rows = list(speller.members(types.schema, ROW))
        self._names = tuple(name for name, _, _ in rows)
        if anyhow:
            line = jumbled(rows, map(str, count(1)), hold=True)
        else:
            members = (member(name, f"({value})", required=required) for name, value, required in rows)
            line = rf"\{{{''.join(members)}\}}"
        expression = rf"\G{line}\r?+\n{speller.definitions()}"
        self._replace = pcre2.compile(expression.encode(), jit=True).subn
        self._loosened = tuple(name for name in self._names if name in speller.loosened)
        self._wanted = wanted
        self._ways: dict[tuple[str, ...], tuple[bytes, Any]] = {}

    def take(self, block: bytes, more: tuple[str, ...] = ()) -> Block | None:
        """The rows of `block`, whole lines each with its line feed; None where it is not certain that all are valid.

        `more` are members of the rows that are wanted beside the others.
        """
        template, decode = self._way(more)
        try:
            written, count = self._replace(template, block)
        except pcre2.LibraryError:  # out of the matcher's own stack
            return None
        # What is not matched stands behind as it was: a line more, or at least a line that does not end so.
        if not written.endswith(b"]\n"):
            return None
        try:
            rows = decode(written)
        except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError):
            return None
        if len(rows) != count:
            return None
        columns = list(zip(*rows, strict=True))
        if not all(_once(columns.pop()) for _ in self._loosened):
            return None
        return self._block(count, columns, more)

    # What was matched is valid, so that anything may be decoded to whatever it is.
    def _way(self, more: tuple[str, ...]) -> tuple[bytes, Any]:
        """What a line is replaced by, and what decodes that."""
        if more not in self._ways:
            lists = [place[1:] for place in self._wanted if place != ROW]
            names = [*self._wanted.get(ROW, ()), *more, *lists, *self._loosened]
            group = {name: number for number, name in enumerate(self._names, 1)}
            present = "".join(f"${{{number}:+1:0}}" for number in group.values())
            values = "".join(f",${{{group[name]}:-null}}" if name in group else ",null" for name in names)
            kinds: list[Any] = [Any] * (len(names) - len(lists) - len(self._loosened))
            kinds += [*(_list_of(self._wanted[f"/{name}"]) for name in lists), *(msgspec.Raw for _ in self._loosened)]
            row = tuple[(str, *kinds)]  # type: ignore[valid-type]  # built at run time
            self._ways[more] = f'["{present}"{values}]\n'.encode(), msgspec.json.Decoder(row).decode_lines
        return self._ways[more]

    def _block(self, rows: int, found: Sequence[tuple[Any, ...]], more: tuple[str, ...]) -> Block:
        marks, *values = found
        written, width = "".join(marks), len(self._names)
        present = {name: written[at::width].count("1") for at, name in enumerate(self._names)}
        own = (*self._wanted.get(ROW, ()), *more)
        columns: dict[str, Columns] = {ROW: dict(zip(own, values, strict=False))}
        lengths: dict[str, Sequence[int]] = {}
        lists = (place for place in self._wanted if place != ROW)
        for place, column in zip(lists, values[len(own) :], strict=True):
            filled = list(filter(None, column))
            lengths[place] = list(map(len, filled))
            entries = list(chain.from_iterable(filled))
            columns[place] = {
                name: list(map(get, entries)) for name, get in zip(self._wanted[place], _GETTERS, strict=False)
            }
        return Block(rows, present, columns, lengths)


_DECODER: Final = msgspec.json.Decoder()
_ENCODER: Final = msgspec.json.Encoder()
_DOUBTFUL: Final = (rb"\u0022", rb"\u003a", rb"\u003A")
"""Ways to write a quote or a colon that are not kept when a text is written again."""


def _once(texts: Sequence[msgspec.Raw]) -> bool:
    """Whether no object in these texts, which are JSON, can have a member twice.

    They are written again: a lost member would take its quote and colon along. A colon stands right behind its key.
    """
    written = b"\n".join(texts)
    try:
        again = _ENCODER.encode_lines(_DECODER.decode_lines(written))
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError):
        return False
    return written.count(b'":') == again.count(b'":') and not any(one in written for one in _DOUBTFUL)


MOST: Final = 12
"""Members that are wanted of one place's objects at most."""
_GETTERS: Final = tuple(attrgetter(f"f{at}") for at in range(MOST))


def _list_of(names: Sequence[str]) -> Any:
    """Lists of objects of which only these members are of interest."""
    if len(names) > MOST:
        raise ValueError(names)
    made = msgspec.defstruct(
        "Entry",
        [(f"f{at}", Any, UNSET) for at in range(len(names))],
        rename={f"f{at}": name for at, name in enumerate(names)},
        gc=False,
    )
    return list[made] | None  # type: ignore[valid-type]  # built at run time
