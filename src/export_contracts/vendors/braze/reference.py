"""Braze's reference."""

from __future__ import annotations

import json

from export_contracts.model import Json, Request
from export_contracts.reference.server import Answer, Reference
from export_contracts.reference.world import World


class Braze(Reference):
    """Braze."""

    slug = "braze"

    def answer(self, request: Request) -> Answer:
        """Answer."""
        if request.path == "/users/export/segment":
            self.ready = self.world.clock.now() + 60
            body = {"message": "success", "object_prefix": "a-1", "url": self.world.base_url + "/d/1"}
            return Answer(200, json.dumps(body).encode(), {"Content-Type": "application/json"}, "exportUsersBySegment")
        return Answer(200 if self.world.clock.now() >= self.ready else 403, b"x", {}, "downloadExport")

    def facts(self) -> dict[str, Json]:
        """Facts."""
        return {"token": "t", "segment_id": "s"}


def build(world: World) -> Braze:
    """The reference in `world`."""
    return Braze(world)
