"""Checks of the answer that starts an export: acceptance, refusal, prefix, URL, rate-limit headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.checks.builtin import NEUTRAL, refused, status_matches
from export_contracts.model import MISSING, Evidence, Exchange, Finding, Json, Kept
from export_contracts.schema.pointer import resolve
from export_contracts.vendors.braze.exports import exports, moments, stamp

DAY: Final = 86_400.0
YEAR_2017: Final = 1_483_228_800
"""Seconds from 1970 to 2017: the documents name the later year and print examples that count from the earlier."""
HOUR: Final = 3600.0
SKEW: Final = 300.0
"""Seconds by which two clocks may differ."""
REQUIRED: Final = ("/segment_id", "/fields_to_export")
LIST_DECLARED: Final = ("segment_id", "second_segment_id", "large_segment_id")


@check("start_accepted")
def start_accepted(talk: Talk, *, ref: str) -> Iterator[Evidence]:
    """A request that every edition calls valid, for a segment known to exist, starts an export."""
    known = {talk.facts.get(name) for name in LIST_DECLARED} - {None}
    validator = talk.validator(ref)
    for one in talk.selected:
        body = one.request.json
        ours = one.intent is not None and "authorization" in one.request.headers
        if not ours or not isinstance(body, dict) or not any(body.get("segment_id") == name for name in known):
            continue
        if not validator.is_valid(body) or one.status in NEUTRAL:
            continue
        if one.status is not None and one.status < 300:
            yield Kept(one.at("/response/status"), reading=str(one.status))
        else:
            yield Finding(one.at("/response/status"), "a valid request to be accepted", str(one.status))


@check("refused_parameter")
def refused_parameter(talk: Talk, *, status: Json = "4xx", known_once_refused: bool = False) -> Iterator[Evidence]:
    """A request with one bad parameter is refused; null for an optional one may pass as left out.

    With `known_once_refused`, a target that refuses none of them is taken for one that does not know the parameter.
    """
    judged = tuple(one for one in talk.selected if not _null_is_absent(one))
    if known_once_refused and not any(is_refusal(one) for one in judged):
        return
    yield from refused(Talk(talk.transcript, judged, talk.validator, talk.rows_named, talk.shared), status=status)


def is_refusal(exchange: Exchange) -> bool:
    """Whether the request itself was found wanting."""
    return status_matches(exchange.status, "4xx") and exchange.status not in NEUTRAL


def _null_is_absent(exchange: Exchange) -> bool:
    pointer = (exchange.fault or "").partition(":")[2]
    value = resolve(exchange.view, "/request/body" + pointer) if pointer else MISSING
    return value is None and pointer not in REQUIRED


@check("prefix_of_its_own")
def prefix_of_its_own(talk: Talk) -> Iterator[Evidence]:
    """No two exports are given the same prefix."""
    seen: dict[str, int] = {}
    for export in exports(talk):
        prefix = export.prefix
        if prefix is None:
            continue
        at = export.start.at("/response/body/object_prefix")
        if prefix in seen:
            yield Finding(at, "a prefix no other export has", f"{prefix}, as in exchange {seen[prefix]}")
        elif seen:
            yield Kept(at)
        seen.setdefault(prefix, export.start.index)


@check("prefix_tells_the_time")
def prefix_tells_the_time(talk: Talk) -> Iterator[Evidence]:
    """The number that ends a prefix is the time of the request, in seconds since 1970 or since 2017."""
    for export in exports(talk):
        number = stamp(export.prefix or "")
        clocks = _clocks(export.start)
        if number is None or not clocks or talk.transcript.origin == "documented":
            continue
        at = export.start.at("/response/body/object_prefix")
        if any(abs(number - one) <= DAY for one in clocks):
            yield Kept(at, reading="since-1970")
        elif any(abs(number + YEAR_2017 - one) <= DAY for one in clocks):
            yield Kept(at, reading="since-2017")
        else:
            yield Finding(at, f"about {int(clocks[0])}, the time of the request in seconds", str(number))


def _clocks(start: Exchange) -> list[float]:
    """The time by every clock but the prefix itself."""
    reset = resolve(start.view, "/response/headers/x-ratelimit-reset")
    told = [float(reset)] if isinstance(reset, str) and reset.isdecimal() and len(reset) < 12 else []
    return [*moments(start, prefix=False), *told]


@check("no_url_beside_storage")
def no_url_beside_storage(talk: Talk) -> Iterator[Evidence]:
    """An export whose files arrive in own storage has handed out no download URL."""
    for export in exports(talk):
        if not export.files or not any(export.prefix and export.prefix in one.key for one in export.files):
            continue
        at = export.start.at("/response/body/url")
        if export.url is None:
            yield Kept(at, reading="absent" if "url" not in export.answer else "null")
        else:
            yield Finding(at, "no URL, as the files go to own storage", export.url)


@check("limit_resets_soon")
def limit_resets_soon(talk: Talk) -> Iterator[Evidence]:
    """The reset is a time in seconds since 1970, no more than about an hour ahead."""
    for one in talk.selected:
        value = resolve(one.view, "/response/headers/x-ratelimit-reset")
        clocks = moments(one)
        if not isinstance(value, str) or not clocks:
            continue
        at = one.at("/response/headers/x-ratelimit-reset")
        reset = float(value) if value.strip().isdecimal() and len(value) < 16 else -DAY
        if any(-SKEW <= reset - clock <= HOUR + SKEW for clock in clocks):
            yield Kept(at)
        else:
            yield Finding(at, f"a time within an hour of {int(clocks[0])}", value)


@check("remaining_falls")
def remaining_falls(talk: Talk) -> Iterator[Evidence]:
    """Within one hour's window, what is left of the limit never grows from one answer to the next."""
    before: tuple[str, int, str | None] | None = None
    for one in talk.selected:
        reset = resolve(one.view, "/response/headers/x-ratelimit-reset")
        left = resolve(one.view, "/response/headers/x-ratelimit-remaining")
        if not isinstance(reset, str) or not isinstance(left, str) or not left.strip().isdecimal():
            continue
        key = one.request.headers.get("authorization")
        if before is not None and before[0] == reset and before[2] == key:
            at = one.at("/response/headers/x-ratelimit-remaining")
            yield Finding(at, f"at most {before[1]}", left) if int(left) > before[1] else Kept(at)
        before = (reset, int(left), key)
