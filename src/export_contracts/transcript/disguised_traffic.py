"""A transcript without customers' values: delivered files, downloads, and answers that are exports themselves."""

from __future__ import annotations

import dataclasses
import gzip
import json
import zlib
from collections.abc import Collection
from typing import Final

from export_contracts.model import Exchange, Headers, Json, Response, Transcript, Unreadable
from export_contracts.transcript import disguised_bodies
from export_contracts.transcript.disguise import Disguise, is_value

_NAMES: Final = frozenset({"header", "headers", "fields", "columns", "attributes"})
"""Members of an export that name its columns."""
_PEOPLE: Final = frozenset({"members", "history"})
"""Settings of a target that say who its customers are."""
_TABLES: Final = ("text/csv", "spreadsheetml", "ndjson", "jsonl", "zip", "gzip", "octet-stream", "parquet")


def disguised(disguise: Disguise, transcript: Transcript, exports: Collection[str]) -> Transcript:
    """The transcript in disguise. `exports`: operations whose answers of success are exports, in JSON too."""
    return dataclasses.replace(
        transcript,
        exchanges=tuple(_exchange(disguise, one, exports) for one in transcript.exchanges),
        files=tuple(
            dataclasses.replace(one, body=clean)
            for one in transcript.files
            if (clean := disguised_bodies.body(disguise, one.body)) or not one.body
        ),
        facts={name: _fact(disguise, name, value) for name, value in transcript.facts.items()},
    )


def _fact(disguise: Disguise, name: str, value: Json) -> Json:
    if name in _PEOPLE:
        return disguise.json(value)
    if isinstance(value, dict):
        return {inner: _fact(disguise, inner, one) for inner, one in value.items()}
    return [_fact(disguise, "", one) for one in value] if isinstance(value, list) else value


def _exchange(disguise: Disguise, exchange: Exchange, exports: Collection[str]) -> Exchange:
    response = exchange.response
    if response is None or not 200 <= response.status < 300 or not response.body:
        return exchange
    content = response.content
    if isinstance(content, Unreadable):
        return dataclasses.replace(exchange, response=_with(response, b""))
    if _is_archive(content) or any(one in response.media_type for one in _TABLES):
        return dataclasses.replace(exchange, response=_with(response, disguised_bodies.body(disguise, content)))
    if exchange.operation not in exports:
        return exchange
    whole = response.json
    if isinstance(whole, (dict, list)):
        clean = json.dumps(_rows(disguise, whole), ensure_ascii=False).encode()
    else:
        clean = disguised_bodies.body(disguise, content)
    return dataclasses.replace(exchange, response=_with(response, clean))


def _is_archive(content: bytes) -> bool:
    return content.startswith((b"PK", b"\x1f\x8b"))


def _rows(disguise: Disguise, value: Json) -> Json:
    """A JSON export: names of columns stay, in members that hold them or in the first of bare rows."""
    if isinstance(value, dict):
        named = bool(_NAMES & set(value))
        return {
            name: one if name in _NAMES and _is_names(one) else _member(disguise, one, named=named)
            for name, one in value.items()
        }
    if isinstance(value, list) and value and all(isinstance(one, list) for one in value) and _is_names(value[0]):
        return [value[0], *(disguise.json(one) for one in value[1:])]
    return disguise.json(value)


def _is_names(value: Json) -> bool:
    """Whether it is a list of what columns are called, each a text or a few words on it, and of no value."""
    said = [one if isinstance(one, dict) else {"": one} for one in value] if isinstance(value, list) else [{"": None}]
    words = [word for one in said for word in one.values()]
    return all(isinstance(word, str) and not is_value(word) for word in words) and not any(
        "value" in one for one in said
    )


def _member(disguise: Disguise, value: Json, *, named: bool) -> Json:
    return disguise.json(value) if named else _rows(disguise, value)


def _with(response: Response, content: bytes) -> Response:
    """The answer with other content, packed as it was."""
    coding = (response.headers.get("content-encoding") or "").strip().lower() if response.raw else ""
    packed = {"gzip": lambda: gzip.compress(content, mtime=0), "x-gzip": lambda: gzip.compress(content, mtime=0),
              "deflate": lambda: zlib.compress(content)}.get(coding, lambda: content)()  # fmt: skip
    fields = Headers(
        tuple(
            (name, str(len(packed)) if name.lower() == "content-length" and value == str(len(response.body)) else value)
            for name, value in response.headers
        )
    )
    return Response(response.status, fields, packed, response.raw)
