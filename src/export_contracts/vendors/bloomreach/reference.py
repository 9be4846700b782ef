"""Which server plays Bloomreach Engagement: today's, or that of a month."""

from __future__ import annotations

from export_contracts.reference.world import World
from export_contracts.vendors.bloomreach.reference_service import Bloomreach


def build(world: World) -> Bloomreach:
    """The reference in `world`."""
    if world.as_of is None:
        return Bloomreach(world)
    from export_contracts.vendors.bloomreach.reference_editions import BloomreachAsOf

    return BloomreachAsOf(world)
