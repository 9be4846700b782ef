"""What time it may have been for a target when it was asked. Pure reading; no clause is judged here."""

from __future__ import annotations

import contextlib
import re
from email.utils import parsedate_to_datetime
from typing import Final

from export_contracts.model import Exchange
from export_contracts.vendors.braze.exports import Export

PLAUSIBLE: Final = 1_000_000_000.0
"""Times before this, in 2001, come from recordings without a clock."""
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def stamp(prefix: str) -> int | None:
    """The number that ends a prefix; None where the prefix is a bare UUID, whose last digits may look like one."""
    tail = prefix.rpartition("-")[2]
    return int(tail) if tail.isdecimal() and 6 <= len(tail) < 20 and not _UUID.fullmatch(prefix) else None


def moments(exchange: Exchange, *, prefix: bool = True) -> tuple[float, ...]:
    """What the time may have been for the target: by our clock, by its Date, and by the `prefix` it answered.

    A target may live in a time of its own; a promise about times is broken only where it is by each of these.
    """
    found = [exchange.started] if exchange.started > PLAUSIBLE else []
    date = exchange.response.headers.get("date") if exchange.response else None
    with contextlib.suppress(ValueError, OverflowError):  # a Date that is none tells nothing
        found += [parsedate_to_datetime(date).timestamp()] if date else []
    number = stamp(Export(exchange).prefix or "") if prefix else None
    found += [float(number)] if number is not None and PLAUSIBLE < number < PLAUSIBLE * 4 else []
    return tuple(found)
