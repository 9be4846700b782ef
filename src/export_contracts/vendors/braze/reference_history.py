"""What a person did and was sent, with the moments of it, as Braze exports them: lists of the last 90 days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from export_contracts.model import Json
from export_contracts.reference.draw import Draw
from export_contracts.reference.population import DAY, Happening, Person

WINDOW: Final = 90 * DAY
"""Seconds for which lists of events, purchases, campaigns and canvases reach back."""

CAMPAIGNS: Final = ("Welcome 👋", "Winter sale, part 2", "Ré-engagement")
CANVASES: Final = ("Onboarding", "Cart → reminder")
_EPOCH_DAY: Final = dt.date(1970, 1, 1).toordinal()


@lru_cache(maxsize=4096)
def _day(days: int) -> str:
    return dt.date.fromordinal(_EPOCH_DAY + days).isoformat()


def moment(seconds: int) -> str:
    """ISO 8601 in UTC with milliseconds and a Z; formatted by hand, for a row holds dozens."""
    days, rest = divmod(seconds, DAY)
    return f"{_day(days)}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}.000Z"


def happened(told: Sequence[Happening], now: int) -> Json:
    """What happened within the window; its `first` and `count` are of all time. None where nothing did."""
    return [
        {"name": one.name, "first": moment(one.first), "last": moment(one.last), "count": one.count}
        for one in told
        if one.last >= now - WINDOW
    ] or None


def campaigns(person: Person, now: int) -> Json:
    """Campaigns received within the window; only the second of them has variants. None where there were none."""
    draw = person.draw("campaigns")
    received = [
        _campaign(person, CAMPAIGNS[at], person.anchor - 60 - draw.below(80 * DAY)) for at in range(draw.below(4))
    ]
    return [one for at, one in received if at >= now - WINDOW] or None


@lru_cache(maxsize=64)
def _identifier(seed: int, name: str) -> str:
    return Draw(f"{seed}/identifier/{name}").uuid()


def _campaign(person: Person, name: str, at: int) -> tuple[int, dict[str, Json]]:
    draw = person.draw(f"campaign {name}")
    engaged = ("opened_email", "opened_push", "clicked_email", "clicked_triggered_in_app_message")
    row: dict[str, Json] = {
        "name": name,
        "last_received": moment(at),
        "engaged": {one: True for one in engaged if draw.percent(30)},
        "converted": draw.percent(20),
        "api_campaign_id": _identifier(person.seed, name),
    }
    if name == CAMPAIGNS[1]:
        in_control = draw.percent(10)
        row |= {"variation_name": "Variant Ä", "in_control": in_control}
        row["variation_api_id"] = _identifier(person.seed, f"{name}/variant")
        row["multiple_converted"] = {"Primary Conversion Event - A": row["converted"]}
    return at, row


def canvases(person: Person, now: int) -> Json:
    """Canvases entered within the window. None where there were none."""
    draw = person.draw("canvases")
    received = []
    for name in CANVASES[: draw.below(3)]:
        entered = person.anchor - 10 * DAY - draw.below(70 * DAY)
        if entered >= now - WINDOW:
            received.append(_canvas(person, name, entered))
    return received or None


def _canvas(person: Person, name: str, entered: int) -> dict[str, Json]:
    draw = person.draw(f"canvas {name}")
    steps = [(step, entered + DAY * (1 + step)) for step in range(draw.below(4))]
    control = draw.percent(10)
    return {
        "name": name,
        "api_canvas_id": _identifier(person.seed, name),
        # Both spellings of UTC occur in the published sample.
        "last_received_message": moment(steps[-1][1] if steps else entered).replace("Z", "+00:00"),
        "last_entered": moment(entered).replace("Z", "+00:00"),
        "variation_name": "Control" if control else "Variant 1",
        "in_control": control,
        "last_entered_control_at": moment(entered) if control else None,
        "last_exited": moment(entered + 5 * DAY).replace("Z", "+00:00"),
        "steps_received": [
            {
                "name": f"Step {step + 1}",
                "api_canvas_step_id": _identifier(person.seed, f"{name}/{step}"),
                "last_received": moment(at),
            }
            for step, at in steps
        ],
    }
