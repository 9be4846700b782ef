"""What an awkward world does when: seeded chance, in which each named choice has its early turn."""

from __future__ import annotations

import random
from hashlib import blake2b
from typing import Final

from export_contracts.model import Json

GOLDEN: Final = (5**0.5 - 1) / 2
EARLY: Final = 0.4
"""How likely a named choice is at its first occasion, at least."""


class Chance:
    """Chance of one seed.

    The first occasion of a named choice falls by the seed's place in a golden rotation, in which three neighbours
    leave no gap as wide as EARLY: of the seeds 1, 2 and 3 one at least takes it, however short the run. Later
    occasions, and choices without a name, fall as their probability says.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = random.Random(seed)
        self._met: set[str] = set()

    def falls(self, chance: float, what: str | None = None) -> bool:
        """Whether it happens now, which it does with the probability `chance`, from 0 to 1."""
        if what is None or what in self._met:
            return self._random.random() < chance
        self._met.add(what)
        own = int.from_bytes(blake2b(what.encode(), digest_size=6).digest(), "big") / 2**48
        return (own + self._seed * GOLDEN) % 1 < max(chance, EARLY)

    def state(self) -> Json:
        """All that decides the future, as JSON."""
        return {"random": self._random.getstate(), "met": sorted(self._met)}

    def restore(self, kept: Json) -> None:
        """Go on from a state that `state` gave."""
        version, numbers, gauss = kept["random"]
        self._random.setstate((version, tuple(numbers), gauss))
        self._met = set(kept["met"])
