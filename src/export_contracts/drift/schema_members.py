"""Members of a JSON Schema at any depth; references, `allOf`, `oneOf` and `nullable` are understood. No paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from export_contracts.drift.said import Entry
from export_contracts.model import Json

DEEPEST: Final = 12


def members(document: Mapping[str, Json], schema: Json) -> tuple[Entry, ...]:
    """Every member of a schema, at any depth, with references into `document` followed."""
    return tuple(_below(document, schema, "", (), 0))


def entry(document: Mapping[str, Json], at: str, schema: Json, *, required: bool) -> Entry:
    """What a schema says of the value at a path."""
    flat = _flat(document, schema, ())
    inner = _flat(document, flat.items, ())
    values = flat.values or inner.values
    return Entry(
        at,
        frozenset(flat.types),
        frozenset(inner.types),
        "required" if required else "optional",
        frozenset(str(one) for one in values if one is not None),
        certain=bool(values),
        retired=isinstance(schema, dict) and schema.get("deprecated") is True,
    )


def followed(document: Mapping[str, Json], value: Json) -> Json:
    """The object behind a chain of references; an empty one where it leads nowhere."""
    for _ in range(DEEPEST):
        reference = value.get("$ref") if isinstance(value, dict) else None
        if not isinstance(reference, str):
            break
        value = _target(document, reference) or {}
    return value if isinstance(value, dict) else {}


def leads_nowhere(document: Mapping[str, Json], value: Json, seen: frozenset[str] = frozenset()) -> bool:
    """Whether some reference in it, at any depth, has no target."""
    if isinstance(value, list):
        return any(leads_nowhere(document, one, seen) for one in value)
    if not isinstance(value, dict):
        return False
    reference = value.get("$ref")
    if isinstance(reference, str) and reference not in seen:
        target = _target(document, reference)
        return target is None or leads_nowhere(document, target, seen | {reference})
    return any(leads_nowhere(document, one, seen) for key, one in value.items() if key not in {"example", "examples"})


def _target(document: Mapping[str, Json], reference: str) -> Json:
    if not reference.startswith("#"):
        return None
    found: Json = document
    for part in unquote(reference[1:]).strip("/").split("/"):
        part = part.replace("~1", "/").replace("~0", "~")  # noqa: PLW2901 - unescaped
        if part:
            found = found.get(part) if isinstance(found, Mapping) else None
    return found


@dataclass
class _Flat:
    """A schema with what it is composed of laid over it."""

    types: set[str] = field(default_factory=set)
    items: Json = None
    values: list[Json] = field(default_factory=list)
    properties: dict[str, list[Json]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)


def _flat(document: Mapping[str, Json], schema: Json, seen: tuple[str, ...]) -> _Flat:
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    if not isinstance(schema, dict) or reference in seen or len(seen) > DEEPEST:
        return _Flat()
    if reference:
        seen = (*seen, reference)
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**followed(document, schema), **beside}
    flat = _own(schema)
    for part in schema.get("allOf") or ():
        _add(flat, [_flat(document, part, seen)])
    for several in ("oneOf", "anyOf"):
        _add(flat, [_flat(document, part, seen) for part in schema.get(several) or ()])
    return flat


def _own(schema: Mapping[str, Json]) -> _Flat:
    kind = schema.get("type")
    # YAML reads `[string, null]` as a word and nothing, though both are meant as words.
    types = {kind} if isinstance(kind, str) else {"null" if one is None else str(one) for one in kind or ()}
    if types and (schema.get("nullable") is True or schema.get("x-nullable") is True):
        types.add("null")
    values = list(schema.get("enum") or ())
    values += [schema["const"]] if "const" in schema else []
    properties = schema.get("properties") or {}
    required = schema.get("required")
    return _Flat(
        types or ({"object"} if properties else set()),
        schema.get("items") if isinstance(schema.get("items"), dict) else None,
        values,
        {str(name): [inner] for name, inner in properties.items()},
        set(required) if isinstance(required, list) else set(),
    )


def _add(flat: _Flat, alternatives: list[_Flat]) -> None:
    """Lay alternatives, of which one holds, over a schema; a single one is a part of it."""
    if not alternatives:
        return
    real = [one for one in alternatives if one.types != {"null"}]
    flat.types |= set().union(*(one.types for one in alternatives))
    flat.items = flat.items or next((one.items for one in real if one.items), None)
    if all(one.values for one in real):
        flat.values += [value for one in real for value in one.values]
    for one in real:
        for name, several in one.properties.items():
            flat.properties.setdefault(name, []).extend(several)
    if real and len(real) == len(alternatives):
        flat.required |= set.intersection(*(one.required for one in real))


def _below(document: Mapping[str, Json], schema: Json, at: str, seen: tuple[str, ...], depth: int) -> Iterator[Entry]:
    references = _references(schema)
    if depth > DEEPEST or references & set(seen):
        return
    seen = (*seen, *references)
    flat = _flat(document, schema, ())
    if flat.items is not None:
        yield from _below(document, flat.items, f"{at}[]" if at else "", seen, depth + 1)
    for name, several in flat.properties.items():
        path = f"{at}.{name}" if at else name
        whole: Json = several[0] if len(several) == 1 else {"anyOf": several}
        yield entry(document, path, whole, required=name in flat.required)
        yield from _distinct(one for inner in several for one in _below(document, inner, path, seen, depth + 1))


def _references(schema: Json) -> set[str]:
    own = schema.get("$ref") if isinstance(schema, dict) else None
    return {own} if isinstance(own, str) else set()


def _distinct(entries: Iterable[Entry]) -> Iterator[Entry]:
    """One entry for each path: alternatives may name one several times, and all they allow holds."""
    found: dict[str, Entry] = {}
    for one in entries:
        old = found.get(one.at)
        if old is None:
            found[one.at] = one
            continue
        need = old.need if old.need == one.need else "optional"
        words = old.words | one.words if old.words and one.words else frozenset()
        found[one.at] = Entry(one.at, old.types | one.types, old.items | one.items, need, words, certain=bool(words))
    yield from found.values()
