"""Synthetic people, any number of them: each a function of seed and index, made when asked for.

Nobody here exists: addresses are of reserved domains. Nothing in this module knows a vendor or a file
format; how a person looks in an export is the business of that vendor's reference.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Literal

from export_contracts.model import Json
from export_contracts.reference.draw import Draw
from export_contracts.reference.places import BRANDS, PLACES, PRODUCTS, REMARKS, SHOPPING, Place

DAY: Final = 86_400
RECENT: Final = 80 * DAY
"""Seconds before the population's anchor within which a recent happening lies."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something done `count` times, between `first` and `last` (seconds since the epoch)."""

    name: str
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Gadget:
    """A device a person uses."""

    platform: Literal["ios", "android", "roku", "web"]
    model: str
    system: str
    carrier: str | None
    identifier: str


GADGETS: Final = (
    ("ios", "iPhone 15", "iOS (18.1)"),
    ("android", "Pixel 8", "Android (15)"),
    ("roku", "Roku Ultra", "Roku OS (13.0)"),
    ("web", "Chrome", "Mac OS X"),
)


Gender = Literal["F", "M", "O", "N", "P"]
GENDERS: Final[tuple[Gender, ...]] = ("F", "M", "F", "M", "F", "M", "F", "M", "O", "N", "P")
EARLIEST: Final = dt.date(1935, 1, 1)


@dataclass(frozen=True, slots=True)
class Traits:
    """Where somebody lives, how they are called, and since when they are known.

    `gender` is female, male, other, not applicable or not said; `created` (seconds since the epoch) lies
    one to five years before the anchor; `bucket`, 0 to 9999, splits a population evenly.
    """

    place: Place
    gender: Gender
    first_name: str
    last_name: str
    born: dt.date
    created: int
    bucket: int


@dataclass(frozen=True)
class Person:
    """Person `index` of a population; every property is worked out on first use and then kept.

    `anchor` is the moment (seconds since the epoch) relative to which the person's past is told:
    recent happenings lie within `RECENT` before it.
    """

    seed: int
    index: int
    anchor: int

    def draw(self, topic: str) -> Draw:
        """Chance for one topic of this person, independent of every other topic."""
        return Draw(f"{self.seed}/{self.index}/{topic}")

    @property
    def key(self) -> str:
        """What a customer's own systems call the person; unique in the population."""
        return f"customer-{self.index:07d}"

    @property
    def anonymous(self) -> bool:
        """Every tenth person has never said who they are: no key, no e-mail address."""
        return self.index % 10 == 9

    @cached_property
    def traits(self) -> Traits:
        """The plain facts about the person."""
        draw = self.draw("traits")
        place, gender = draw.pick(PLACES), draw.pick(GENDERS)
        return Traits(
            place=place,
            gender=gender,
            first_name=draw.pick({"F": place.women, "M": place.men}.get(gender, place.women + place.men)),
            last_name=draw.pick(place.families),
            born=EARLIEST + dt.timedelta(days=draw.below(27_028)),
            created=self.anchor - 365 * DAY - draw.below(4 * 365 * DAY),
            bucket=draw.below(10_000),
        )

    @property
    def uuid(self) -> str:
        """A random identifier; unique for all practical purposes."""
        return self.draw("uuid").uuid()

    @property
    def email(self) -> str:
        """An address in a reserved domain; unique in the population."""
        return f"{_plain(self.traits.first_name)}.{self.index}@example.{('com', 'org', 'net')[self.index % 3]}"

    @property
    def phone(self) -> str:
        """E.164, with a subscriber number of zeros after the area code, which nobody has."""
        return f"+{self.traits.place.calling}5550{self.index % 1_000_000:06d}"

    @cached_property
    def attributes(self) -> dict[str, Json]:
        """Custom attributes of every JSON type; each is missing from some people."""
        draw = self.draw("attributes")
        everything: dict[str, Json] = {
            "loyalty_tier": draw.pick(("bronze", "silver", "gold", "platine ✨")),
            "loyalty_points": draw.below(50_000) - 100,
            "average_basket": draw.below(100_000) / 100 + 0.005,
            "newsletter": draw.percent(50),
            "favourite_brands": [draw.pick(BRANDS) for _ in range(draw.below(4))],
            "last_survey": dt.datetime.fromtimestamp(self.traits.created + 30 * DAY, dt.UTC).strftime(
                "%Y-%m-%dT%H:%M:%SZ"
            ),
            "household": {"size": 1 + draw.below(6), "pets": [{"kind": "cat", "name": "Mīnka"}] * draw.below(3)},
            "remark": draw.pick(REMARKS),
        }
        return {name: value for name, value in everything.items() if not draw.percent(20)}

    @cached_property
    def events(self) -> tuple[Happening, ...]:
        """What the person did lately; `first` may lie long before."""
        return self._happenings("events", SHOPPING)

    @cached_property
    def purchases(self) -> tuple[Happening, ...]:
        """What the person bought lately, by product."""
        return self._happenings("purchases", PRODUCTS)

    @cached_property
    def revenue(self) -> float:
        """All the money spent, in an unnamed currency with two decimals."""
        return sum(one.count for one in self.purchases) * (99 + self.draw("revenue").below(9900)) / 100

    @cached_property
    def gadgets(self) -> tuple[Gadget, ...]:
        """None to two devices."""
        draw = self.draw("gadgets")
        used = []
        for _ in range(draw.below(3)):
            platform, model, system = draw.pick(GADGETS)
            carrier = draw.pick(("Télécom Ω", "Verizon", None)) if platform in {"ios", "android"} else None
            used.append(Gadget(platform, model, system, carrier, draw.uuid()))  # type: ignore[arg-type]  # a table of the four
        return tuple(used)

    def _happenings(self, topic: str, names: Sequence[str]) -> tuple[Happening, ...]:
        draw = self.draw(topic)
        start = draw.below(len(names))
        told = []
        for step in range(draw.below(4)):
            last = self.anchor - 60 - draw.below(RECENT)
            once = draw.percent(25)
            first = last if once else last - 1 - draw.below(last - self.traits.created)
            told.append(Happening(names[(start + step) % len(names)], first, last, 1 if once else 2 + draw.below(60)))
        return tuple(told)


@dataclass(frozen=True, slots=True)
class Population:
    """`size` people; nothing is made before it is asked for, so a million cost what one costs.

    `first` is the index of the first of them and `step` the distance to the next: populations with disjoint
    ranges share nobody, and one that steps by ten from 0 has no anonymous people.
    """

    seed: int
    size: int
    anchor: int
    first: int = 0
    step: int = 1

    def __len__(self) -> int:
        return self.size

    def person(self, position: int) -> Person:
        """The person at `position`, 0 <= position < size."""
        if not 0 <= position < self.size:
            raise IndexError(position)
        return Person(self.seed, self.first + position * self.step, self.anchor)

    def people(self, start: int = 0, stop: int | None = None) -> Iterator[Person]:
        """The people at positions from `start` to before `stop`, one at a time."""
        for position in range(start, self.size if stop is None else min(stop, self.size)):
            yield Person(self.seed, self.first + position * self.step, self.anchor)


@lru_cache(maxsize=512)
def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(one for one in letters.lower() if one.isalnum()) or "someone"
