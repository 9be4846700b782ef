"""What a client of the account's tokens owes the vendor. Judges the request for one, not what is done with it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept

BODY = "/request/body"


@check("client_token_request")
def client_token_request(talk: Talk, *, ref: str) -> Iterator[Evidence]:
    """The members of a token request satisfy a JSON Schema, written as JSON or, as OAuth 2 has it, as a form."""
    validator = talk.validator(ref)
    for one in talk.selected:
        violations = list(validator.violations(_members(one), BODY))
        for each in violations:
            yield Finding(one.at(each.pointer), each.expected, each.got)
        if not violations:
            yield Kept(one.at(BODY))


def _members(exchange: Exchange) -> Json:
    body = exchange.view["request"]["body"]
    media = (exchange.request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    form = isinstance(body, str) and media == "application/x-www-form-urlencoded"
    return dict(parse_qsl(body)) if form else body
