"""Which server plays APSIS One: today's, or that of a month."""

from __future__ import annotations

from export_contracts.reference.world import World
from export_contracts.vendors.apsis.reference_service import Apsis


def build(world: World) -> Apsis:
    """The reference in `world`."""
    if world.as_of is None:
        return Apsis(world)
    from export_contracts.vendors.apsis.reference_editions import ApsisAsOf

    return ApsisAsOf(world)
