"""Redacts whole transcripts: learns every secret the traffic shows, then removes each wherever it stands.

Learning first keeps links whole: a token in an answer and the same token in a later request are redacted alike.
Lengths and packings are mended so that what is written is still sound HTTP.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from export_contracts.model import Callback, Exchange, Headers, Json, Request, Response, Transcript, Unreadable, inflate
from export_contracts.transcript import packed_members
from export_contracts.transcript.redaction import Redactor
from export_contracts.transcript.secret_words import SCHEMES, is_harmless, is_secret_header, is_secret_name

DEEPEST: Final = 64
MOST_LEARNT: Final = 300
LARGEST: Final = 256 * 1024 * 1024
"""Bytes of an archive's members that are looked into."""
_URL: Final = re.compile(r"""https?://[^\s"'<>\\]+""")


def learn(redactor: Redactor, transcripts: Iterable[Transcript]) -> Redactor:
    """The redactor, knowing also the secrets that stand in their usual places in `transcripts`.

    Only the first MOST_LEARNT: a body with thousands of tokens loses them in their places all the same.
    """
    shown = (one for transcript in transcripts for one in _shown(transcript) if telling(one))
    learnt: set[str] = set()
    for one in shown:
        learnt.add(one)
        if len(learnt) >= MOST_LEARNT:
            break
    return redactor.knowing(learnt)


def telling(value: str) -> bool:
    """Whether a value found in a secret's place is unlike any word, so that it may be removed everywhere."""
    return len(value) >= 8 and (any(not one.isalpha() for one in value) or len(value) >= 20) and not is_harmless(value)


def redact(redactor: Redactor, transcript: Transcript) -> Transcript:
    """The transcript without secrets; a setting that holds one keeps its placeholder among the facts."""
    redactor = learn(redactor, [transcript])
    return dataclasses.replace(
        transcript,
        exchanges=tuple(_exchange(redactor, one) for one in transcript.exchanges),
        callbacks=tuple(Callback(one.at, _request(redactor, one.request)) for one in transcript.callbacks),
        files=tuple(
            dataclasses.replace(one, key=redactor.literals(one.key), body=_packed(redactor, one.body))
            for one in transcript.files
        ),
        facts={name: redactor.json(value, name) for name, value in transcript.facts.items()},
        base_url=redactor.text(transcript.base_url) if transcript.base_url else transcript.base_url,
    )


def _exchange(redactor: Redactor, exchange: Exchange) -> Exchange:
    response = exchange.response
    return dataclasses.replace(
        exchange,
        request=_request(redactor, exchange.request),
        response=_response(redactor, response) if response is not None else None,
        trouble=redactor.text(exchange.trouble) if exchange.trouble else exchange.trouble,
    )


def _request(redactor: Redactor, request: Request) -> Request:
    body = _repacked(redactor, request)
    fields = _mended(redactor.headers(request.headers), len(request.body), len(body))
    return Request(request.method, redactor.text(request.url), fields, body)


def _response(redactor: Redactor, response: Response) -> Response:
    body = _repacked(redactor, response)
    fields = _mended(redactor.headers(response.headers), len(response.body), len(body))
    return Response(response.status, fields, body, response.raw)


def _repacked(redactor: Redactor, message: Request | Response) -> bytes:
    """The body redacted within its Content-Encoding."""
    body, content = message.body, message.content
    if content is body or isinstance(content, Unreadable):
        return _packed(redactor, body)
    if (clean := _packed(redactor, content)) == content:
        return body
    coding = (message.headers.get("content-encoding") or "").strip().lower()
    return zlib.compress(clean) if coding == "deflate" else gzip.compress(clean, mtime=0)


def _mended(fields: Headers, before: int, after: int) -> Headers:
    """The length of the body follows the body, unless it was wrong from the beginning."""
    return Headers(
        tuple(
            (name, str(after) if name.lower() == "content-length" and value.strip() == str(before) else value)
            for name, value in fields
        )
    )


def _packed(redactor: Redactor, body: bytes) -> bytes:
    """A body redacted, also inside gzip and zip; archives without a known secret stay as they are."""
    if body.startswith(b"\x1f\x8b"):
        content = inflate(body)
        if not isinstance(content, Unreadable):
            clean = _literal_bytes(redactor, content)
            return body if clean == content else gzip.compress(clean, mtime=0)
    if body.startswith(b"PK\x03\x04"):
        return _zip(redactor, body)
    return redactor.data(body)


def _literal_bytes(redactor: Redactor, body: bytes) -> bytes:
    return redactor.literals(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _zip(redactor: Redactor, body: bytes) -> bytes:
    """The archive with known secrets removed from its members; one that cannot be opened loses them as it stands."""
    try:
        members = packed_members.members(body, LARGEST)
    except (packed_members.Damaged, packed_members.Vast):
        return _literal_bytes(redactor, body)
    if all(_literal_bytes(redactor, member) == member for _, member in members):
        return body
    return packed_members.rewritten(members, lambda _, member: _literal_bytes(redactor, member))


def _shown(transcript: Transcript) -> Iterator[str]:
    requests = [one.request for one in transcript.exchanges] + [one.request for one in transcript.callbacks]
    for request in requests:
        yield from _in_url(request.url)
        yield from _in_headers(request.headers)
    responses = [one.response for one in transcript.exchanges if one.response is not None]
    for response in responses:
        yield from _in_headers(response.headers)
    yield from _in_json(dict(transcript.facts))
    messages: list[Request | Response] = [*requests, *responses]
    for message in messages:
        yield from _in_json(message.json)


def _in_headers(fields: Headers) -> Iterator[str]:
    for name, value in fields:
        if not is_secret_header(name):
            yield from (one for url in _URL.findall(value) for one in _in_url(url))
        elif "cookie" in name.lower():
            pairs = value.split(";")[: 1 if name.lower() == "set-cookie" else None]
            yield from (pair.partition("=")[2].strip() for pair in pairs)
        else:
            yield from _in_credential(value)


def _in_credential(value: str) -> Iterator[str]:
    scheme, _, rest = value.partition(" ")
    yield rest.strip() if scheme.lower() in SCHEMES else value
    if scheme.lower() == "basic":
        try:
            yield from base64.b64decode(rest.strip()).decode("utf-8").split(":", 1)
        except (binascii.Error, ValueError):
            return


def _in_url(url: str) -> Iterator[str]:
    try:
        split = urlsplit(url)
        pairs = parse_qsl(split.query.replace("+", "%2B") + "&" + split.fragment)
    except ValueError:
        return
    yield from (unquote(one) for one in (split.username, split.password) if one)
    yield from (value for name, value in pairs if is_secret_name(name))


def _in_json(value: Json, name: str = "", depth: int = 0) -> Iterator[str]:
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        for key, one in value.items():
            secret = name if is_secret_header(name) else str(key)
            yield from _in_json(one, secret, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _in_json(one, name, depth + 1)
    elif isinstance(value, str):
        if is_secret_header(name):
            yield from _in_credential(value)
        yield from (one for url in _URL.findall(value) for one in _in_url(url))
