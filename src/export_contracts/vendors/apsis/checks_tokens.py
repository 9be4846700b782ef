"""How long tokens live: as long as they were said to, and no longer than a day. Orders stand elsewhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept
from export_contracts.vendors.apsis.checks_calls import DAY, LOOK, NEUTRAL, ORDER, SLACK, TOKEN, is_accepted

STATUS: Final = "/response/status"
REFUSALS: Final = (401, 403)


@dataclass(frozen=True)
class Issued:
    """A token handed out in this transcript: when, and until when it is said to be good; seconds since the epoch.

    `index` is that of the exchange in which it came first.
    """

    token: str
    index: int
    at: float
    until: float | None


def issued(talk: Talk) -> dict[str, Issued]:
    """Tokens by the value of the header that carries them."""
    return talk.once("apsis:issued", lambda: {f"Bearer {one.token}": one for one in _issued(talk)})


def _issued(talk: Talk) -> Iterator[Issued]:
    for exchange in talk.of(TOKEN):
        answer = exchange.response.json if exchange.response is not None and is_accepted(exchange) else None
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if isinstance(token, str) and isinstance(answer, dict):
            until = _until(token, answer.get("expires_in"), exchange.started)
            yield Issued(token, exchange.index, exchange.ended, until)


def _until(token: str, expires_in: Json, started: float) -> float | None:
    """What the token itself says or what the answer says, whichever is sooner."""
    told = [_number(_claims(token).get("exp"))]
    life = _number(expires_in)
    told += [None if life is None else started + life]
    return min((one for one in told if one is not None), default=None)


def _claims(token: str) -> dict[str, Json]:
    parts = token.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))) if len(parts) > 1 else {}
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def is_fresh(talk: Talk, exchange: Exchange) -> bool:
    """Whether the request carries a token handed out in this transcript that cannot have run out."""
    token = issued(talk).get(exchange.request.headers.get("authorization") or "")
    return token is not None and exchange.ended < min(token.until or 0.0, token.at + DAY) - SLACK


def is_good_later(talk: Talk, exchange: Exchange) -> bool:
    """Whether the request's token opened something afterwards, so that a refusal was not the token's fault."""
    token = exchange.request.headers.get("authorization")
    later = (one for one in talk.of(ORDER, LOOK) if one.index > exchange.index and is_accepted(one))
    return token is not None and any(one.request.headers.get("authorization") == token for one in later)


@check("token_says_its_end")
def token_says_its_end(talk: Talk) -> Iterator[Evidence]:
    """A token that says when it ends is neither over when it is handed out, nor good for more than a day.

    It is held against the sender's clock, the date of the answer and the token's own beginning: any of them will do.
    """
    pointer = "/response/body/access_token"
    for exchange in talk.selected:
        answer = exchange.response.json if exchange.response is not None else None
        claims = _claims(str(answer.get("access_token"))) if isinstance(answer, dict) else {}
        end = _number(claims.get("exp"))
        if end is None or exchange.response is None:
            continue
        told = [_number(claims.get("iat")), _number(claims.get("nbf")), _date(exchange.response.headers.get("date"))]
        now = [exchange.ended, *(one for one in told if one is not None)]
        if end > max(now) + DAY + SLACK:
            yield Finding(exchange.at(pointer), "a token that ends within a day", f"exp {end:.0f}")
        elif end <= min(now):
            yield Finding(exchange.at(pointer), "a token that is not over yet", f"exp {end:.0f}")
        else:
            yield Kept(exchange.at(pointer))


def _date(header: str | None) -> float | None:
    try:
        return None if header is None else parsedate_to_datetime(header).timestamp()
    except ValueError:
        return None


@check("token_opens")
def token_opens(talk: Talk) -> Iterator[Evidence]:
    """A token that was just handed out opens the call for an export."""
    for exchange in talk.of(ORDER):
        if exchange.fault is not None or not _is_new(talk, exchange):
            continue
        if exchange.status in REFUSALS:
            got = f"status {exchange.status}"
            yield Finding(exchange.at(STATUS), "the token from /oauth/token to be good", got)
        elif exchange.status not in NEUTRAL:
            yield Kept(exchange.at(STATUS))


def _is_new(talk: Talk, exchange: Exchange) -> bool:
    """Whether the request carries the token that was handed out last, and that a moment ago."""
    token = issued(talk).get(exchange.request.headers.get("authorization") or "")
    if token is None or not token.at <= exchange.started < token.at + SLACK:
        return False
    return not any(token.index < one.index < exchange.index for one in issued(talk).values())


@check("token_lives")
def token_lives(talk: Talk) -> Iterator[Evidence]:
    """A token is good for as long as it, or the answer that held it, says."""
    for exchange in talk.of(ORDER, LOOK):
        if exchange.fault is not None or not is_fresh(talk, exchange) or _is_new(talk, exchange):
            continue
        if exchange.status in REFUSALS:
            got = f"status {exchange.status}"
            yield Finding(exchange.at(STATUS), "a token to be good until the time it was said to be", got)
        elif exchange.status not in NEUTRAL:
            yield Kept(exchange.at(STATUS))
