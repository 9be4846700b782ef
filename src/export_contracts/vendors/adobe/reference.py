"""Which server plays Adobe Experience Platform: the strict one, the awkward one, or that of a month."""

from __future__ import annotations

from export_contracts.reference.world import World
from export_contracts.vendors.adobe.reference_service import Adobe


def build(world: World) -> Adobe:
    """The reference in `world`: the strict one, or the awkward one where the world is."""
    if world.awkward is None and world.as_of is None:
        return Adobe(world)
    from export_contracts.reference.editions import of_month
    from export_contracts.vendors.adobe.reference_awkward import Awkward
    from export_contracts.vendors.adobe.reference_editions import AdobeAsOf

    if world.as_of is None:
        return Awkward(world)
    return AdobeAsOf(world) if world.awkward is None else of_month(AdobeAsOf, Awkward)(world)
