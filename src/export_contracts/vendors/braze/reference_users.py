"""A synthetic person as Braze exports one: a builder for each exportable field.

A builder returns None where there is nothing to tell; such a field is left out of the row. Which fields
are asked for, and how rows become files, is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from export_contracts.model import Json
from export_contracts.reference.draw import Draw
from export_contracts.reference.population import DAY, Person
from export_contracts.vendors.braze.reference_devices import apps, devices, push_tokens
from export_contracts.vendors.braze.reference_history import campaigns, canvases, happened, moment

SUBSCRIPTIONS: Final = ("opted_in", "subscribed", "unsubscribed")
SUBSCRIBED: Final = frozenset({"push_subscribe", "email_subscribe"})
Build = Callable[[Person, int], Json]


@dataclass(frozen=True, slots=True)
class Marks:
    """The small facts that only this vendor tells of a person; None where there is nothing to tell."""

    braze_id: str
    created_from: str
    push: str
    email: str
    campaign: str | None
    source: str | None
    adgroup: str | None
    ad: str | None
    aliased: bool
    clicked: bool
    uninstalled: bool
    located: bool


def _marks(person: Person) -> Marks:
    # Asked for once per field of the same person, one person after the other.
    return _marks_of(person.seed, person.index)


@lru_cache(maxsize=2)
def _marks_of(seed: int, index: int) -> Marks:
    draw = Draw(f"{seed}/{index}/braze")
    attributed = draw.percent(50)
    return Marks(
        braze_id=draw.hex(24),
        created_from=draw.pick(("SDK", "REST API", "CSV import")),
        push=draw.pick(SUBSCRIPTIONS),
        email=draw.pick(SUBSCRIPTIONS),
        campaign=draw.pick(("spring launch", "Été")) if attributed else None,
        source=draw.pick(("Facebook Ads", "organic")) if attributed else None,
        adgroup=draw.pick(("18–25", "lookalike 2%")) if attributed else None,
        ad=draw.pick(("video_15s", "carousel")) if attributed else None,
        aliased=draw.percent(30),
        clicked=draw.percent(25),
        uninstalled=draw.percent(10),
        located=draw.percent(85),
    )


def exported(person: Person, now: int, fields: Sequence[str], attributes: Sequence[str] = ()) -> dict[str, Json]:
    """The row of `person` at `now` (seconds since the epoch) with `fields`, or with named attributes only."""
    row: dict[str, Json] = {}
    for name in fields:
        value = BUILDERS[name](person, now)
        if value is not None:
            row[name] = value
            if name in SUBSCRIBED:
                row |= _sibling(name, value, person)
    if attributes:
        chosen = {name: value for name, value in person.attributes.items() if name in attributes}
        if chosen:
            row["custom_attributes"] = chosen
    return row


def _sibling(name: str, state: str, person: Person) -> dict[str, Json]:
    if state == "subscribed":
        return {}
    channel = name.removesuffix("_subscribe")
    return {f"{channel}_{state}_at": moment(person.traits.created + DAY * (2 if channel == "push" else 1))}


def _known(tell: Callable[[Person], Json]) -> Build:
    return lambda person, _: None if person.anonymous else tell(person)


def _aliases(person: Person, _: int) -> Json:
    if not person.anonymous and not _marks(person).aliased:
        return None
    return [{"alias_name": person.uuid, "alias_label": "web_visitor"}]


def _cards(person: Person, _: int) -> Json:
    return [{"name": "Nouveautés"}] if _marks(person).clicked else None


def _coordinates(person: Person, _: int) -> Json:
    place = person.traits.place
    return [place.longitude, place.latitude] if _marks(person).located else None


def _uninstalled(person: Person, now: int) -> Json:
    return moment(min(now, person.anchor) - 3 * DAY) if _marks(person).uninstalled else None


BUILDERS: Final[dict[str, Build]] = {
    "created_at": lambda person, _: moment(person.traits.created),
    "created_from": lambda person, _: _marks(person).created_from,
    "external_id": _known(lambda person: person.key),
    "user_aliases": _aliases,
    "braze_id": lambda person, _: _marks(person).braze_id,
    "random_bucket": lambda person, _: person.traits.bucket,
    "first_name": _known(lambda person: person.traits.first_name),
    "last_name": _known(lambda person: person.traits.last_name),
    "email": _known(lambda person: person.email),
    "dob": _known(lambda person: person.traits.born.isoformat()),
    "home_city": lambda person, _: person.traits.place.city if _marks(person).located else None,
    "country": lambda person, _: person.traits.place.country,
    "phone": _known(lambda person: person.phone),
    "language": lambda person, _: person.traits.place.language,
    "time_zone": lambda person, _: person.traits.place.zone,
    "last_coordinates": _coordinates,
    "gender": _known(lambda person: person.traits.gender),
    "total_revenue": lambda person, _: round(person.revenue, 2) or None,
    "attributed_campaign": lambda person, _: _marks(person).campaign,
    "attributed_source": lambda person, _: _marks(person).source,
    "attributed_adgroup": lambda person, _: _marks(person).adgroup,
    "attributed_ad": lambda person, _: _marks(person).ad,
    "push_subscribe": lambda person, _: _marks(person).push,
    "email_subscribe": lambda person, _: _marks(person).email,
    "custom_attributes": lambda person, _: person.attributes or None,
    "custom_events": lambda person, now: happened(person.events, now),
    "purchases": lambda person, now: happened(person.purchases, now),
    "devices": devices,
    "push_tokens": push_tokens,
    "apps": apps,
    "campaigns_received": campaigns,
    "canvases_received": canvases,
    "cards_clicked": _cards,
    "uninstalled_at": _uninstalled,
}
