"""Checks of the client's side: how it starts exports, polls, and treats its key. Schema clauses do the rest."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Exchange, Finding, Kept
from export_contracts.vendors.braze.exports import CANCEL, REFUSED, Export, budget_left, exports, exports_of

FOUR_MEGABYTES: Final = 4 * 1024 * 1024
HOUR: Final = 3600.0
HASTY_LOOKS: Final = 10
HASTY_SECONDS: Final = 2.0


@check("key_not_in_request")
def key_not_in_request(talk: Talk) -> Iterator[Evidence]:
    """The REST key stands in the Authorization header and nowhere else in the request."""
    for one in talk.selected:
        header = one.request.headers.get("authorization") or ""
        key = header.removeprefix("Bearer ").strip()
        query = dict(one.request.query)
        body = one.request.json
        in_body = isinstance(body, dict) and "api_key" in body
        if in_body or (len(key) >= 8 and key in json.dumps(body if isinstance(body, dict | list) else "")):
            yield Finding(one.at("/request/body"), "no key in the body", "the key")
        elif "api_key" in query or (len(key) >= 8 and key in query.values()):
            yield Finding(one.at("/request/query"), "no key in the query", "the key")
        else:
            yield Kept(one.at("/request"))


@check("body_within_limit")
def body_within_limit(talk: Talk) -> Iterator[Evidence]:
    """No request body is larger than 4 MB, read generously as 4 MiB."""
    for one in talk.selected:
        size = len(one.request.body)
        if size > FOUR_MEGABYTES:
            yield Finding(one.at("/request/body"), "at most 4 MB", f"{size} bytes")
        else:
            yield Kept(one.at("/request/body"))


@check("attributes_named_to_effect")
def attributes_named_to_effect(talk: Talk) -> Iterator[Evidence]:
    """Custom attributes are named only where `custom_attributes` does not already ask for all."""
    for one in talk.selected:
        body = one.request.json
        if not isinstance(body, dict) or not isinstance(body.get("custom_attributes_to_export"), list):
            continue
        at = one.at("/request/body/custom_attributes_to_export")
        fields = body.get("fields_to_export")
        if isinstance(fields, list) and "custom_attributes" in fields:
            yield Finding(at, "names or custom_attributes, not both", "both")
        else:
            yield Kept(at)


@check("names_a_field")
def names_a_field(talk: Talk) -> Iterator[Evidence]:
    """A list of fields is not empty. Drawn requests are no client's and not judged."""
    for start in talk.selected:
        body = start.request.json
        fields = body.get("fields_to_export") if isinstance(body, dict) else None
        if not isinstance(fields, list) or (start.intent is not None and start.intent.label == "generated"):
            continue
        at = start.at("/request/body/fields_to_export")
        yield Kept(at) if fields else Finding(at, "at least one name", "an empty list")


@check("waits_for_its_export")
def waits_for_its_export(talk: Talk) -> Iterator[Evidence]:
    """A client does not start a segment again before its own export of it has ended."""
    for start in talk.selected:
        body = start.request.json
        segment = body.get("segment_id") if isinstance(body, dict) else None
        same = exports_of(talk, segment)
        place = bisect_left(same, start.index, key=lambda one: one.start.index)
        if segment is None or not place:
            continue
        last = same[place - 1]
        if _known_to_have_ended(talk, last, start):
            yield Kept(start.at())
        elif last.running_at(start.ended) or _told_so(last, start):
            yield Finding(start.at(), "to wait until the segment's export has ended", "a second start")


def _known_to_have_ended(talk: Talk, export: Export, start: Exchange) -> bool:
    delivered = export.ready is not None and export.ready.index < start.index
    called = any(export.start.ended <= one.at <= start.started for one in talk.callbacks)
    stored = any(one.at <= start.started for one in export.files)
    cancels = talk.once("braze:cancels", lambda: [one.index for one in talk.of(CANCEL)])
    cancelled = any(export.start.index < one < start.index for one in cancels)
    return delivered or called or stored or cancelled


def _told_so(export: Export, start: Exchange) -> bool:
    """Whether a 429, which the hourly limit does not explain, came within an hour of the first start."""
    return start.status == 429 and budget_left(start) and start.started - export.start.ended < HOUR


@check("polls_patiently")
def polls_patiently(talk: Talk) -> Iterator[Evidence]:
    """A client that finds the URL refused waits a little before it looks again."""
    for export in exports(talk):
        refusals = [one for one in export.looks if one.status in REFUSED]
        hasty = [
            refusals[place : place + HASTY_LOOKS]
            for place in range(len(refusals) - HASTY_LOOKS + 1)
            if refusals[place + HASTY_LOOKS - 1].started - refusals[place].started < HASTY_SECONDS
        ]
        if hasty:
            at = hasty[0][-1].at()
            yield Finding(at, "seconds between looks", f"{HASTY_LOOKS} looks within {HASTY_SECONDS:.0f} s")
        elif any(second.index > first.index for first, second in pairwise(export.looks)):
            yield Kept(export.start.at())


@check("leaves_expired_urls")
def leaves_expired_urls(talk: Talk, *, seconds: float) -> Iterator[Evidence]:
    """A client does not go back to a download URL long after it was ready."""
    for export in exports(talk):
        ready = export.ready
        for one in export.looks if ready is not None else ():
            if ready is None or one.index <= ready.index or one.fault is not None:
                continue
            age = one.started - ready.ended
            if age > seconds:
                yield Finding(one.at(), "a new export, as the URL has expired", f"a look {age / HOUR:.0f} h later")
            else:
                yield Kept(one.at())
        if ready is not None and export.looks[-1] is ready:
            yield Kept(ready.at())
