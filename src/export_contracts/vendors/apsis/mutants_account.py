"""Servers that let in whom they should not, count no calls, or misjudge a token's life, one defect each."""

from __future__ import annotations

import dataclasses
import json

from export_contracts.model import Headers, Json, Request
from export_contracts.vendors.apsis import reference_account as accounts
from export_contracts.vendors.apsis.reference_service import Apsis


def _with(request: Request, **members: Json) -> Request:
    """The request with members of its body replaced: the server does not look at them."""
    try:
        body = json.loads(request.body)
    except ValueError:
        return request
    return dataclasses.replace(request, body=json.dumps({**body, **members}).encode())


class NoTokenNeeded(Apsis):
    """Takes orders from anybody without a token."""

    def authorise_order(self, request: Request) -> None:
        if "authorization" in request.headers:
            super().authorise_order(request)


class AnyTokenGoes(Apsis):
    """Takes any token for a good one."""

    def authorise_order(self, request: Request) -> None:
        if "authorization" not in request.headers:
            super().authorise_order(request)


class AnySecretGoes(Apsis):
    """Does not look at the client's secret."""

    def issue(self, request: Request) -> dict[str, Json]:
        return super().issue(_with(request, client_secret=self.account["client_secret"]))


class NoSecretNeeded(Apsis):
    """Looks at the client's secret where there is one."""

    def issue(self, request: Request) -> dict[str, Json]:
        said = b'"client_secret"' in request.body
        return super().issue(request if said else _with(request, client_secret=self.account["client_secret"]))


class NoClientNeeded(Apsis):
    """Looks at the client's id where there is one."""

    def issue(self, request: Request) -> dict[str, Json]:
        said = b'"client_id"' in request.body
        return super().issue(request if said else _with(request, client_id=self.account["client_id"]))


class AnyClientGoes(Apsis):
    """Looks at the secret alone."""

    def issue(self, request: Request) -> dict[str, Json]:
        return super().issue(_with(request, client_id=self.account["client_id"]))


class AnyGrantGoes(Apsis):
    """Does not look at the grant type."""

    def issue(self, request: Request) -> dict[str, Json]:
        return super().issue(_with(request, grant_type="client_credentials"))


class PasswordGrantGoes(Apsis):
    """Wants a grant type, and takes any."""

    def issue(self, request: Request) -> dict[str, Json]:
        said = b'"grant_type"' in request.body
        return super().issue(_with(request, grant_type="client_credentials") if said else request)


class NoOrderLimit(Apsis):
    """Takes any number of orders a second."""

    def count(self, bucket: str) -> None:
        if bucket != "export":
            super().count(bucket)


class NoLookLimit(Apsis):
    """Answers any number of looks a minute."""

    def count(self, bucket: str) -> None:
        if bucket != "download":
            super().count(bucket)


class NoTokenLimit(Apsis):
    """Hands out any number of tokens a minute."""

    def count(self, bucket: str) -> None:
        if bucket != "token":
            super().count(bucket)


class SchemeOptional(Apsis):
    """Takes a token without the word before it."""

    def authorise_order(self, request: Request) -> None:
        given = request.headers.get("authorization") or ""
        if given and " " not in given:
            given = f"Bearer {given}"
            request = dataclasses.replace(request, headers=Headers.of({"Authorization": given}))
        super().authorise_order(request)


class FileWithoutScheme(Apsis):
    """Gives a file for a token without the word before it."""

    def authorise_look(self, request: Request) -> None:
        given = request.headers.get("authorization") or ""
        if given and " " not in given:
            request = dataclasses.replace(request, headers=Headers.of({"Authorization": f"Bearer {given}"}))
        super().authorise_look(request)


class AnyScheme(Apsis):
    """Wants a word before a token, and takes any."""

    def authorise_order(self, request: Request) -> None:
        _, _, token = (request.headers.get("authorization") or "").rpartition("Token ")
        if request.headers.get("authorization") == f"Token {token}":
            request = dataclasses.replace(request, headers=Headers.of({"Authorization": f"Bearer {token}"}))
        super().authorise_order(request)


class TokensSayTwoDays(Apsis):
    """Writes the end of another day into tokens that live for one."""

    life = 2 * accounts.DAY

    def issue(self, request: Request) -> dict[str, Json]:
        answer = super().issue(request)
        token = accounts.jwt({"jti": self.state["issued"], "exp": int(self.now) + self.life})
        self.state["tokens"] = {**self.state["tokens"], token: self.now + accounts.DAY}
        return {**answer, "access_token": token}


class TokensSayOver(TokensSayTwoDays):
    """Writes an end into tokens that has passed."""

    life = -accounts.DAY


class TokensForEver(Apsis):
    """Never lets a token run out."""

    def authorise_order(self, request: Request) -> None:
        tokens = self.state.get("tokens", {})
        self.state["tokens"] = dict.fromkeys(tokens, self.now + 1)
        super().authorise_order(request)


class OneTokenAtATime(Apsis):
    """Forgets a token when another is handed out."""

    def issue(self, request: Request) -> dict[str, Json]:
        answer = super().issue(request)
        self.state["tokens"] = {answer["access_token"]: self.state["tokens"][answer["access_token"]]}
        return answer


class TokensForAnHour(Apsis):
    """Lets a token run out long before the time it says."""

    def issue(self, request: Request) -> dict[str, Json]:
        answer = super().issue(request)
        self.state["tokens"] = {**self.state["tokens"], answer["access_token"]: self.now + 3_600}
        return answer
