"""Checks of the headers that tell the hourly limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Exchange, Finding, Kept
from export_contracts.schema.pointer import resolve
from export_contracts.vendors.braze.clocks import moments

DAY: Final = 86_400.0
HOUR: Final = 3600.0
SKEW: Final = 300.0
"""Seconds by which two clocks may differ."""


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


@check("remaining_within_limit")
def remaining_within_limit(talk: Talk) -> Iterator[Evidence]:
    """What is left of the limit is no more than the limit."""
    for one in talk.selected:
        limit, left = (_count(one, f"/response/headers/x-ratelimit-{name}") for name in ("limit", "remaining"))
        if limit is None or left is None:
            continue
        at = one.at("/response/headers/x-ratelimit-remaining")
        yield Kept(at) if left <= limit else Finding(at, f"at most {limit}", str(left))


def _count(exchange: Exchange, pointer: str) -> int | None:
    value = resolve(exchange.view, pointer)
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else None
