"""From JSON Schema to regular expressions, as PCRE2 reads them, of texts that are valid for certain. Matches nothing.

What an expression matches, with a comma, a bracket or a line's end after it, is one JSON text that satisfies its
schema: UTF-8 without a lone surrogate, numbers that a float can hold, and no member twice, for members come in the one
order in which they were seen. What an expression does not match may be valid all the same. They are for bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from export_contracts.model import Json
from export_contracts.schema.parts import Part, followed, kinds_of, said
from export_contracts.schema.seen import LEVELS, Members, Seen

NEVER: Final = "(?!)"
COLON: Final = ": ?+"
COMMA: Final = ", ?+"
_ASCII: Final = r"[ !#-\[\]-\x7f]*+"
_ESCAPE: Final = (
    r"\\(?:[\"\\/bfnrt]|u(?:[0-9a-cA-CefEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}"
    r"|[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}))"
)
_UTF8: Final = (
    r"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    r"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
TEXT: Final = f'"{_ASCII}(?>"|(?&tail))'
_WHOLE: Final = "-?+(?>0|[1-9][0-9]{0,17}+)"
NUMBER: Final = rf"{_WHOLE}(?:\.[0-9]++)?+(?:[eE][-+]?+[0-9]{{1,2}}+)?+"
_CLASS: Final = r"\[-?(?:[A-Z]-[A-Z]|[a-z]-[a-z]|[0-9]-[0-9]|[A-Za-z0-9 .,:;_@+])+-?\]"
_PLAIN: Final = re.compile(rf"(?:[A-Za-z0-9 ,:;_@-]|\\[.+]|\(\?:|\((?!\?)|[)|?*+]|{_CLASS}|\{{[0-9]+(?:,[0-9]*)?\}})*")
"""Patterns that mean the same wherever they are read, and that no quote, backslash or control character matches."""


def either(*choices: str) -> str:
    """The first of these that matches."""
    return choices[0] if len(choices) == 1 else f"(?>{'|'.join(choices)})" if choices else NEVER


def listed(entry: str) -> str:
    """An array of such entries."""
    return rf"\[(?>{entry}(?>{COMMA}{entry})*+)?+\]"


def key(name: str) -> str | None:
    """A member's name as it is usually written; None where there are several ways."""
    written = json.dumps(name, ensure_ascii=False)
    usual = written == f'"{name}"' and name.isprintable()
    return re.escape(written) if usual else None


def member(name: str, value: str, *, required: bool = False) -> str:
    """A member with the comma after it; it may be missing unless it is `required`."""
    written = key(name)
    if written is None:
        return NEVER if required else ""
    return rf"(?>{written}{COLON}{value}(?>{COMMA}(?!\}})|(?=\}})))" + ("" if required else "?+")


@dataclass
class Speller:
    """Spells what `schemas` say of rows that are written as `seen`. `stricter`: see `structs.Types`."""

    schemas: Mapping[str, Mapping[str, Json]]
    seen: Seen
    stricter: Mapping[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def members(self, part: Part, place: str) -> Iterator[tuple[str, str, bool]]:
        """Name, expression of the value, and whether it is required, of each member an object may have, in order."""
        known: Mapping[str, Json] = part.schema.get("properties", {})
        others: Json = part.schema.get("additionalProperties", {})
        required = part.schema.get("required", ())
        for name in self.seen.places.get(place, Members()).order(known):
            inner = f"{place}/{name}"
            one = part.inside("properties", name) if name in known else part.inside("additionalProperties")
            yield (
                name,
                self._free(inner) if name not in known and others == {} else self.value(one, inner),
                name in required,
            )

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
            return _number(kind, about.get("minimum"), about.get("maximum"))
        return _CONSTANT.get(kind, NEVER)

    def _object(self, part: Part, place: str) -> str:
        return (
            rf"\{{{''.join(member(name, value, required=must) for name, value, must in self.members(part, place))}\}}"
        )

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
        plain = _plain(self.stricter.get(pattern, pattern))
        if plain is None:
            return NEVER
        return f'"{self._called(f"(?:{plain})")}"'

    def _free(self, place: str) -> str:
        """Anything, where objects are as they were seen at this place."""
        if place not in self.seen.places or place.count("/") > LEVELS:
            return "(?&any)"
        inner = self._called(self._object(Part({}), place))
        return either("(?&scalar)", inner, listed(either("(?&scalar)", inner)))

    def _called(self, expression: str) -> str:
        """The same by a name, so that it is written once."""
        return f"(?&{self._names.setdefault(expression, f'n{len(self._names)}')})"

    def definitions(self) -> str:
        """What the expressions refer to by name; to be put after them."""
        parts = {
            "tail": rf'(?>(?:{_ESCAPE}|{_UTF8}){_ASCII})++"',
            "scalar": either(TEXT, NUMBER, "true", "false", "null"),
            "any": either("(?&scalar)", r"\{\}", listed(either("(?&scalar)", r"\{\}", listed("(?&scalar)")))),
        }
        parts |= {name: one for one, name in self._names.items()}
        return f"(?(DEFINE){''.join(f'(?<{name}>{one})' for name, one in parts.items())})"


_ABOUT: Final = {
    "string": frozenset({"pattern"}),
    "integer": frozenset({"minimum", "maximum"}),
    "number": frozenset({"minimum", "maximum"}),
    "object": frozenset({"properties", "required", "additionalProperties"}),
    "array": frozenset({"items", "prefixItems", "minItems", "maxItems"}),
}
_CONSTANT: Final = {"null": "null", "boolean": "(?>true|false)"}


def _chosen(values: Iterable[Json]) -> Iterator[str]:
    for one in values:
        if one is None or isinstance(one, bool):
            yield json.dumps(one)
        elif isinstance(one, str) and (written := key(one)) is not None:
            yield written


def _plain(pattern: str) -> str | None:
    """An anchored pattern without its anchors and without groups that are counted."""
    if not (pattern.startswith("^") and pattern.endswith("$")) or _PLAIN.fullmatch(pattern[1:-1]) is None:
        return None
    depth = 0
    for mark in re.sub(r"\[[^\]]*\]|\\.", "", pattern):
        depth += (mark == "(") - (mark == ")")
        if mark == "|" and not depth:
            return None
    return re.sub(r"\((?!\?)", "(?:", pattern[1:-1])


def _number(kind: str, least: Json, most: Json) -> str:
    if kind == "integer":
        if least not in {None, 0} or not (most is None or _natural(most)):
            return NEVER
        if most is not None:
            return _up_to(most) if least == 0 else NEVER
        return _WHOLE if least is None else _WHOLE.removeprefix("-?+")
    if least is None and most is None:
        return NUMBER
    if not (_natural(most) and _natural(-least if isinstance(least, int) else None) and most and least):
        return NEVER
    return rf"(?>-{_up_to(-least - 1)}|{_up_to(most - 1)})(?:\.[0-9]++)?+"


def _natural(number: Json) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0


def _up_to(most: int) -> str:
    """Natural numbers up to this one."""
    digits = str(most)
    choices = {"0", digits}
    choices.update(f"[1-9][0-9]{{{length - 1}}}" for length in range(1, len(digits)))
    choices.update(
        f"{digits[:at]}[{int(not at)}-{int(digit) - 1}][0-9]{{{len(digits) - at - 1}}}"
        for at, digit in enumerate(digits)
        if int(digit) > int(not at)
    )
    return f"(?>(?:{'|'.join(sorted(choices))})(?![0-9]))"
