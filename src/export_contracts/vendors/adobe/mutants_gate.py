"""Servers that let pass what they must refuse: false credentials, other content, broken orders."""

from __future__ import annotations

import dataclasses

from export_contracts.model import Headers, Json, Request, Unreadable
from export_contracts.reference.server import Answer
from export_contracts.schema.pointer import resolve
from export_contracts.vendors.adobe.reference_requests import Refused
from export_contracts.vendors.adobe.reference_service import Adobe


class _Lenient(Adobe):
    codes: tuple[str, ...] = ()

    def admit(self, request: Request, operation: str) -> Answer | None:
        answer = super().admit(request, operation)
        return None if answer and any(one.encode() in answer.body for one in self.codes) else answer


class AnyToken(_Lenient):
    """Believes any access token."""

    codes = ("401013",)


class NoKeyNeeded(_Lenient):
    """Needs no API key."""

    codes = ("403000",)


class AnyKey(_Lenient):
    """Believes any API key."""

    codes = ("403003",)


class SchemeOptional(Adobe):
    """Takes a token without the word before it."""

    def admit(self, request: Request, operation: str) -> Answer | None:
        """As if the word were there."""
        return super().admit(_named_bearer(request, spaces=0), operation)


class AnyScheme(Adobe):
    """Wants a word before the token, and takes any."""

    def admit(self, request: Request, operation: str) -> Answer | None:
        """As if it were the right one."""
        return super().admit(_named_bearer(request, spaces=1), operation)


def _named_bearer(request: Request, *, spaces: int) -> Request:
    """The request with a token of so many words called a bearer's."""
    given = request.headers.get("authorization") or ""
    if not given or given.count(" ") != spaces:
        return request
    others = [(name, value) for name, value in request.headers if name.lower() != "authorization"]
    bearer = ("Authorization", f"Bearer {given.rpartition(' ')[2]}")
    return dataclasses.replace(request, headers=Headers.of([*others, bearer]))


class AnyContent(Adobe):
    """Reads an order whatever content it is said to be."""

    def create(self, request: Request) -> Answer:
        """Order as if it were JSON, if it is said to be anything."""
        if "content-type" in request.headers:
            fields = [(name, value) for name, value in request.headers if name.lower() != "content-type"]
            request = dataclasses.replace(request, headers=Headers.of([*fields, ("Content-Type", "application/json")]))
        return super().create(request)


class TakesBrokenOrders(Adobe):
    """Takes a broken order for the smallest one there is."""

    def create(self, request: Request) -> Answer:
        """Order something, whatever the body says."""
        if isinstance(request.json, Unreadable):
            least = b'{"destination": {"datasetId": "any"}, "schema": {"name": "any"}}'
            request = dataclasses.replace(request, body=least)
        return super().create(request)


class FilterRequired(Adobe):
    """Refuses an order for everything."""

    def check(self, body: Json) -> None:
        """A filter is wanted."""
        if isinstance(body, dict) and body.get("filter") is None:
            raise Refused("filter is required")
        super().check(body)


class BlanksRefused(Adobe):
    """Takes what is left blank for a mistake."""

    def check(self, body: Json) -> None:
        """Neither blank fields nor a filter of nothing."""
        if isinstance(body, dict) and (body.get("fields") == "" or body.get("filter") == {}):
            raise Refused("nothing is selected")
        super().check(body)


class WantsBothTimes(Adobe):
    """Refuses a time of qualification that is bounded on one side only."""

    def check(self, body: Json) -> None:
        """Both bounds or none."""
        bounds = resolve(body, "/filter/segmentQualificationTime")
        if isinstance(bounds, dict) and len(bounds) == 1:
            raise Refused("startTime and endTime are required")
        super().check(body)


class WantsWholeEvents(Adobe):
    """Refuses events that are chosen by fields or by time alone."""

    def check(self, body: Json) -> None:
        """Fields and filter, or no events."""
        events = resolve(body, "/additionalFields/eventList")
        if isinstance(events, dict) and len(events) == 1:
            raise Refused("eventList needs fields and filter")
        super().check(body)


class KnowsNoExits(Adobe):
    """Refuses to export who has left a segment."""

    def check(self, body: Json) -> None:
        """No exits."""
        states = resolve(body, "/filter/segments/0/status")
        if isinstance(states, list) and "exited" in states:
            raise Refused("exited is not supported")
        super().check(body)


class BreaksDownOverOrders(Adobe):
    """Breaks down over an order that lacks what is required."""

    def create(self, request: Request) -> Answer:
        """A breakdown for each refusal of a body that can be read."""
        answer = super().create(request)
        is_json = isinstance(request.json, dict) and "content-type" in request.headers
        broken = is_json and answer.status == 400 and b"content-type" not in answer.body
        return dataclasses.replace(answer, status=500) if broken else answer
