"""The account behind the reference: credentials, tokens and the rates that all its keys share.

Holds no state of its own: what was issued and when calls came stands in the server's `state`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from typing import Final

from export_contracts.model import Json, Request
from export_contracts.reference.server import Answer
from export_contracts.vendors.apsis.reference_request import Refused, bad

DAY: Final = 86_400
RATES: Final = {"export": (1, 1.0), "download": (60, 60.0), "token": (10, 60.0)}
"""So many calls in so many seconds, for all keys of the account together."""


def credentials(seed: int) -> dict[str, str]:
    """The account's key, and a token that lives as long as this server."""
    digest = hashlib.sha256(f"apsis/{seed}".encode()).hexdigest()
    return {
        "client_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"apsis/{seed}")),
        "client_secret": digest,
        "token": jwt({"sub": digest[:8], "scope": "reference"}),
    }


def issue(request: Request, account: Mapping[str, str], state: dict[str, Json], now: float) -> dict[str, Json]:
    """A token for the client credentials in the request; raises `Refused`."""
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError):
        raise bad("The body is not JSON.") from None
    if not isinstance(asked, dict) or asked.get("grant_type") != "client_credentials":
        raise bad("grant_type must be client_credentials.")
    if any(asked.get(name) != account[name] for name in ("client_id", "client_secret")):
        raise Refused(401, "Unauthorized", "The client credentials are not known.")
    state["issued"] = state.get("issued", 0) + 1
    token = jwt({"sub": account["client_id"], "jti": state["issued"], "exp": int(now) + DAY})
    state.setdefault("tokens", {})[token] = now + DAY
    return {"access_token": token, "expires_in": DAY, "token_type": "Bearer"}


def authorise(request: Request, account: Mapping[str, str], state: Mapping[str, Json], now: float) -> None:
    """Raises `Refused` unless the request carries a token of this account that has not run out."""
    match = re.fullmatch(r"bearer +(\S+)", request.headers.get("authorization") or "", re.IGNORECASE)
    token = match.group(1) if match else None
    if token != account["token"] and state.get("tokens", {}).get(token, 0) <= now:
        raise Refused(401, "Unauthorized", "A valid bearer token is needed.")


def count(bucket: str, state: dict[str, Json], now: float) -> None:
    """Count a call; raises `Refused` with 429 where the account has had its share."""
    most, window = RATES[bucket]
    calls = [one for one in state.setdefault("calls", {}).get(bucket, []) if one > now - window]
    state["calls"][bucket] = calls
    if len(calls) >= most:
        raise Refused(429, "Too Many Requests", f"No more than {most} calls in {window:.0f} s.")
    calls.append(now)


def problem(refused: Refused, operation: str | None) -> Answer:
    """The refusal as a problem object."""
    body = {"status": refused.status, "title": refused.title, "detail": refused.detail}
    return Answer(refused.status, json.dumps(body).encode(), {"Content-Type": "application/problem+json"}, operation)


def jwt(claims: Mapping[str, Json]) -> str:
    """A token that holds `claims`, signed by nobody in particular."""

    def part(value: Mapping[str, Json]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    signature = hashlib.sha256(json.dumps(claims).encode()).digest()
    return f"{part({'alg': 'HS256'})}.{part(claims)}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
