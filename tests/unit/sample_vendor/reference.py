"""The made-up vendor's server."""

import json
from typing import ClassVar

from export_contracts.model import Json, Request
from export_contracts.reference.server import Answer, Reference
from export_contracts.reference.world import World

JSON = {"Content-Type": "application/json"}


class Sample(Reference):
    slug = "sample"
    started: ClassVar[dict[str, Json]] = {"id": "7", "note": "queued"}

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != "Bearer canary-token":
            return Answer(401, b'{"error": "who are you?"}', JSON)
        if request.method == "POST":
            return Answer(202, json.dumps(self.started).encode(), JSON, "startExport")
        return Answer(200, b'{"state": "done"}', JSON, "lookAtExport")

    def facts(self) -> dict[str, Json]:
        return {"token": "canary-token", "list_id": "list-1"}


def build(world: World) -> Reference:
    return Sample(world)
