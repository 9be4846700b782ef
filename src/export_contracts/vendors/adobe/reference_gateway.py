"""What stands before the reference's jobs: the platform's gateway and the token service.

The gateway refuses a request whose headers are incomplete in the platform's own form. The token service
answers any client, so that a program under test can log in; the key it names is good from then on.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from export_contracts.model import Json, Request
from export_contracts.reference.server import Answer

TOKEN_PATHS: Final = re.compile(r".*/ims/(token/v[1-4]|exchange/jwt|exchange/v1/jwt)/?$")
MULTIPART_CLIENT: Final = re.compile(r'name="?client_id"?[^\r\n]*\r\n(?:[^\r\n]+\r\n){0,3}\r\n([^\r\n]+)')
DAY: Final = 86_399


def answered(status: int, body: Json, operation: str | None, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})}, operation)


def stopped(code: str, message: str, operation: str) -> Answer:
    """The gateway's refusal: the first three digits of its code are the HTTP status."""
    return answered(int(code[:3]), {"error_code": code, "message": message}, operation)


def problem(status: int, title: str, detail: str, operation: str | None) -> Answer:
    """A refusal by the service behind the gateway."""
    return answered(
        status, {"type": "/placeholder/type/uri", "status": status, "title": title, "detail": detail}, operation
    )


def refusal(request: Request, state: Json, operation: str) -> Answer | None:
    """What the gateway says against a request, None where it lets it pass."""
    headers = request.headers.lowered()
    given = headers.get("authorization", "").strip()
    if not given:
        return stopped("403010", "Oauth token is missing.", operation)
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer" or token.strip() not in state["tokens"]:
        return stopped("401013", "Oauth token is not valid", operation)
    key = headers.get("x-api-key", "").strip()
    if not key:
        return stopped("403000", "Api Key is required", operation)
    if key not in state["keys"]:
        return stopped("403003", "Api Key is invalid", operation)
    for name in ("x-gw-ims-org-id", "x-sandbox-name"):
        if not headers.get(name, "").strip():
            return stopped("400003", "Missing header", operation)
    return None


def _client(request: Request) -> str | None:
    """Who asks for a token, wherever it stands: in the query, the credentials, a form of either kind, or JSON."""
    named = dict(request.query).get("client_id")
    scheme, _, pair = (request.headers.get("authorization") or "").partition(" ")
    if not named and scheme.lower() == "basic":
        with contextlib.suppress(ValueError):
            named = base64.b64decode(pair).decode().partition(":")[0]
    text = request.body.decode("utf-8", errors="replace")
    part = MULTIPART_CLIENT.search(text)
    if not named and part is not None:
        named = part.group(1)
    if not named and text.lstrip().startswith("{"):
        with contextlib.suppress(ValueError, RecursionError):
            named = str(json.loads(text).get("client_id") or "")
    return named or dict(parse_qsl(text)).get("client_id")


def issued(request: Request, state: Json) -> Answer:
    """An access token for whoever asks; the client's id becomes a known API key."""
    client = _client(request)
    if request.method != "POST":
        return answered(405, {"error": "method_not_allowed"}, None)
    if not client:
        return answered(400, {"error": "invalid_request", "error_description": "client_id is missing"}, None)
    if client not in state["keys"]:
        state["keys"].append(client)
    token = state["tokens"][0]
    lifetime = DAY * 1000 if "jwt" in request.path else DAY
    return answered(200, {"access_token": token, "token_type": "bearer", "expires_in": lifetime}, None)
