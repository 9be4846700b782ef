"""The reference's audience: who is in which segment, subscribed to which topic, and what a row of an export shows.

People come from the synthetic population; membership is drawn from the name of the segment or topic, so that any
discriminator or AQL text selects somebody, always the same. AQL itself is not interpreted.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
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
    test = None if order.filter is None else compiled(order.filter, order.segments.keys())
    for person in _alike(people):
        if (test is None or test(_segments(person, order.segments))) and _subscribes(person, order):
            yield _row(person, order.columns)


@lru_cache(maxsize=4)
def _alike(people: Population) -> tuple[Person, ...]:
    """Everybody who shares a city, by export key; worked out once for a population."""
    sharing = defaultdict(list)
    for person in people.people():
        sharing[attribute(person, SHARED)].append(person)
    return tuple(sorted((one for group in sharing.values() if len(group) > 1 for one in group), key=export_key))


def _subscribes(person: Person, order: Order) -> bool:
    return not order.topics or any(_is_in(person, f"{order.channel}/{topic}", 70) for topic in order.topics)


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
    if ".tags." in what:
        return "true" if _is_in(person, what, 40) else "false"
    known = _KNOWN.get(what.rsplit(".", 1)[-1].lower())
    return known(person) if known is not None else ""


_KNOWN: Final[Mapping[str, Callable[[Person], str]]] = {
    "city": lambda person: person.traits.place.city,
    "firstname": lambda person: person.traits.first_name,
    "lastname": lambda person: person.traits.last_name,
    "email": lambda person: person.email,
    "mobile": lambda person: person.phone,
    "birthdate": lambda person: person.traits.born.isoformat(),
    "points": lambda person: str(person.attributes.get("loyalty_points", "")),
    "remark": lambda person: str(person.attributes.get("remark", "")),
}
