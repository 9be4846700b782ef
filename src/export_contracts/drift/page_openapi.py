"""OpenAPI 3 and Swagger 2, in YAML or JSON, whole or reduced to [paths, schemas], to places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from export_contracts.drift import schema_members
from export_contracts.drift.said import Entry, Operation, Place, Publication, Unread
from export_contracts.drift.schema_members import followed
from export_contracts.model import Json

METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options")


def whole(data: Json) -> Mapping[str, Json] | None:
    """The document in its usual form, or None where the data is no API description."""
    if isinstance(data, list) and len(data) == 2 and all(isinstance(one, dict) for one in data):
        paths, schemas = data
        if any(key.startswith("/") for key in paths):
            return {"paths": paths, "components": {"schemas": schemas}, "definitions": schemas}
    if isinstance(data, dict) and isinstance(data.get("paths"), dict):
        return data
    return None


def publication(document: Mapping[str, Json], name: str, missing: tuple[str, ...] = ()) -> Publication:
    """Everything that a description says. `missing`: references to files that were not there."""
    found, statuses, keys, retired = [], [], [], []
    unread = [Unread(one, "a reference that leads nowhere") for one in dict.fromkeys(missing) if "://" not in one]
    for key, operation, parameters in operations(document):
        keys.append(key)
        retired += [key] if operation.get("deprecated") is True else []
        if not all(one.get("name") for one in parameters):
            unread.append(Unread(f"{key[0]} {key[1]}", "parameters by a reference that leads nowhere"))
        for place in places(document, key, operation, parameters):
            found.append(place)
            if place.kind == "excerpt" and place.area in {"request", "response"}:
                unread.append(Unread(place.where, "a schema with a reference that leads nowhere"))
        statuses += [(key, str(one).upper(), f"{key[0]} {key[1]}") for one in operation.get("responses") or ()]
    info = document.get("info")
    title = str(info.get("title", "")) if isinstance(info, dict) else ""
    return Publication(
        name, "openapi", tuple(found), tuple(statuses), (), tuple(unread), title, tuple(keys), tuple(retired)
    )


def operations(document: Mapping[str, Json]) -> Iterator[tuple[Operation, Mapping[str, Json], tuple[Json, ...]]]:
    """(method and path, operation, parameters) of every operation; a Swagger `basePath` is part of the path."""
    base = str(document.get("basePath") or "").rstrip("/")
    for path, item in document["paths"].items():
        item = followed(document, item)  # noqa: PLW2901 - the same item behind its reference
        for method in METHODS:
            operation = followed(document, item.get(method))
            if operation:
                own = [followed(document, one) for one in operation.get("parameters") or ()]
                known = {(one.get("name"), one.get("in")) for one in own}
                shared = [followed(document, one) for one in item.get("parameters") or ()]
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
    form = [one for one in parameters if one.get("in") == "formData"]
    if form:
        yield Place(kind, f"{name}, form", tuple(_parameter(document, one) for one in form), key, "request")
    bodies = [one.get("schema") or {} for one in parameters if one.get("in") == "body"]
    body = followed(document, operation.get("requestBody") or {})
    bodies += [_json_schema(document, body)] if body.get("content") else []
    for schema in bodies:
        yield _body(document, schema, f"{name}, request body", key, "request")
    for status, answer in (operation.get("responses") or {}).items():
        schema = _json_schema(document, followed(document, answer))
        if str(status).startswith("2") and schema:
            yield _body(document, schema, f"{name}, answer {status}", key, "response")


def _body(document: Mapping[str, Json], schema: Json, where: str, key: Operation, area: str) -> Place:
    kind = "excerpt" if schema_members.leads_nowhere(document, schema) else "schema"
    return Place(kind, where, schema_members.members(document, schema), key, area)


def _json_schema(document: Mapping[str, Json], holder: Json) -> Json:
    if "schema" in holder:
        return holder["schema"] or {}
    content = holder.get("content") or {}
    best = [value for kind, value in content.items() if "json" in kind] or list(content.values())
    return (followed(document, best[0]).get("schema") or {}) if best else {}


def _parameter(document: Mapping[str, Json], one: Json) -> Entry:
    content = one.get("content") or {}
    schema = one.get("schema") or next((inner.get("schema") for inner in content.values()), None) or one
    plain = (
        {key: value for key, value in schema.items() if key not in {"required", "in", "name"}}
        if schema is one
        else schema
    )
    entry = schema_members.entry(document, str(one.get("name")), plain, required=bool(one.get("required")))
    return replace(entry, retired=entry.retired or one.get("deprecated") is True)
