"""The customers of the reference's project, and the segmentation over them. Knows no request and no format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from export_contracts.model import Json
from export_contracts.reference.population import Person, Population

SEGMENTATION: Final = "606488856f8cf6f848b20af8"
SEGMENTS: Final = (0, 1, 2)
IDS: Final = ("registered", "cookie")
PROPERTIES: Final = (
    "first_name",
    "last_name",
    "email",
    "country",
    "loyalty_points",
    "newsletter",
    "average_basket",
    "favourite_brands",
    "remark",
)
MONTH: Final = 30 * 86_400
MANY_POINTS: Final = 25_000


@dataclass(frozen=True)
class Customer:
    """One customer: the hard id `registered`, soft ids `cookie`, and properties, any of them absent."""

    person: Person

    @cached_property
    def ids(self) -> dict[str, Json]:
        """External ids by name: `registered` is text or null, `cookie` a list. Nobody is without either."""
        draw = self.person.draw("cookies")
        known = not self.person.anonymous
        cookies = [draw.uuid() for _ in range(draw.below(3) if known else 1 + draw.below(2))]
        return {"registered": self.person.key if known else None, "cookie": cookies}

    @cached_property
    def properties(self) -> dict[str, Json]:
        """Properties by name, those that are set."""
        traits = self.person.traits
        plain: dict[str, Json] = {
            "first_name": traits.first_name,
            "last_name": traits.last_name,
            "country": traits.place.country,
        }
        if not self.person.anonymous:
            plain["email"] = self.person.email
        return plain | {name: value for name, value in self.person.attributes.items() if name in PROPERTIES}

    def segment(self, moment: float, zone: ZoneInfo) -> int:
        """Index of the customer's segment: the first rule that fits, or -1.

        0: bought within thirty days before the moment; 1: became a customer before noon, local time;
        2: has many loyalty points.
        """
        if any(moment - MONTH < one.last <= moment for one in self.person.purchases):
            return 0
        if dt.datetime.fromtimestamp(self.person.traits.created, zone).hour < 12:
            return 1
        points = self.person.attributes.get("loyalty_points", 0)
        return 2 if points > MANY_POINTS else -1


def customers(population: Population) -> Iterator[Customer]:
    """Everybody in the project, in order."""
    return (Customer(person) for person in population.people())
