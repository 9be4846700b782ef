"""vcrpy cassettes, written through vcrpy's own serializer, with a `metadata` mapping of ours.

The metadata holds what HTTP does not: origin, date, times, intents, requests that went unanswered, callbacks,
delivered files and what the target declared. vcrpy replays such a cassette; `cassette_reader` reads it back. Writes
what it is given: redaction comes before (`redact_traffic.redact`).
"""

from __future__ import annotations

import base64
import http
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from export_contracts.model import DeliveredFile, Exchange, Headers, Intent, Json, Request, Response, Transcript

FORMAT: Final = "export-contracts/1"


def dump(transcript: Transcript, *, recorded_at: str, about: Mapping[str, Json] | None = None) -> bytes:
    """The cassette of a transcript. `recorded_at` is a date, `about` further words on where it comes from."""
    from vcr.request import Request as VcrRequest
    from vcr.serialize import serialize
    from vcr.serializers import yamlserializer

    answered = [one for one in transcript.exchanges if one.response is not None]
    text = serialize(
        {
            "requests": [VcrRequest(*_sent(one.request)) for one in answered],
            "responses": [_writable(_response_out(one.response)) for one in answered if one.response is not None],
            "metadata": _writable(_metadata(transcript, recorded_at, about or {})),
        },
        yamlserializer,
    )
    return bytes(text, "utf-8")


def _sent(request: Request) -> tuple[str, str, bytes | None, Json]:
    """What vcrpy makes a request of; it takes URLs apart, and some that were sent cannot be."""
    url = str(_writable(request.url))
    try:
        urlsplit(url)
    except ValueError:
        url = quote(url, safe="%/:?#@!$&'()*+,;=~")
    return str(_writable(request.method)), url, request.body or None, _writable(_joined(request.headers))


def _writable(value: Json) -> Json:
    """The value with lone surrogates, which a target or a file's name may hold and YAML may not, written as escapes."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_writable(name): _writable(one) for name, one in value.items()}
    return [_writable(one) for one in value] if isinstance(value, (list, tuple)) else value


def _joined(fields: Headers) -> dict[str, str]:
    """One value for each header of a request, as vcrpy keeps them."""
    first: dict[str, str] = {}
    for name, _ in fields:
        first.setdefault(name.lower(), name)
    return {name: fields.get(lower) or "" for lower, name in first.items()}


def _listed(fields: Headers) -> dict[str, list[str]]:
    first: dict[str, str] = {}
    for name, _ in fields:
        first.setdefault(name.lower(), name)
    return {name: list(fields.all(lower)) for lower, name in first.items()}


def _response_out(response: Response) -> dict[str, Any]:
    known = {one.value: one.phrase for one in http.HTTPStatus}
    return {
        "status": {"code": response.status, "message": known.get(response.status, "")},
        "headers": _listed(response.headers),
        "body": {"string": response.body},
    }


def _metadata(transcript: Transcript, recorded_at: str, about: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "format": FORMAT,
        "origin": transcript.origin,
        "vendor": transcript.vendor,
        "scenario": transcript.name,
        "recorded_at": recorded_at,
        **about,
        **({"base_url": transcript.base_url} if transcript.base_url else {}),
        "exchanges": [_exchange_out(one) for one in transcript.exchanges],
        "callbacks": [{"at": one.at, "request": _request_out(one.request)} for one in transcript.callbacks],
        "files": [
            {"key": one.key, "at": one.at, "missed": one.missed, **_fate(one), "base64": _packed(one.body)}
            for one in transcript.files
        ],
        "facts": dict(transcript.facts),
    }


def _fate(file: DeliveredFile) -> dict[str, Json]:
    """What happened to a file after it had come; nothing for one that stayed as it was."""
    return {name: at for name, at in (("changed", file.changed), ("gone", file.gone)) if at is not None}


def _exchange_out(exchange: Exchange) -> dict[str, Json]:
    intent = exchange.intent or Intent()
    said = {
        "index": exchange.index,
        "started": exchange.started if exchange.timed else None,
        "ended": exchange.ended if exchange.timed else None,
        "operation": exchange.operation,
        "label": intent.label or None,
        "fault": intent.fault,
        "twin": intent.twin,
        "decoded": None if exchange.response is None or exchange.response.raw else True,
        "trouble": exchange.trouble or ("no answer" if exchange.response is None else None),
        "request": _request_out(exchange.request) if exchange.response is None else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _request_out(request: Request) -> dict[str, Json]:
    fields = [[name, value] for name, value in request.headers]
    try:
        body = {"body": request.body.decode("utf-8")}
    except UnicodeDecodeError:
        body = {"base64": _packed(request.body)}
    return {"method": request.method, "url": request.url, "headers": fields, **body}


def _packed(body: bytes) -> str:
    return base64.b64encode(body).decode("ascii")
