"""The world a reference server lives in: a clock that can be turned, seeded chance, a bucket, an outbox.

Nothing here knows a vendor. Whatever waits for time registers with `Clock.at`; advancing the clock runs it
in order, so a day passes in a millisecond and a run is reproducible by its seed.
"""

from __future__ import annotations

import heapq
import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from export_contracts.model import Request
from export_contracts.reference.chance import Chance


class Clock:
    """Seconds since the epoch, running `speed` times as fast as ours and pushed forward by `advance`.

    `frozen` time moves by `advance` only.
    """

    def __init__(self, *, start: float | None = None, frozen: bool = False, speed: float = 1.0) -> None:
        self._speed = 0.0 if frozen else speed
        self._origin = time.time() if start is None else start
        self._monotonic = time.monotonic()
        self._pushed = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._lock = threading.RLock()

    @property
    def pushed(self) -> float:
        """Seconds by which `advance` has moved it so far."""
        return self._pushed

    def now(self) -> float:
        """The present moment of this world."""
        passed = (time.monotonic() - self._monotonic) * self._speed
        return self._origin + self._pushed + passed

    def advance(self, seconds: float) -> float:
        """Push time forward, running what falls due on the way; returns the new now."""
        with self._lock:
            target = self.now() + max(0.0, seconds)
            while self._due and self._due[0][0] <= target:
                moment, _, action = heapq.heappop(self._due)
                self._pushed += max(0.0, moment - self.now())
                action()
            self._pushed += max(0.0, target - self.now())
            return self.now()

    def at(self, moment: float, action: Callable[[], None]) -> None:
        """Run `action` once `now()` reaches `moment`."""
        with self._lock:
            heapq.heappush(self._due, (moment, next(self._order), action))

    def run_due(self) -> None:
        """Run what real time has made due; servers call this before each answer."""
        self.advance(0.0)


class Bucket(Protocol):
    """Where exports are delivered."""

    def put(self, key: str, body: bytes) -> None:
        """Store an object."""

    def get(self, key: str) -> bytes | None:
        """The object, None where there is none."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Keys that begin with `prefix`, in order."""

    def objects(self, prefix: str = "") -> Iterator[tuple[str, bytes]]:
        """Objects whose key begins with `prefix`, by key."""


@dataclass
class MemoryBucket:
    """A bucket in memory, for tests and proofs."""

    stored: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, body: bytes) -> None:
        """Store an object."""
        self.stored[key] = body

    def get(self, key: str) -> bytes | None:
        """The object, None where there is none."""
        return self.stored.get(key)

    def objects(self, prefix: str = "") -> Iterator[tuple[str, bytes]]:
        """Objects whose key begins with `prefix`, by key."""
        for key in self.keys(prefix):
            yield key, self.stored[key]

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Keys that begin with `prefix`, in order."""
        yield from (key for key in sorted(self.stored) if key.startswith(prefix))


@dataclass
class World:
    """All that a reference server may touch. `send` delivers a callback; None drops it.

    `awkward` is None for the plain server, or the seed of the legal but inconvenient one.
    `base_url` is what the server calls itself in the URLs it hands out. `users` are the members of the main
    segment, `large` those of a segment of several files' size, where a vendor's reference offers one; 0 for none.
    `as_of` is a month, `YYYY-MM`, whose edition the vendor's reference keeps if it has editions; None is the newest.
    `obliging` is a server for tests of clients, which wait for nothing between one call and the next: an export has
    ended when another order comes, and no rate is counted.
    """

    seed: int = 0
    clock: Clock = field(default_factory=Clock)
    bucket: Bucket | None = None
    send: Callable[[Request], None] | None = None
    awkward: int | None = None
    base_url: str = "http://127.0.0.1"
    users: int = 40
    large: int = 0
    as_of: str | None = None
    obliging: bool = False

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.chance = None if self.awkward is None else Chance(self.awkward)

    def before(self, month: str) -> bool:
        """Whether the edition is of a time before `month`, `YYYY-MM`."""
        return self.as_of is not None and self.as_of < month

    def maybe(self, chance: float, what: str | None = None) -> bool:
        """Whether an awkward world does the inconvenient thing now; never in a plain one.

        A choice with a name is met soon: see `Chance`.
        """
        return self.chance is not None and self.chance.falls(chance, what)
