"""From JSON Schema to regular expressions of rows that are valid for certain. Matches nothing.

What such an expression matches satisfies the schema, and no member stands twice in it, for members come in the one
order in which they were seen. What it does not match may be valid all the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from export_contracts.model import Json
from export_contracts.schema.claims import Claim
from export_contracts.schema.expressions import (
    COMMA,
    DEFINED,
    NEVER,
    TEXT,
    anything,
    either,
    jumbled,
    key,
    listed,
    member,
    number,
    plain,
)
from export_contracts.schema.parts import Part, followed, kinds_of, said
from export_contracts.schema.seen import LEVELS, Members, Seen


@dataclass
class Speller:
    """Spells what `schemas` say of rows that are written as `seen`. `stricter`: see `structs.Types`.

    With `loose`, what is free in a row's members may be in any order, and may name a member twice: `loosened` tells
    which members these are. `claims` are by place: entries that do not keep them are not matched. With
    `steady`, members that objects always had have to come. If `jumbled`, members may come in any order.
    """

    schemas: Mapping[str, Mapping[str, Json]]
    seen: Seen
    stricter: Mapping[str, str] = field(default_factory=dict)
    loose: bool = False
    claims: Mapping[str, Claim] = field(default_factory=dict)
    steady: bool = False
    jumbled: bool = False
    loosened: set[str] = field(default_factory=set)
    _names: dict[str, str] = field(default_factory=dict)
    _groups: Iterator[int] = field(default_factory=count)

    def members(self, part: Part, place: str) -> Iterator[tuple[str, str, bool]]:
        """Name, expression of the value, and whether it is required, of each member an object may have, in order."""
        known: Mapping[str, Json] = part.schema.get("properties", {})
        others: Json = part.schema.get("additionalProperties", {})
        claim = self.claims.get(place, _NO_CLAIM)
        seen = self.seen.places.get(place, Members())
        required = claim.needed.union(part.schema.get("required", ()), (seen.always or ()) if self.steady else ())
        for name in seen.order(known):
            inner = f"{place}/{name}"
            one = part.inside("properties", name) if name in known else part.inside("additionalProperties")
            value = self._free(inner) if name not in known and others == {} else self.value(one, inner)
            yield name, self._ahead(claim, name) + value, name in required

    def _ahead(self, claim: Claim, name: str) -> str:
        # Groups that are set within what is called by name are forgotten afterwards.
        ahead = claim.before.get(name, "")
        return ahead if not ahead or claim.shown else self._called(ahead)

    def value(self, part: Part, place: str) -> str:
        """The values that satisfy a schema at a place."""
        if place.count("/") > LEVELS:
            return NEVER
        part = followed(part, self.schemas)
        words = said(part)
        kinds = kinds_of(part.schema)
        if not words:
            return self._free(place) if part.schema is True or isinstance(part.schema, dict) else NEVER
        if words == {"enum"}:
            return either(*_chosen(part.schema["enum"]))
        if words == {"anyOf"}:
            return either(*(self.value(part.inside("anyOf", at), place) for at in range(len(part.schema["anyOf"]))))
        if kinds is None:
            return NEVER
        rest = words - {"type"}
        return either(*(self._of_kind(kind, part, rest, place) for kind in sorted(kinds, key="null".__eq__)))

    def _of_kind(self, kind: str, part: Part, rest: set[str], place: str) -> str:
        # A keyword that is not understood may speak of any kind.
        allowed = _ABOUT.get(kind, frozenset())
        if not rest <= frozenset().union(*_ABOUT.values()):
            return NEVER
        about = {word: part.schema[word] for word in rest & allowed}
        if kind == "object":
            return self._object(part, place)
        if kind == "array":
            return self._array(part, about, place)
        if kind == "string":
            return self._text(about.get("pattern"))
        if kind in {"integer", "number"}:
            return number(kind, about.get("minimum"), about.get("maximum"))
        return _CONSTANT.get(kind, NEVER)

    def _object(self, part: Part, place: str) -> str:
        if not said(part) & _ABOUT["object"] and self._loosen(place):
            return "(?&object)"
        members = list(self.members(part, place))
        if place in self.claims and not self.claims[place].can_hold([name for name, _, _ in members]):
            return NEVER
        if self.jumbled:
            # What is called by name begins each time without the groups that tell which members have come.
            return self._called(jumbled(members, (f"<g{next(self._groups)}>" for _ in members)))
        return rf"\{{{''.join(member(name, value, required=must) for name, value, must in members)}\}}"

    def _array(self, part: Part, about: Mapping[str, Json], place: str) -> str:
        least, most = about.get("minItems"), about.get("maxItems")
        if "prefixItems" in about:
            heads = about["prefixItems"]
            if not len(heads) == least == most:
                return NEVER
            return rf"\[{COMMA.join(self.value(part.inside('prefixItems', at), place) for at in range(len(heads)))}\]"
        if most == 0 and not least:
            return r"\[\]"
        if least is not None or most is not None:
            return NEVER
        return listed(self.value(part.inside("items"), place)) if "items" in about else listed(self._free(place))

    def _text(self, pattern: str | None) -> str:
        if pattern is None:
            return TEXT
        exact = plain(self.stricter.get(pattern, pattern))
        if exact is None:
            return NEVER
        return f'"{self._called(f"(?:{exact})")}"'

    def _free(self, place: str) -> str:
        """Anything, where objects are as they were seen at this place."""
        if self._loosen(place):
            return "(?&loose)"
        if place not in self.seen.places or place.count("/") > LEVELS:
            return "(?&any)"
        inner = self._called(self._object(Part({}), place))
        return either("(?&scalar)", inner, listed(either("(?&scalar)", inner)))

    def _loosen(self, place: str) -> bool:
        if self.loose and place.count("/") == 1:
            self.loosened.add(place[1:])
            return True
        return False

    def _called(self, expression: str) -> str:
        """The same by a name, so that it is written once."""
        return f"(?&{self._names.setdefault(expression, f'n{len(self._names)}')})"

    def definitions(self) -> str:
        """What the expressions refer to by name; to be put after them."""
        parts = dict(DEFINED)
        if self.loose:
            parts |= dict(anything())
        parts |= {name: one for one, name in self._names.items()}
        return f"(?(DEFINE){''.join(f'(?<{name}>{one})' for name, one in parts.items())})"


_ABOUT: Final = {
    "string": frozenset({"pattern"}),
    "integer": frozenset({"minimum", "maximum"}),
    "number": frozenset({"minimum", "maximum"}),
    "object": frozenset({"properties", "required", "additionalProperties"}),
    "array": frozenset({"items", "prefixItems", "minItems", "maxItems"}),
}
_NO_CLAIM: Final = Claim()
_CONSTANT: Final = {"null": "null", "boolean": "(?>true|false)"}


def _chosen(values: Iterable[Json]) -> Iterator[str]:
    for one in values:
        if one is None or isinstance(one, bool):
            yield json.dumps(one)
        elif isinstance(one, str) and (written := key(one)) is not None:
            yield written
