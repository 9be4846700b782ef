"""Clients with one defect each, made from innocent traffic: what `client:` names in the clause files.

Every function takes the innocent transcripts and gives one transcript of a client that misbehaves.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

from export_contracts.model import Exchange, Headers, Json, Request, Response, Transcript

START = "exportUsersBySegment"
DOWNLOAD = "downloadExport"
WEEK = 7 * 86_400.0

Spoil = Callable[[dict[str, Json]], bytes]


def sends_five_megabytes(innocent: tuple[Transcript, ...]) -> Transcript:
    """Pads the body of a start beyond what is taken."""
    return _with_body(innocent, lambda body: json.dumps(body).encode() + b" " * (5 * 1024 * 1024))


def names_too_many_attributes(innocent: tuple[Transcript, ...]) -> Transcript:
    """Asks for 501 custom attributes by name."""
    names = [f"attribute_{number}" for number in range(501)]
    return _with_body(innocent, lambda body: json.dumps({**body, "custom_attributes_to_export": names}).encode())


def names_beside_all(innocent: tuple[Transcript, ...]) -> Transcript:
    """Asks for all custom attributes and for one of them."""
    more = {"fields_to_export": ["external_id", "custom_attributes"], "custom_attributes_to_export": ["plan"]}
    return _with_body(innocent, lambda body: json.dumps({**body, **more}).encode())


def starts_again_at_once(innocent: tuple[Transcript, ...]) -> Transcript:
    """Starts a segment again while its export is running, and is told to wait."""
    talk, start, looks = _downloaded(innocent)
    told = Response(429, Headers.of({"X-RateLimit-Remaining": "1000"}), b'{"message": "wait"}')
    again = dataclasses.replace(start, index=start.index + 1, response=told, started=start.ended, intent=None)
    later = [dataclasses.replace(one, index=one.index + 1) for one in looks]
    return dataclasses.replace(talk, exchanges=(start, again, *later))


def looks_without_pause(innocent: tuple[Transcript, ...]) -> Transcript:
    """Looks at a refused URL twenty times in a second."""
    talk, start, looks = _downloaded(innocent)
    early = next(one for one in looks if one.status in {403, 404})
    hasty = [
        dataclasses.replace(
            early, index=start.index + 1 + place, started=start.ended + place / 20, ended=start.ended + place / 20
        )
        for place in range(20)
    ]
    return dataclasses.replace(talk, exchanges=(start, *hasty))


def fetches_a_week_later(innocent: tuple[Transcript, ...]) -> Transcript:
    """Goes back to a download URL a week after it delivered."""
    talk, start, looks = _downloaded(innocent)
    ready = next(one for one in looks if one.status == 200)
    early = next(one for one in looks if one.status in {403, 404})
    late = dataclasses.replace(
        early, index=ready.index + 1, started=ready.ended + WEEK, ended=ready.ended + WEEK, intent=None
    )
    return dataclasses.replace(talk, exchanges=(start, ready, late))


def asks_below_a_version(innocent: tuple[Transcript, ...]) -> Transcript:
    """Puts a version before the path, on a host of the vendor's."""
    talk, start, _ = _downloaded(innocent)
    spoilt = dataclasses.replace(start.request, url="https://rest.iad-01.braze.com/v2/users/export/segment")
    return dataclasses.replace(talk, exchanges=(dataclasses.replace(start, request=spoilt),))


def _with_body(innocent: tuple[Transcript, ...], spoil: Spoil) -> Transcript:
    talk, start, _ = _downloaded(innocent)
    old = start.request
    spoilt = Request(old.method, old.url, old.headers, spoil(json.loads(old.body)))
    return dataclasses.replace(talk, exchanges=(dataclasses.replace(start, request=spoilt),))


def _downloaded(innocent: tuple[Transcript, ...]) -> tuple[Transcript, Exchange, list[Exchange]]:
    """The first transcript whose first start was looked at too early and then delivered."""
    for talk in innocent:
        start = next((one for one in talk.of(START) if one.fault is None and one.status == 200), None)
        looks = [one for one in talk.of(DOWNLOAD) if one.fault is None]
        statuses = [one.status for one in looks]
        if start is not None and 200 in statuses and statuses[0] in {403, 404}:
            return talk, start, looks
    msg = "no innocent export was looked at too early and then delivered"
    raise LookupError(msg)
