"""An OpenAPI document as rows of tables: parameters, members of bodies, answers. Validates nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Json
from export_contracts.schema.openapi import Operation

DEEPEST: Final = 5
"""Levels of members that a page shows; what lies deeper is in openapi.yaml."""


@dataclass(frozen=True)
class Member:
    """One member of a body, or one parameter; `place` is a pointer or where the parameter stands."""

    place: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True)
class Body:
    """One media type of a request or of an answer."""

    media_type: str
    members: tuple[Member, ...]
    about: str = ""


@dataclass(frozen=True)
class Answer:
    """One documented status."""

    status: str
    about: str
    headers: tuple[str, ...]
    bodies: tuple[Body, ...]


@dataclass(frozen=True)
class Page:
    """One operation in full."""

    id: str
    method: str
    path: str
    legacy: tuple[str, ...]
    summary: str
    about: str
    parameters: tuple[Member, ...]
    bodies: tuple[Body, ...]
    answers: tuple[Answer, ...]
    credentials: str


def pages(contract: Contract) -> Iterator[Page]:
    """Each operation of the contract, in the document's order."""
    resolve = Resolver(contract)
    for one in contract.operations:
        yield _page(one, resolve, contract.openapi)


class Resolver:
    """Follows `$ref` inside openapi.yaml and into `schemas/`."""

    def __init__(self, contract: Contract) -> None:
        self._openapi, self._schemas = contract.openapi, contract.schemas

    def __call__(self, value: Json, within: str = "") -> tuple[Mapping[str, Json], str]:
        """The object that `value` is or refers to, its own words kept, and the file that it stands in."""
        seen = 0
        merged: dict[str, Json] = dict(value) if isinstance(value, Mapping) else {}
        while "$ref" in merged and seen < 20:
            seen += 1
            reference = merged.pop("$ref")
            file, _, pointer = reference.partition("#")
            within = f"schemas/{file.rpartition('/')[2]}" if file else within
            found = self._at(within, pointer)
            merged = {**(found if isinstance(found, Mapping) else {}), **merged}
        return merged, within

    def _at(self, within: str, pointer: str) -> Json:
        value: Json = self._schemas.get(within, {}) if within else self._openapi
        for step in pointer.strip("/").split("/") if pointer.strip("/") else ():
            key = step.replace("~1", "/").replace("~0", "~")
            value = value.get(key, {}) if isinstance(value, Mapping) else {}
        return value


def members(schema: Json, resolve: Resolver, within: str = "", place: str = "", depth: int = 0) -> Iterator[Member]:
    """Every member of a schema as a flat list, to DEEPEST levels."""
    whole, within = resolve(schema, within)
    for part in (*whole.get("allOf", ()), *whole.get("oneOf", ()), *whole.get("anyOf", ())):
        yield from members(part, resolve, within, place, depth)
    for name, one in whole.get("properties", {}).items():
        inner, there = resolve(one, within)
        pointer = f"{place}/{name}"
        yield Member(pointer, kind(inner), name in whole.get("required", ()), about(inner))
        if depth < DEEPEST:
            yield from members(inner, resolve, there, pointer, depth + 1)
    items = whole.get("items")
    if isinstance(items, Mapping) and depth < DEEPEST:
        yield from members(items, resolve, within, f"{place}/*", depth + 1)


def kind(schema: Mapping[str, Json]) -> str:
    """The JSON type in words: `text`, `list of text`, `number or null`."""
    named = schema.get("type")
    types = [named] if isinstance(named, str) else list(named or ())
    if not types:
        values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
        types = sorted({_NAMES.get(type(one), "string") for one in values})
    words = [_TYPES.get(one, one) for one in types]
    items = schema.get("items")
    if isinstance(items, Mapping) and items.get("type") and "list" in words:
        words[words.index("list")] = f"list of {kind(items)}"
    return " or ".join(words) or "any"


_TYPES: Final = {"string": "text", "array": "list", "integer": "whole number", "boolean": "true or false"}


_NAMES: Final[Mapping[type, str]] = {bool: "boolean", int: "integer", float: "number", type(None): "null"}


def _word(value: Json) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)


def about(schema: Mapping[str, Json]) -> str:
    """What a schema says of itself: description, values, bounds, default."""
    parts = [str(schema.get("description") or schema.get("title") or "")]
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if values:
        shown = ", ".join(f"`{_word(one)}`" for one in values[:12])
        parts.append(f"One of {shown}{', and more' if len(values) > 12 else ''}.")
    bounds = {"minimum": "at least", "maximum": "at most", "maxLength": "longest", "maxItems": "at most, members"}
    parts += [f"{word.capitalize()}: {schema[name]}." for name, word in bounds.items() if name in schema]
    if "default" in schema:
        parts.append(f"Default: `{_word(schema['default'])}`.")
    return " ".join(part for part in parts if part)


def _page(operation: Operation, resolve: Resolver, document: Mapping[str, Json]) -> Page:
    definition = operation.definition or {}
    shared = document.get("paths", {}).get(operation.path, {}).get("parameters", ())
    request, _ = resolve(definition.get("requestBody", {}))
    return Page(
        id=operation.id,
        method=operation.method,
        path=operation.path,
        legacy=operation.legacy,
        summary=definition.get("summary", ""),
        about=definition.get("description", ""),
        parameters=tuple(_parameter(one, resolve) for one in (*shared, *definition.get("parameters", ()))),
        bodies=tuple(_bodies(request, resolve)),
        credentials=_credentials(definition.get("security", document.get("security", [])), document),
        answers=tuple(_answer(str(status), one, resolve) for status, one in definition.get("responses", {}).items()),
    )


def _credentials(needed: Json, document: Mapping[str, Json]) -> str:
    """`bearer token and header x-api-key`; alternatives are joined by `or`."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    return ", or ".join(" and ".join(_scheme(schemes.get(name, {})) for name in one) or "none" for one in needed)


def _scheme(scheme: Mapping[str, Json]) -> str:
    if scheme.get("type") == "apiKey":
        return f"{scheme.get('in')} {scheme.get('name')}"
    return {"bearer": "bearer token", "basic": "name and password (Basic)"}.get(
        scheme.get("scheme", ""), "see openapi.yaml"
    )


def _parameter(value: Json, resolve: Resolver) -> Member:
    one, within = resolve(value)
    schema, _ = resolve(one.get("schema", {}), within)
    words = " ".join(part for part in (one.get("description", ""), about(schema)) if part)
    return Member(f"{one.get('in')} {one.get('name')}", kind(schema), bool(one.get("required")), words)


def _bodies(message: Mapping[str, Json], resolve: Resolver) -> Iterator[Body]:
    for media_type, one in message.get("content", {}).items():
        schema, _ = resolve(one.get("schema", {}))
        yield Body(media_type, tuple(members(one.get("schema", {}), resolve)), about(schema))


def _answer(status: str, value: Json, resolve: Resolver) -> Answer:
    one, _ = resolve(value)
    return Answer(status, one.get("description", ""), tuple(one.get("headers", {})), tuple(_bodies(one, resolve)))
