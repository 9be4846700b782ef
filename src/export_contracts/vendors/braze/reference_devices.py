"""What a person uses, as Braze exports it: devices, push tokens, apps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.model import Json
from export_contracts.reference.population import Person
from export_contracts.vendors.braze.reference_history import moment

APP: Final = {"ios": "Shop (iOS)", "android": "Shop (Android)", "roku": "Shop TV", "web": "Shop web"}


def devices(person: Person, _: int) -> Json:
    """Devices, each with the identifiers of its platform only; None where there are none."""
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


def push_tokens(person: Person, _: int) -> Json:
    """Push tokens of the devices that can have one; None where there are none."""
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


def apps(person: Person, now: int) -> Json:
    """Apps used, one for each platform; None where there are none."""
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
