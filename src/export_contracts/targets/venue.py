"""Where a run takes place: a target and a way to open a transport to it.

An embedded venue opens a fresh reference for each scenario, so that order, workers and seeds cannot make
one scenario depend on another; a live venue opens the same address each time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from export_contracts.model import Mutant
from export_contracts.reference.world import Bucket, MemoryBucket
from export_contracts.targets.embedded import embedded
from export_contracts.targets.target import Target
from export_contracts.targets.transport import Transport
from export_contracts.targets.waiting import Deadlines


@dataclass(frozen=True)
class Venue:
    """A target with the means to reach it. `deadlines` is what its openings remember together, None for nothing."""

    target: Target
    open: Callable[[], Transport]
    deadlines: Deadlines | None = None


def embedded_venue(
    slug: str,
    *,
    seed: int = 0,
    users: int = 40,
    mutant: Mutant | None = None,
    when: dict[str, object] | None = None,
    awkward: int | None = None,
    new_bucket: Callable[[], Bucket] = MemoryBucket,
    large: int = 0,
    as_of: str | None = None,
) -> Venue:
    """A venue whose every opening is a fresh embedded reference of vendor `slug` with a bucket of its own."""

    def build() -> tuple[Target, Transport]:
        bucket = new_bucket()
        return embedded(
            slug,
            seed=seed,
            users=users,
            bucket=bucket,
            mutant=mutant,
            when=when,
            awkward=awkward,
            large=large,
            as_of=as_of,
        )

    return Venue(build()[0], lambda: build()[1])
