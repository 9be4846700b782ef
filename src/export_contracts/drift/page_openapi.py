"""OpenAPI 3 and Swagger 2, in YAML or JSON, whole or reduced to [paths, schemas], to places. References stay inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from export_contracts.drift.said import Entry, Place
from export_contracts.model import Json

METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options")
DEEPEST: Final = 12
Operation = tuple[str, str]


def whole(data: Json) -> Mapping[str, Json] | None:
    """The document in its usual form, or None where the data is no API description."""
    if isinstance(data, list) and len(data) == 2 and all(isinstance(one, dict) for one in data):
        paths, schemas = data
        if any(key.startswith("/") for key in paths):
            return {"paths": paths, "components": {"schemas": schemas}, "definitions": schemas}
    if isinstance(data, dict) and isinstance(data.get("paths"), dict):
        return data
    return None


def operations(document: Mapping[str, Json]) -> Iterator[tuple[Operation, Mapping[str, Json], tuple[Json, ...]]]:
    """(method and path, operation, parameters) of every operation; a Swagger `basePath` is part of the path."""
    base = str(document.get("basePath") or "").rstrip("/")
    for path, item in document["paths"].items():
        item = _followed(document, item)  # noqa: PLW2901 - the same item behind its reference
        for method in METHODS:
            operation = item.get(method)
            if isinstance(operation, dict):
                own = [_followed(document, one) for one in operation.get("parameters") or ()]
                known = {(one.get("name"), one.get("in")) for one in own}
                shared = [_followed(document, one) for one in item.get("parameters") or ()]
                rest = [one for one in shared if (one.get("name"), one.get("in")) not in known]
                yield (method.upper(), base + path), operation, (*own, *rest)


def places(
    document: Mapping[str, Json], key: Operation, operation: Json, parameters: tuple[Json, ...]
) -> Iterator[Place]:
    """What one operation promises: parameters by where they travel, the body, the answers of success."""
    name = f"{key[0]} {key[1]}"
    kind = "schema" if all(one.get("name") for one in parameters) else "excerpt"
    for area in ("query", "header", "path"):
        found = tuple(_parameter(document, one) for one in parameters if one.get("in") == area and one.get("name"))
        yield Place(kind, f"{name}, {area} parameters", found, key, area)
    bodies = [one.get("schema") or {} for one in parameters if one.get("in") == "body"]
    body = _followed(document, operation.get("requestBody") or {})
    bodies += [_json_schema(body)] if body.get("content") else []
    for schema in bodies:
        yield Place("schema", f"{name}, request body", members(document, schema), key, "request")
    for status, answer in (operation.get("responses") or {}).items():
        schema = _json_schema(_followed(document, answer))
        if str(status).startswith("2") and schema:
            found = members(document, schema)
            yield Place("schema", f"{name}, answer {status}", found, key, "response")


def members(document: Mapping[str, Json], schema: Json) -> tuple[Entry, ...]:
    """Every member of a schema, at any depth, with references into `document` followed."""
    return _merged(_members(document, schema, "", (), 0))


def _merged(entries: Iterator[Entry]) -> tuple[Entry, ...]:
    """One entry for each path: alternatives (`oneOf`) may name one several times, and all they allow holds."""
    found: dict[str, Entry] = {}
    for one in entries:
        old = found.get(one.at)
        if old is None:
            found[one.at] = one
            continue
        need = old.need if old.need == one.need else "optional"
        words = old.words | one.words if old.words and one.words else frozenset()
        found[one.at] = Entry(one.at, old.types | one.types, old.items | one.items, need, words, certain=bool(words))
    return tuple(found.values())


def _json_schema(holder: Json) -> Json:
    if "schema" in holder:
        return holder["schema"] or {}
    content = holder.get("content") or {}
    best = [value for kind, value in content.items() if "json" in kind] or list(content.values())
    return (best[0] or {}).get("schema") or {} if best else {}


def _parameter(document: Mapping[str, Json], one: Json) -> Entry:
    schema = _followed(document, one.get("schema") or one)
    return _entry(str(one.get("name")), schema, required=bool(one.get("required")))


def _members(document: Mapping[str, Json], schema: Json, at: str, seen: tuple[str, ...], depth: int) -> Iterator[Entry]:
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    if reference in seen or depth > DEEPEST or not isinstance(schema, dict):
        return
    seen = (*seen, reference) if reference else seen
    schema = _followed(document, schema)
    for part in (*(schema.get("allOf") or ()), *(schema.get("oneOf") or ()), *(schema.get("anyOf") or ())):
        yield from _members(document, part, at, seen, depth + 1)
    if isinstance(schema.get("items"), dict):
        yield from _members(document, schema["items"], f"{at}[]" if at else "", seen, depth + 1)
    required = schema.get("required") if isinstance(schema.get("required"), list) else []
    for name, inner in (schema.get("properties") or {}).items():
        path = f"{at}.{name}" if at else str(name)
        target = _followed(document, inner)
        if isinstance(target.get("items"), dict):
            target = {**target, "items": _followed(document, target["items"])}
        yield _entry(path, target, required=name in (required or ()))
        yield from _members(document, inner, path, seen, depth + 1)


def _entry(at: str, schema: Json, *, required: bool) -> Entry:
    kind = schema.get("type")
    kinds = frozenset([kind] if isinstance(kind, str) else kind or ())
    items = schema.get("items") if isinstance(schema.get("items"), dict) else {}
    inner = (items or {}).get("type")
    values = schema.get("enum") or (items or {}).get("enum") or ()
    return Entry(
        at,
        kinds,
        frozenset([inner] if isinstance(inner, str) else ()),
        "required" if required else "optional",
        frozenset(str(one) for one in values),
        certain=bool(values),
    )


def _followed(document: Mapping[str, Json], value: Json) -> Json:
    for _ in range(DEEPEST):
        reference = value.get("$ref") if isinstance(value, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            break
        found: Json = document
        for part in reference[2:].split("/"):
            part = part.replace("~1", "/").replace("~0", "~")  # noqa: PLW2901 - unescaped
            found = found.get(part) if isinstance(found, dict) else None
        value = found or {}
    return value if isinstance(value, dict) else {}
