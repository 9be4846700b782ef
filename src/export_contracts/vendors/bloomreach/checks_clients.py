"""Checks of the client's side that a schema cannot say: credentials and the form of the body on the wire."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from export_contracts.checks.registry import check
from export_contracts.checks.talk import Talk
from export_contracts.model import Evidence, Exchange, Finding, Kept

GZIP = b"\x1f\x8b"
HIDDEN = ("redact", "*", "[", "<", "{")
"""Marks of a credential that a recorder has blotted out."""


@check("private_access")
def private_access(talk: Talk) -> Iterator[Evidence]:
    """Requests authenticate by Basic with key id and secret; a header that a recorder took out is not missed."""
    for exchange in talk.selected:
        at = exchange.at("/request/headers/authorization")
        if any(name == "access_token" for name, _ in exchange.request.query):
            yield Finding(exchange.at("/request/query"), "Basic authentication", "an access token in the query")
            continue
        header = exchange.request.headers.get("authorization")
        if header is None:
            if exchange.status in {None, 401, 403}:
                yield Finding(at, "Basic authentication", "no Authorization header")
            continue
        scheme, _, value = header.strip().partition(" ")
        if scheme.casefold() == "basic":
            yield from _pair(exchange, value.strip())
        elif value or exchange.status in {401, 403}:
            yield Finding(at, "Basic authentication", f"the scheme {scheme[:20]}" if value else "no scheme")


def _pair(exchange: Exchange, value: str) -> Iterator[Evidence]:
    at = exchange.at("/request/headers/authorization")
    if any(mark in value.casefold() for mark in HIDDEN):
        yield Kept(at, reading="the credential is blotted out")
        return
    try:
        key_id, _, secret = base64.b64decode(value, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        key_id, secret = b"", b""
    if key_id and secret:
        yield Kept(at)
    else:
        yield Finding(at, "key id and secret, joined by a colon, in base64", "something else")


@check("plain_body")
def plain_body(talk: Talk) -> Iterator[Evidence]:
    """The request body is not compressed."""
    for exchange in talk.selected:
        coding = (exchange.request.headers.get("content-encoding") or "identity").strip().lower()
        if coding not in {"identity", ""} or exchange.request.body.startswith(GZIP):
            yield Finding(exchange.at("/request/body"), "a body without compression", coding)
        else:
            yield Kept(exchange.at("/request/body"))
