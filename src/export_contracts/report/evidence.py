"""What was sent and answered where something was found: headers and bodies, as text that a reader can look at.

Only exchanges that a clause points at have evidence, and of a long body only the beginning is kept. Credentials
are left out here by their place; whatever else is secret falls to the redaction that the whole document passes.
"""

from __future__ import annotations

from collections.abc import Mapping

from export_contracts.model import Exchange, Headers, Json, Unreadable
from export_contracts.transcript.secret_words import is_secret_header

LONGEST = 6_000
"""Characters of a body that a results document keeps."""

_TAKEN = 4 * LONGEST
"""Characters that redaction sees: a secret cut in half at this end never enters the document."""


def evidence(exchange: Exchange) -> dict[str, Json]:
    """The two messages, their bodies still to be redacted and then `shortened`."""
    shown: dict[str, Json] = {"sent": _message(exchange.request.headers, exchange.request.body)}
    if exchange.response is not None:
        content = exchange.response.content
        body = exchange.response.body if isinstance(content, Unreadable) else content
        shown["answered"] = _message(exchange.response.headers, body)
    return shown


def shortened(request: Mapping[str, Json]) -> None:
    """Cut the bodies of one redacted entry, in place; `bytes` still tells their true length."""
    for message in request.get("evidence", {}).values():
        text = message["body"]
        if text is not None and len(text) > LONGEST:
            message["body"], message["cut"] = text[:LONGEST], True


def _message(headers: Headers, body: bytes) -> dict[str, Json]:
    try:
        text = body[:_TAKEN].decode("utf-8", errors="strict" if len(body) <= _TAKEN else "ignore")
    except UnicodeDecodeError:
        text = None
    if text is not None and "\0" in text:
        text = None
    return {
        "headers": [[name, value] for name, value in headers if not is_secret_header(name)],
        "body": text,
        "bytes": len(body),
        "cut": len(body) > _TAKEN,
    }
