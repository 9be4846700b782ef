"""Postman collections (v1, v2.0, v2.1, or one item found in a text) to places: their Markdown, names and samples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from export_contracts.drift import gather, page_html, page_markdown, pseudo_json, vocabulary
from export_contracts.drift.blocks import Block
from export_contracts.drift.said import Entry, Operation, Place, Publication, Unread
from export_contracts.model import Json

DEEPEST: Final = 20
ANSWER: Final = "answer of "
"""Where a status was found that an answer saved with a request has."""
_STANDARD: Final = frozenset(
    [
        "accept",
        "accept-encoding",
        "authorization",
        "cache-control",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    ]
)
"""Headers that clients send to everybody, and that a collection may leave to its settings."""


@dataclass(frozen=True)
class Item:
    """One request of a collection: the item as it stands there, and what is asked for."""

    name: str
    operation: Operation
    request: Mapping[str, Json]
    around: Mapping[str, Json]

    @property
    def description(self) -> str:
        """Its Markdown (or HTML), whatever form it has in the collection."""
        return _described(self.request) or _described(self.around)


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
    if not isinstance(data, dict) or depth > DEEPEST:
        return
    request = data.get("request")
    if isinstance(request, str) and request.startswith(("http", "{{")):  # a request may be its URL alone
        request = {"method": "GET", "url": request}
    if isinstance(request, dict) and ("method" in request or "url" in request):
        yield _item(str(data.get("name", "")), request, data)
    for inner in data.get("item") or ():
        yield from _walk(inner, depth + 1)
    for inner in data.get("requests") or ():  # v1
        if isinstance(inner, dict) and "url" in inner:
            body = {"mode": inner.get("dataMode"), "raw": inner.get("rawModeData") or ""}
            yield _item(str(inner.get("name", "")), {"body": body, **inner}, inner)
    if isinstance(data.get("collection"), dict):
        yield from _walk(data["collection"], depth + 1)


def _item(name: str, request: Mapping[str, Json], around: Mapping[str, Json]) -> Item:
    url = request.get("url") or {}
    url = {"raw": url} if isinstance(url, str) else url
    parts = url.get("path")
    path = "/" + "/".join(map(str, parts)) if isinstance(parts, list) else str(parts or url.get("raw") or "")
    path = re.sub(r"^(?:https?://[^/]+|/?\{\{[^}]+\}\})", "", path).split("?")[0]
    return Item(name, (str(request.get("method") or "GET").upper(), path), {**request, "url": url}, around)


def _described(holder: Mapping[str, Json]) -> str:
    said = holder.get("description")
    if isinstance(said, dict):
        said = said.get("content")
    return said if isinstance(said, str) else ""


def publication(found: Sequence[Item], name: str) -> Publication:
    """Everything that a collection says of its requests."""
    places: list[Place] = []
    statuses: list[tuple[Operation | None, str, str]] = []
    passages: list[tuple[Operation | None, str]] = []
    unread: list[Unread] = []
    for item in found:
        page = gather.publication(name, "postman", tuple(_blocks(item.description)))
        key = item.operation
        places += [replace(one, operation=key, where=f"description, {one.where}") for one in page.places]
        places += _names(item)
        places += _bodies(item)
        statuses += [(key, status, where) for _, status, where in page.statuses]
        statuses += [(key, str(code), f"{ANSWER}{item.name}") for code in _codes(item)]
        passages += [(key, text) for _, text in page.passages]
        unread += page.unread
    keys = tuple(dict.fromkeys(one.operation for one in found))
    return Publication(name, "postman", tuple(places), tuple(statuses), tuple(passages), tuple(unread), "", keys)


def _blocks(description: str) -> Iterable[Block]:
    html = description.lstrip()[:1] == "<" and re.search(r"</(?:p|table|h\d|div|ul)>", description)
    return page_html.blocks(description) if html else page_markdown.blocks(description)


def _names(item: Item) -> Iterator[Place]:
    """Parameters of path and query, and headers beyond those that everybody sends."""
    url = item.request["url"]
    query = [one for one in url.get("query") or () if isinstance(one, dict) and one.get("key")]
    if query:
        yield _place(item, "collection", "query", [_parameter(one) for one in query])
    elif "?" in str(url.get("raw") or ""):
        named = re.findall(r"[?&]([\w.-]+)=", str(url["raw"]))
        yield _place(item, "collection", "query", [Entry(one) for one in named])
    headers = item.request.get("header")
    listed = [one for one in headers if isinstance(one, dict) and one.get("key")] if isinstance(headers, list) else []
    sent = [one for one in listed if not one.get("disabled")]
    own = [_parameter(one) for one in sent if str(one["key"]).lower() not in _STANDARD]
    if own:
        yield _place(item, "sample", "header", own)


def _parameter(one: Mapping[str, Json]) -> Entry:
    about = _described(one) or (one["description"] if isinstance(one.get("description"), str) else "")
    lead = re.match(r"\s*[(（*_]++([^)）*]+)[)）*]", about)
    return Entry(str(one["key"]), need=vocabulary.need(lead[1]) if lead else None)


def _place(item: Item, kind: str, area: str, entries: Sequence[Entry]) -> Place:
    return Place(kind, f"{area} of {item.name}", tuple(entries), item.operation, area)


def _bodies(item: Item) -> Iterator[Place]:
    body = item.request.get("body")
    if isinstance(body, dict):
        raw = body.get("raw")
        if isinstance(raw, str) and raw.strip() and "{" in raw.replace("{{", ""):
            yield from _body(item, raw, "request")
        for mode in ("urlencoded", "formdata"):
            fields = [one for one in body.get(mode) or () if isinstance(one, dict) and one.get("key")]
            if fields:
                yield _place(item, "collection", "request", [_parameter(one) for one in fields])
    for answer in _answers(item):
        code = answer.get("code")
        if isinstance(answer.get("body"), str) and isinstance(code, int) and 200 <= code < 300:
            yield from _body(item, answer["body"], "response")


def _body(item: Item, text: str, area: str) -> Iterator[Place]:
    """A body written out by a generator (`"<string>"` for values) is whole; one with values is a sample."""
    read = pseudo_json.read(text)
    if read is None:
        return
    drawn = len(re.findall(r'"<[a-z ,-]+>"', text)) * 2 >= text.count(":") > 0
    yield Place("drawn" if drawn else "sample", f"{area} body of {item.name}", read[1], item.operation, area)


def _answers(item: Item) -> list[Mapping[str, Json]]:
    several = item.around.get("response") or item.around.get("responses") or ()
    return [one for one in several if isinstance(one, dict)] if isinstance(several, list) else []


def _codes(item: Item) -> list[int]:
    return [one["code"] for one in _answers(item) if isinstance(one.get("code"), int) and one["code"] >= 200]
