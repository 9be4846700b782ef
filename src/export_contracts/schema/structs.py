"""From JSON Schema to msgspec types that take the same or less; what they cannot say is left to a validator.

Members that the schema does not name may hold anything, but only names that were seen have a place: any other makes
the decoder refuse. Decodes nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from export_contracts.model import MISSING, Json
from export_contracts.schema.parts import Part, counting, followed, kinds_of, said
from export_contracts.schema.seen import Members, Seen

DEPTH: Final = 6
"""Levels of lists and objects where anything may stand."""
Valid = Callable[[Json], bool]


def _anything(levels: int) -> Any:
    scalar: Any = None | bool | int | float | str
    kind = scalar
    for _ in range(levels):
        kind = scalar | list[kind] | dict[str, kind]  # type: ignore[valid-type]  # built at run time
    return kind


ANYTHING: Final = _anything(DEPTH)


@dataclass(frozen=True)
class Node:
    """Objects of one place: their type, and the names of its fields in order.

    `checked` are fields whose values, as a list, a validator must accept; `inner` are fields that hold further objects,
    with whether they hold a list of them.
    """

    type: type[msgspec.Struct]
    names: tuple[str, ...]
    checked: tuple[tuple[int, Valid], ...]
    inner: tuple[tuple[int, Node, bool], ...]


@dataclass(frozen=True)
class Types:
    """The types of a schema. `of_list` compiles a schema into a function that says whether all of a list satisfy it.

    Where a text's pattern is a key of `stricter`, texts have to match its value in its place: what is refused for that
    is only read more slowly, and whoever reads the texts can rely on the stricter form.
    """

    schema: Part
    schemas: Mapping[str, Mapping[str, Json]]
    of_list: Callable[[Json], Valid]
    stricter: Mapping[str, str] = field(default_factory=dict)

    def node(self, seen: Seen) -> Node:
        """The type of rows written as `seen`."""
        return self._node(self.schema, "", seen)

    def _node(self, part: Part, place: str, seen: Seen) -> Node:
        known: Mapping[str, Json] = part.schema.get("properties", {})
        required = part.schema.get("required", ())
        names = seen.places.setdefault(place, Members()).order(known)
        checked: list[tuple[int, Valid]] = []
        inner: list[tuple[int, Node, bool]] = []
        fields: list[Any] = []
        for index, name in enumerate(names):
            kind: Any = ANYTHING
            if name in known:
                one = followed(part.inside("properties", name), self.schemas)
                nested = self._objects(one, f"{place}/{name}", seen)
                exact: Any = MISSING if nested else self._exact(one)
                if nested is not None:
                    kind = nested[0]
                    inner.append((index, nested[1], nested[2]))
                elif exact is not MISSING:
                    kind = exact
                else:
                    kind, asked = self._asked(one)
                    checked.append((index, self.of_list(asked)))
            fields.append((f"f{index}", kind) if name in required else (f"f{index}", kind | UnsetType, UNSET))
        made = msgspec.defstruct(
            "Row",
            fields,
            rename={f"f{index}": name for index, name in enumerate(names)},
            forbid_unknown_fields=True,
            kw_only=True,
            gc=False,
        )
        return Node(made, names, tuple(checked), tuple(inner))

    def _objects(self, one: Part, place: str, seen: Seen) -> tuple[Any, Node, bool] | None:
        """An object, or a list of objects, whose members are named; perhaps null instead."""
        kinds = kinds_of(one.schema)
        if kinds is None or len(kinds - {"null"}) != 1:
            return None
        if "object" in kinds and said(one) <= {"type", "properties", "required"}:
            if "properties" not in one.schema:
                return None
            node = self._node(one, place, seen)
            return _or_null(node.type, kinds), node, False
        if "array" in kinds and said(one) <= {"type", "items"}:
            entry = followed(one.inside("items"), self.schemas)
            if not isinstance(entry.schema, dict) or kinds_of(entry.schema) != frozenset({"object"}):
                return None
            found = self._objects(entry, place, seen)
            return None if found is None else (_or_null(list[found[0]], kinds), found[1], True)  # type: ignore[valid-type]  # built at run time
        return None

    def _asked(self, one: Part) -> tuple[Any, Json]:
        """What values decode to before a validator is asked, and what it is asked."""
        kinds = kinds_of(one.schema)
        if kinds is None or not kinds <= {"string", "null"}:
            return ANYTHING, one.as_schema
        stricter = self.stricter.get(one.schema.get("pattern", ""))
        if stricter is not None and said(one) == {"type", "pattern"}:
            return _or_null(str, kinds), {"type": one.schema["type"], "pattern": stricter}
        return _or_null(str, kinds), one.as_schema

    def _exact(self, one: Part) -> Any:
        """A type that takes nothing that the schema refuses; MISSING where there is none."""
        words = said(one)
        kinds = kinds_of(one.schema)
        if words == {"type", "additionalProperties"} and kinds is not None and kinds <= {"object", "null"}:
            value = self._exact(followed(one.inside("additionalProperties"), self.schemas))
            return MISSING if value is MISSING else _or_null(dict[str, value], kinds)  # type: ignore[valid-type]  # built at run time
        return _plain(one.schema)


def _or_null(kind: Any, kinds: frozenset[str]) -> Any:
    return kind | None if "null" in kinds else kind


def _plain(schema: Json) -> Any:
    """The same for a schema without others in it."""
    if not isinstance(schema, dict):
        return MISSING
    words = counting(schema)
    if not words:
        return ANYTHING
    if words == {"enum"}:
        return _literal(schema["enum"])
    kinds = kinds_of(schema)
    if kinds is None:
        return MISSING
    if words == {"type"}:
        return reduce(or_, (_WHOLE[one] for one in sorted(kinds)))
    if words <= {"type", "minimum", "maximum"} and kinds <= {"integer", "null"}:
        return _or_null(Annotated[int, msgspec.Meta(ge=schema.get("minimum"), le=schema.get("maximum"))], kinds)
    return MISSING


def _literal(values: Sequence[Json]) -> Any:
    texts = tuple(one for one in values if isinstance(one, str))
    if not texts or any(one is not None and not isinstance(one, str) for one in values):
        return MISSING
    return Literal[texts] | None if None in values else Literal[texts]


_WHOLE: Final[dict[str, Any]] = {
    "null": None,
    "boolean": bool,
    "integer": int,
    "number": int | float,
    "string": str,
    "array": list[_anything(DEPTH - 1)],  # type: ignore[misc]  # built at run time
    "object": dict[str, _anything(DEPTH - 1)],  # type: ignore[misc]  # built at run time
}
