"""How long to wait after a 429. Pure: what the answer says and the time, to seconds; no waiting here."""

from __future__ import annotations

import math
from email.utils import parsedate_to_datetime
from typing import Final

from export_contracts.model import Response

ATTEMPTS: Final = 5
"""How often one request is tried again."""

_LONGEST_GUESS: Final = 30.0


def pause(response: Response | None, now: float, attempt: int) -> float | None:
    """Seconds to wait before trying again; None where the answer is no 429.

    `Retry-After` is obeyed in seconds or as a date, then `X-RateLimit-Reset` as seconds since the epoch; without
    either the guess doubles with each `attempt` (from 0), beginning at one second.
    """
    if response is None or response.status != 429:
        return None
    asked = response.headers.get("retry-after")
    seconds = _number(asked)
    if seconds is None and asked:
        seconds = _until(asked, now)
    if seconds is None:
        reset = _number(response.headers.get("x-ratelimit-reset"))
        seconds = None if reset is None or reset <= now else reset - now
    return min(2.0**attempt, _LONGEST_GUESS) if seconds is None else max(seconds, 0.05)


def spent(response: Response | None, now: float) -> float:
    """Seconds until an allowance that an answer calls used up is renewed; 0 where nothing says so."""
    if response is None or _number(response.headers.get("x-ratelimit-remaining")) != 0:
        return 0.0
    return max((_number(response.headers.get("x-ratelimit-reset")) or now) - now, 0.0)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _until(date: str, now: float) -> float | None:
    try:
        return max(parsedate_to_datetime(date).timestamp() - now, 0.0)
    except (ValueError, OverflowError):
        return None
