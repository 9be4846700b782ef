"""A synthetic person as Braze exports one: a builder for each exportable field.

A builder returns None where there is nothing to tell; such a field is left out of the row. Which fields
are asked for, and how rows become files, is not decided here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from export_contracts.model import Json
from export_contracts.reference.population import DAY, Happening, Person

WINDOW: Final = 90 * DAY
"""Seconds for which lists of events, purchases, campaigns and canvases reach back."""

CAMPAIGNS: Final = ("Welcome 👋", "Winter sale, part 2", "Ré-engagement")
CANVASES: Final = ("Onboarding", "Cart → reminder")
APP: Final = {"ios": "Shop (iOS)", "android": "Shop (Android)", "roku": "Shop TV", "web": "Shop web"}

Build = Callable[[Person, int], Json]


def moment(seconds: int) -> str:
    """ISO 8601 in UTC with milliseconds and a Z."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def exported(person: Person, now: int, fields: Sequence[str], attributes: Sequence[str] = ()) -> dict[str, Json]:
    """The row of `person` at `now` (seconds since the epoch) with `fields`, or with named attributes only."""
    row: dict[str, Json] = {}
    for name in fields:
        value = BUILDERS[name](person, now)
        if value is not None:
            row[name] = value
            row.update(_siblings(name, value, person))
    if attributes:
        chosen = {name: value for name, value in person.attributes.items() if name in attributes}
        if chosen:
            row["custom_attributes"] = chosen
    return row


def _siblings(name: str, value: Json, person: Person) -> dict[str, Json]:
    if not name.endswith("_subscribe") or value == "subscribed":
        return {}
    state = "opted_in" if value == "opted_in" else "unsubscribed"
    channel = name.removesuffix("_subscribe")
    return {f"{channel}_{state}_at": moment(person.traits.created + DAY * (2 if channel == "push" else 1))}


def _subscription(channel: str) -> Build:
    def build(person: Person, _: int) -> Json:
        return person.draw(f"{channel} subscription").pick(("opted_in", "subscribed", "unsubscribed"))

    return build


def _known(tell: Callable[[Person], Json]) -> Build:
    return lambda person, _: None if person.anonymous else tell(person)


def _attributed(name: str, choices: tuple[str, ...]) -> Build:
    def build(person: Person, _: int) -> Json:
        if not person.draw("attributed").percent(50):
            return None
        return person.draw(name).pick(choices)

    return build


def _happened(told: Sequence[Happening], now: int) -> Json:
    return [
        {"name": one.name, "first": moment(one.first), "last": moment(one.last), "count": one.count}
        for one in told
        if one.last >= now - WINDOW
    ] or None


def _aliases(person: Person, _: int) -> Json:
    if not person.anonymous and not person.draw("aliases").percent(30):
        return None
    return [{"alias_name": person.uuid, "alias_label": "web_visitor"}]


def _devices(person: Person, _: int) -> Json:
    return [dict(_device(person, position)) for position in range(len(person.gadgets))] or None


def _device(person: Person, position: int) -> Iterator[tuple[str, Json]]:
    used, draw = person.gadgets[position], person.draw(f"device {position}")
    tracked = draw.percent(60)
    yield from (("model", used.model), ("os", used.system), ("carrier", used.carrier))
    if used.platform == "ios":
        yield "idfv", used.identifier
    if used.platform == "android":
        yield "device_id", used.identifier
    identifier = {"ios": "idfa", "android": "google_ad_id", "roku": "roku_ad_id"}.get(used.platform)
    if identifier and tracked:
        yield identifier, draw.uuid()
    yield "ad_tracking_enabled", tracked


def _push_tokens(person: Person, _: int) -> Json:
    return [
        {
            "app": APP[used.platform],
            "platform": {"ios": "iOS", "android": "Android"}[used.platform],
            "token": person.draw(f"token {position}").hex(32),
            "device_id": used.identifier,
            "notifications_enabled": position == 0,
            "provisionally_opted_in": False if used.platform == "ios" else None,
        }
        for position, used in enumerate(person.gadgets)
        if used.platform in {"ios", "android"}
    ] or None


def _apps(person: Person, now: int) -> Json:
    return [
        {
            "name": APP[platform],
            "platform": {"ios": "iOS", "android": "Android", "roku": "Roku", "web": "Web"}[platform],
            "version": "4.12.0",
            "sessions": 1 + person.draw(f"sessions {platform}").below(1200),
            "first_used": moment(person.traits.created),
            "last_used": moment(min(now, person.anchor) - 60),
        }
        for platform in dict.fromkeys(one.platform for one in person.gadgets)
    ] or None


def _campaigns(person: Person, now: int) -> Json:
    draw = person.draw("campaigns")
    received = [
        _campaign(person, CAMPAIGNS[at], person.anchor - 60 - draw.below(80 * DAY)) for at in range(draw.below(4))
    ]
    return [one for at, one in received if at >= now - WINDOW] or None


def _campaign(person: Person, name: str, at: int) -> tuple[int, dict[str, Json]]:
    draw = person.draw(f"campaign {name}")
    engaged = ("opened_email", "opened_push", "clicked_email", "clicked_triggered_in_app_message")
    row: dict[str, Json] = {
        "name": name,
        "last_received": moment(at),
        "engaged": {one: True for one in engaged if draw.percent(30)},
        "converted": draw.percent(20),
        "api_campaign_id": draw.uuid(),
    }
    if name == CAMPAIGNS[1]:
        in_control = draw.percent(10)
        row |= {"variation_name": "Variant Ä", "variation_api_id": draw.uuid(), "in_control": in_control}
        row["multiple_converted"] = {"Primary Conversion Event - A": row["converted"]}
    return at, row


def _canvases(person: Person, now: int) -> Json:
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
        "api_canvas_id": draw.uuid(),
        # Both spellings of UTC occur in the published sample.
        "last_received_message": moment(steps[-1][1] if steps else entered).replace("Z", "+00:00"),
        "last_entered": moment(entered).replace("Z", "+00:00"),
        "variation_name": "Control" if control else "Variant 1",
        "in_control": control,
        "last_entered_control_at": moment(entered) if control else None,
        "last_exited": moment(entered + 5 * DAY).replace("Z", "+00:00"),
        "steps_received": [
            {"name": f"Step {step + 1}", "api_canvas_step_id": draw.uuid(), "last_received": moment(at)}
            for step, at in steps
        ],
    }


def _cards(person: Person, _: int) -> Json:
    return [{"name": "Nouveautés"}] if person.draw("cards").percent(25) else None


def _uninstalled(person: Person, now: int) -> Json:
    return moment(min(now, person.anchor) - 3 * DAY) if person.draw("uninstalled").percent(10) else None


BUILDERS: Final[dict[str, Build]] = {
    "created_at": lambda person, _: moment(person.traits.created),
    "created_from": lambda person, _: person.draw("origin").pick(("SDK", "REST API", "CSV import")),
    "external_id": _known(lambda person: person.key),
    "user_aliases": _aliases,
    "braze_id": lambda person, _: person.draw("braze").hex(24),
    "random_bucket": lambda person, _: person.traits.bucket,
    "first_name": _known(lambda person: person.traits.first_name),
    "last_name": _known(lambda person: person.traits.last_name),
    "email": _known(lambda person: person.email),
    "dob": _known(lambda person: person.traits.born.isoformat()),
    "home_city": lambda person, _: person.traits.place.city,
    "country": lambda person, _: person.traits.place.country,
    "phone": _known(lambda person: person.phone),
    "language": lambda person, _: person.traits.place.language,
    "time_zone": lambda person, _: person.traits.place.zone,
    "last_coordinates": lambda person, _: [person.traits.place.longitude, person.traits.place.latitude],
    "gender": _known(lambda person: person.traits.gender),
    "total_revenue": lambda person, _: round(person.revenue, 2) or None,
    "attributed_campaign": _attributed("campaign", ("spring launch", "Été")),
    "attributed_source": _attributed("source", ("Facebook Ads", "organic")),
    "attributed_adgroup": _attributed("adgroup", ("18–25", "lookalike 2%")),
    "attributed_ad": _attributed("ad", ("video_15s", "carousel")),
    "push_subscribe": _subscription("push"),
    "email_subscribe": _subscription("email"),
    "custom_attributes": lambda person, _: person.attributes or None,
    "custom_events": lambda person, now: _happened(person.events, now),
    "purchases": lambda person, now: _happened(person.purchases, now),
    "devices": _devices,
    "push_tokens": _push_tokens,
    "apps": _apps,
    "campaigns_received": _campaigns,
    "canvases_received": _canvases,
    "cards_clicked": _cards,
    "uninstalled_at": _uninstalled,
}
