"""Checks of what is refused, and of what a refusal says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.checks.builtin import refused, status_matches
from export_contracts.checks.outage import NEUTRAL
from export_contracts.model import MISSING, Evidence, Exchange, Finding, Json, Kept, Unreadable
from export_contracts.schema.pointer import resolve
from export_contracts.schema.validation import shorten

FORMAT: Final = ":/output_format"
REQUIRED: Final = ("/segment_id", "/fields_to_export")
CROWDED: Final = ("second-export", "one-too-many")
"""Faults that the service itself answers 429; another 429 may come from something before it."""
MANY_NAMES: Final = 100
"""So many names are more than a server takes that has a lower limit than the documented one."""


@check("refused_parameter")
def refused_parameter(
    talk: Talk, *, status: Json = "4xx", known_once_refused: bool = False, only: str | None = None
) -> Iterator[Evidence]:
    """A request with one bad parameter is refused; null for an optional one may pass as left out.

    With `known_once_refused`, a target that refuses none of them is taken for one that does not know the parameter.
    With `only`, those with another fault tell that it is known and are not judged.
    """
    judged = tuple(one for one in talk.selected if not _null_is_absent(one) and not _format_ignored(talk, one))
    if known_once_refused and not any(is_refusal(one) for one in judged):
        return
    judged = tuple(one for one in judged if only in (None, one.fault))
    yield from refused(Talk(talk.transcript, judged, talk.validator, talk.rows_named, talk.shared), status=status)


@check("names_have_room")
def names_have_room(talk: Talk) -> Iterator[Evidence]:
    """Where some names of custom attributes are taken, existing or not, as many as are allowed are taken too."""
    asked = [(one, len(_names(one))) for one in talk.selected if len(_names(one)) > 1]
    few = [one for one, count in asked if count < MANY_NAMES and one.status is not None and one.status < 300]
    for one, count in asked:
        at = one.at("/request/body/custom_attributes_to_export")
        if count < MANY_NAMES:
            continue
        if one.status is not None and one.status < 300:
            yield Kept(at)
        elif few and is_refusal(one):
            yield Finding(at, f"{count} names to be taken, as {len(_names(few[0]))} were", str(one.status))


def _names(exchange: Exchange) -> list[Json]:
    names = resolve(exchange.view, "/request/body/custom_attributes_to_export")
    return names if isinstance(names, list) else []


def is_refusal(exchange: Exchange) -> bool:
    """Whether the request itself was found wanting."""
    return status_matches(exchange.status, "4xx") and exchange.status not in NEUTRAL


def _null_is_absent(exchange: Exchange) -> bool:
    pointer = (exchange.fault or "").partition(":")[2]
    value = resolve(exchange.view, "/request/body" + pointer) if pointer else MISSING
    return value is None and pointer not in REQUIRED


def _format_ignored(talk: Talk, exchange: Exchange) -> bool:
    """Whether the format has no say: it is documented for own storage, and here is a URL and no format is refused."""
    if not (exchange.fault or "").endswith(FORMAT):
        return False
    twin = talk.transcript.get(exchange.intent.twin if exchange.intent else None)
    if twin is None or not isinstance(resolve(twin.view, "/response/body/url"), str):
        return False
    return not any(is_refusal(one) for one in talk.of(exchange.operation or "") if (one.fault or "").endswith(FORMAT))


@check("refusal_explained")
def refusal_explained(talk: Talk) -> Iterator[Evidence]:
    """A refusal has a message, and the message is not the one that announces a success."""
    for one in talk.selected:
        if one.status == 429 and (one.fault not in CROWDED or _no_json(one)):
            continue
        at = one.at("/response/body/message")
        message = resolve(one.view, "/response/body/message")
        if isinstance(message, str) and message.strip() and message != "success":
            yield Kept(at)
        else:
            got = "nothing there" if message is MISSING else shorten(message)
            yield Finding(at, "a message that says what is wrong", got)


def _no_json(exchange: Exchange) -> bool:
    return exchange.response is None or isinstance(exchange.response.json, Unreadable)


@check("starts_nothing")
def starts_nothing(talk: Talk) -> Iterator[Evidence]:
    """The request is not answered as one that started an export."""
    for one in talk.selected:
        prefix = resolve(one.view, "/response/body/object_prefix")
        at = one.at("/response/body")
        if one.status is not None and one.status < 300 and prefix is not MISSING:
            yield Finding(at, f"no export for a {one.request.method}", f"object_prefix {shorten(prefix)}")
        else:
            yield Kept(at)
