"""Which server plays Braze: today's, or that of a month."""

from __future__ import annotations

from export_contracts.reference.world import World
from export_contracts.vendors.braze.reference_company import Storage
from export_contracts.vendors.braze.reference_service import Braze


def build(world: World) -> Braze:
    """The reference in `world`."""
    storage: Storage | None = "own" if world.bucket is not None and world.maybe(0.3, "own storage") else None
    if world.as_of is None:
        return Braze(world, storage)
    from export_contracts.vendors.braze.reference_editions import BrazeAsOf

    return BrazeAsOf(world, storage)
