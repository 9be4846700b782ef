"""The reference's audience: who is in which segment, subscribed to which topic, and what a row of an export shows.

People come from the synthetic population; membership is drawn from the name of the segment or topic, so that any
discriminator or AQL text selects somebody, always the same. AQL itself is not interpreted.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from export_contracts.reference.population import Person, Population
from export_contracts.vendors.apsis.reference_filter import compiled
from export_contracts.vendors.apsis.reference_request import Order

KEY: Final = "Export key"
"""The header of the column that is always there; the documents do not tell its text."""

SHARED: Final = "com.apsis1.attributes.city"
"""The attribute whose values are compared, as the request's way of naming another is not known."""


def rows(order: Order, people: Population) -> Iterator[dict[str, str]]:
    """The profiles that share their city with another one, narrowed as ordered, by export key."""
    sharing = defaultdict(list)
    for person in people.people():
        sharing[attribute(person, SHARED)].append(person)
    alike = [one for group in sharing.values() if len(group) > 1 for one in group]
    for person in sorted(alike, key=export_key):
        if _wanted(person, order):
            yield _row(person, order.columns)


def _wanted(person: Person, order: Order) -> bool:
    if order.filter is not None:
        test = compiled(order.filter, order.segments.keys())
        if not test(_segments(person, order.segments)):
            return False
    if not order.topics:
        return True
    return any(_is_in(person, f"{order.channel}/{topic}", 70) for topic in order.topics)


def _segments(person: Person, segments: Mapping[str, str]) -> AbstractSet[str]:
    return {name for name, what in segments.items() if _is_in(person, what, 50)}


def _is_in(person: Person, what: str, percent: int) -> bool:
    drawn = hashlib.sha256(f"{person.seed}/{person.index}/{what}".encode()).digest()
    return drawn[0] * 100 < percent * 256


def _row(person: Person, columns: Mapping[str, str]) -> dict[str, str]:
    return {KEY: export_key(person)} | {header: attribute(person, what) for header, what in columns.items()}


def export_key(person: Person) -> str:
    """What identifies the profile in every export."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"apsis/{person.seed}/{person.index}"))


def attribute(person: Person, what: str) -> str:
    """The value of an attribute or tag, by the last part of its discriminator; unknown ones are blank."""
    traits = person.traits
    known = {
        "city": traits.place.city,
        "firstname": traits.first_name,
        "lastname": traits.last_name,
        "email": person.email,
        "mobile": person.phone,
        "birthdate": traits.born.isoformat(),
        "points": str(person.attributes.get("loyalty_points", "")),
        "remark": str(person.attributes.get("remark", "")),
    }
    last = what.rsplit(".", 1)[-1].lower()
    if ".tags." in what:
        return "true" if _is_in(person, what, 40) else "false"
    return known.get(last, "")
