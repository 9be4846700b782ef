"""Servers that take orders they should refuse, or refuse orders they should take, one defect each. No other logic."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

from export_contracts.model import Json, Request
from export_contracts.reference.server import Answer
from export_contracts.vendors.apsis.reference_request import Order, Refused, bad
from export_contracts.vendors.apsis.reference_service import Apsis

Body = dict[str, Json]


def _body(request: Request) -> Body:
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def mended(request: Request, mend: Callable[[Body], Body]) -> Request:
    """The request after `mend` made what is wrong in it right: the server overlooks it."""
    body = _body(request)
    return dataclasses.replace(request, body=json.dumps(mend(body)).encode()) if body else request


def _segments(body: Body) -> Body:
    found = body.get("segments")
    return found if isinstance(found, dict) else {}


def _with_filter(body: Body, expression: str) -> Body:
    return {**body, "segments": {**_segments(body), "filter": expression}}


class RefusesNot(Apsis):
    """Knows no negation."""

    def read_order(self, request: Request) -> Order:
        if "!" in str(_segments(_body(request)).get("filter")):
            raise bad("! is not supported.")
        return super().read_order(request)


class OneSegmentPerFilter(Apsis):
    """Refuses a second segment where the first filter had only operators it knows."""

    def read_order(self, request: Request) -> Order:
        if len(_segments(_body(request)).get("segment_discriminators", {})) > 1 and "!" in str(
            _segments(_body(request)).get("filter")
        ):
            raise bad("One segment only.")
        return super().read_order(request)


class DemandsSegments(Apsis):
    """Takes no order without segments, unless it has topics."""

    def read_order(self, request: Request) -> Order:
        body = _body(request)
        if body.get("attributes") and "segments" not in body:
            raise bad("segments is missing.")
        return super().read_order(request)


class RefusesDiscriminators(Apsis):
    """Knows no existing segment."""

    def read_order(self, request: Request) -> Order:
        if _segments(_body(request)).get("segment_discriminators"):
            raise bad("segment_discriminators is not supported.")
        return super().read_order(request)


class RefusesDefinitions(Apsis):
    """Knows no AQL."""

    def read_order(self, request: Request) -> Order:
        if "segment_definitions" in _segments(_body(request)):
            raise bad("segment_definitions is not supported.")
        return super().read_order(request)


class RefusesTopics(Apsis):
    """Knows no topics."""

    def read_order(self, request: Request) -> Order:
        if "topic_discriminators" in _body(request):
            raise bad("topic_discriminators is not supported.")
        return super().read_order(request)


class RefusesColumns(Apsis):
    """Knows no further columns."""

    def read_order(self, request: Request) -> Order:
        body = _body(request)
        if "attributes" in body and len(body.get("segments", {}).get("segment_discriminators", {})) == 1:
            raise bad("attributes is not supported.")
        return super().read_order(request)


class NeedsNoFilter(Apsis):
    """Takes segments without a filter."""

    def read_order(self, request: Request) -> Order:
        def mend(body: Body) -> Body:
            return body if "filter" in _segments(body) or not _segments(body) else _with_filter(body, "wanted")

        return super().read_order(mended(request, mend))


class TakesAnyName(Apsis):
    """Overlooks a name that nobody declared."""

    def read_order(self, request: Request) -> Order:
        return super().read_order(
            dataclasses.replace(request, body=request.body.replace(b"wanted & unheard_of", b"wanted"))
        )


class ForgivesFilter(Apsis):
    """Closes parentheses by itself."""

    def read_order(self, request: Request) -> Order:
        return super().read_order(dataclasses.replace(request, body=request.body.replace(b'"(wanted"', b'"wanted"')))


class TakesAnyType(Apsis):
    """Takes segments that are a list for none."""

    def read_order(self, request: Request) -> Order:
        def mend(body: Body) -> Body:
            return {name: one for name, one in body.items() if name != "segments" or not isinstance(one, list)}

        return super().read_order(mended(request, mend))


class TakesBrokenJson(Apsis):
    """Takes a body that is not JSON for an empty order."""

    def read_order(self, request: Request) -> Order:
        try:
            json.loads(request.body)
        except ValueError:
            request = dataclasses.replace(request, body=b"{}")
        return super().read_order(request)


class ChannelOptional(Apsis):
    """Takes topics without a channel."""

    def read_order(self, request: Request) -> Order:
        def mend(body: Body) -> Body:
            alone = body.get("topic_discriminators") and "channel_discriminator" not in body
            return {**body, "channel_discriminator": "com.apsis1.channels.email"} if alone else body

        return super().read_order(mended(request, mend))


class NeedsNeitherMap(Apsis):
    """Takes segments that declare none for no segments."""

    def read_order(self, request: Request) -> Order:
        def mend(body: Body) -> Body:
            declared = {"segment_discriminators", "segment_definitions"} & _segments(body).keys()
            empty = bool(_segments(body)) and not declared
            return {name: one for name, one in body.items() if name != "segments" or not empty}

        return super().read_order(mended(request, mend))


class AlwaysCrashes(Apsis):
    """Answers every order with an error of its own."""

    def read_order(self, request: Request) -> Order:
        del request
        raise Refused(500, "Internal Server Error", "Something went wrong.")


class RefusesEverything(Apsis):
    """Takes no order."""

    def read_order(self, request: Request) -> Order:
        del request
        raise bad("Not today.")


class DropsUnreadableMembers(Apsis):
    """Passes over attributes, tags and a channel of the wrong type."""

    def read_order(self, request: Request) -> Order:
        def mend(body: Body) -> Body:
            wanted = {"attributes": list, "tags": list, "channel_discriminator": str}
            return {name: one for name, one in body.items() if isinstance(one, wanted.get(name, object))}

        return super().read_order(mended(request, mend))


class LabelsAnswerHtml(Apsis):
    """Calls the answer to an order a page."""

    def start(self, request: Request) -> Answer:
        answer = super().start(request)
        return dataclasses.replace(answer, headers={**answer.headers, "Content-Type": "text/html"})
