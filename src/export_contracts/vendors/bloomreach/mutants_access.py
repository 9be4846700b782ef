"""Servers that let in whom they should not, or misread a request's body: one defect each."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from zoneinfo import ZoneInfo

from export_contracts.model import Request
from export_contracts.reference.server import Answer
from export_contracts.vendors.bloomreach.reference_request import Column, Refused
from export_contracts.vendors.bloomreach.reference_service import Bloomreach


class ServesAnybody(Bloomreach):
    """Asks nobody for a key who brings none."""

    def authorise(self, request: Request) -> None:
        """Only a key that was brought is looked at."""
        if "authorization" in request.headers:
            super().authorise(request)


class TakesAnyKey(Bloomreach):
    """Looks up no key."""

    def authorise(self, request: Request) -> None:
        """An unknown key counts as the first known one."""
        key_id, _ = self.private_key(request.headers.get("authorization") or "")
        if key_id in self.state["keys"]:
            super().authorise(request)


class TakesAnySecret(Bloomreach):
    """Looks at no secret."""

    def compare(self, key: dict[str, Any], secret: str) -> None:
        """Every secret will do."""


class TakesNoSecret(Bloomreach):
    """Looks only at a secret that was brought."""

    def compare(self, key: dict[str, Any], secret: str) -> None:
        """No secret at all will do."""
        if secret:
            super().compare(key, secret)


class TakesSecretsOfAnyCase(Bloomreach):
    """Compares secrets without their case."""

    def compare(self, key: dict[str, Any], secret: str) -> None:
        """Large letters are small ones."""
        super().compare({**key, "secret": key["secret"].casefold()}, secret.casefold())


class TakesBeginningsOfSecrets(Bloomreach):
    """Compares no further than the shorter one goes, if only there is one."""

    def compare(self, key: dict[str, Any], secret: str) -> None:
        """A secret of which an end is missing will do."""
        super().compare(key, key["secret"] if secret and key["secret"].startswith(secret) else secret)


class TakesQueryTokens(Bloomreach):
    """Takes a public token in the query for private access."""

    def authorise(self, request: Request) -> None:
        """The right token opens the door."""
        if ("access_token", self.state["public_token"]) not in request.query:
            super().authorise(request)


class TakesTokensForKeys(Bloomreach):
    """Takes a public token that comes as the id of a key."""

    def authorise(self, request: Request) -> None:
        """Without a look at the secret."""
        header = request.headers.get("authorization") or ""
        if not header.startswith("Basic ") or self.private_key(header)[0] != self.state["public_token"]:
            super().authorise(request)


class TakesPublicTokens(Bloomreach):
    """Takes public access for private."""

    def authorise(self, request: Request) -> None:
        """A public token opens the door."""
        if not (request.headers.get("authorization") or "").startswith("Token "):
            super().authorise(request)


class TakesAnyScheme(Bloomreach):
    """Looks at what follows the first word of a credential only."""

    def private_key(self, header: str) -> tuple[str, str]:
        """Any scheme is Basic, but for that of public access."""
        scheme, _, value = header.partition(" ")
        return super().private_key(f"Basic {value}" if scheme != "Token" else header)


class TakesAnyMethod(Bloomreach):
    """Exports whatever the method."""

    def answer(self, request: Request) -> Answer:
        """Every method is POST."""
        return super().answer(dataclasses.replace(request, method="POST"))


class ExportsOnGet(Bloomreach):
    """Exports everybody when only looked at."""

    def answer(self, request: Request) -> Answer:
        """A GET orders the default of everything."""
        if request.method == "GET":
            request = dataclasses.replace(request, method="POST", body=b'{"format": "table_json"}')
        return super().answer(request)


class KnowsEveryAddress(Bloomreach):
    """Exports whatever the last part of the address."""

    def answer(self, request: Request) -> Answer:
        """Each address beneath the customers is the export's."""
        before, customers, _ = request.url.rpartition("/customers/")
        if customers and not request.path.endswith("/export"):
            body = request.body or b'{"format": "table_json"}'
            request = dataclasses.replace(request, url=before + customers + "export", body=body)
        return super().answer(request)


class ForgetsPermissions(Bloomreach):
    """Lets every private key export."""

    def permit(self, key: dict[str, Any]) -> None:
        """No permission is needed."""


class IgnoresTheProject(Bloomreach):
    """Takes every project token for its own."""

    def enter(self, project: str) -> None:
        """Every project is this one."""


class FormatByDefault(Bloomreach):
    """Falls back on a format."""

    def read_format(self, body: dict[str, Any]) -> str:
        """Without a format, JSON."""
        return super().read_format({"format": "table_json", **body})


class ListByDefault(Bloomreach):
    """Falls back on everything where the list is missing."""

    def read_columns(self, body: dict[str, Any]) -> tuple[Column, ...] | None:
        """No list is no narrowing."""
        attributes = body.get("attributes")
        return None if attributes == {"type": "some"} else super().read_columns(body)


class ReadsAnything(Bloomreach):
    """Takes a body that it cannot read for a plain export."""

    def read_body(self, body: bytes) -> dict[str, Any]:
        """Damaged JSON asks for a table."""
        try:
            json.loads(body)
        except ValueError:
            return {"format": "table_json"}
        return super().read_body(body)


class WantsMore(Bloomreach):
    """Refuses a request that names its format and nothing else."""

    def read_body(self, body: bytes) -> dict[str, Any]:
        """Something more has to be said."""
        read = super().read_body(body)
        if set(read) == {"format"}:
            raise Refused(400, "filter or attributes are required")
        return read


class NoOtherTime(Bloomreach):
    """Refuses an execution time."""

    def read_moment(self, body: dict[str, Any]) -> int | None:
        """There is only now, unless a time zone comes with it."""
        if "execution_time" in body and "timezone" not in body:
            raise Refused(400, "execution_time is not allowed")
        return super().read_moment(body)


class AlwaysNow(Bloomreach):
    """Ignores the execution time."""

    def read_moment(self, body: dict[str, Any]) -> int | None:
        """There is only now."""
        super().read_moment(body)
        return None


class NoOtherZone(Bloomreach):
    """Refuses every time zone but UTC, which it need not be told of."""

    def read_zone(self, body: dict[str, Any]) -> ZoneInfo:
        """A time zone alone is refused."""
        if "timezone" in body and "execution_time" not in body:
            raise Refused(400, "timezone is not allowed")
        return super().read_zone(body)


class AlwaysUtc(Bloomreach):
    """Ignores the time zone."""

    def read_zone(self, body: dict[str, Any]) -> ZoneInfo:
        """There is only UTC."""
        super().read_zone(body)
        return ZoneInfo("UTC")


class TokyoByDefault(Bloomreach):
    """Falls back on a time zone that is not UTC."""

    def read_zone(self, body: dict[str, Any]) -> ZoneInfo:
        """Without a time zone, Tokyo."""
        return super().read_zone({"timezone": "Asia/Tokyo", **body})


class TimeOrZone(Bloomreach):
    """Takes an execution time or a time zone, and not both."""

    def read_zone(self, body: dict[str, Any]) -> ZoneInfo:
        """Both are one too many, but in a segment's filter."""
        if {"timezone", "execution_time"} <= body.keys() and "filter" not in body:
            raise Refused(400, "timezone is not allowed beside execution_time")
        return super().read_zone(body)
