"""Postman collections (v2.0, v2.1, or one item found in a text): the items, their Markdown and their sample bodies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from export_contracts.model import Json


@dataclass(frozen=True)
class Item:
    """One request of a collection."""

    name: str
    method: str
    path: str
    description: str
    body: str
    query: tuple[str, ...]
    statuses: tuple[int, ...]


def items(text: str) -> tuple[Item, ...]:
    """Every request in a collection or item that the text is, or holds; empty where it holds none."""
    return tuple(one for data in _jsons(text) for one in _walk(data, 0))


def _jsons(text: str) -> Iterator[Json]:
    decoder = json.JSONDecoder(strict=False)
    position = 0
    for _ in range(200):
        position = text.find("{", position)
        if position < 0:
            return
        try:
            data, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            position += 1
            continue
        yield data
        position = end


def _walk(data: Json, depth: int) -> Iterator[Item]:
    if not isinstance(data, dict) or depth > 20:
        return
    request = data.get("request")
    if isinstance(request, dict) and "method" in request:
        yield _item(str(data.get("name", "")), request, data)
    for inner in data.get("item") or ():
        yield from _walk(inner, depth + 1)
    if isinstance(data.get("collection"), dict):
        yield from _walk(data["collection"], depth + 1)


def _item(name: str, request: dict[str, Json], data: dict[str, Json]) -> Item:
    description = request.get("description") or data.get("description") or ""
    if isinstance(description, dict):
        description = description.get("content") or ""
    url = request.get("url") or {}
    url = {"raw": url} if isinstance(url, str) else url
    parts = url.get("path")
    path = "/" + "/".join(map(str, parts)) if isinstance(parts, list) else str(parts or url.get("raw") or "")
    body = request.get("body")
    answers = [one for one in data.get("response") or () if isinstance(one, dict)]
    return Item(
        name,
        str(request["method"]).upper(),
        path,
        str(description),
        str(body.get("raw") or "") if isinstance(body, dict) else "",
        tuple(str(one.get("key")) for one in url.get("query") or () if isinstance(one, dict)),
        tuple(one["code"] for one in answers if isinstance(one.get("code"), int)),
    )
