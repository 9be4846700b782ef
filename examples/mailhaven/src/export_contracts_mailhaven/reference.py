"""Mailhaven as its handbook describes it. Reads requests by itself and shares no rule with the clauses."""

from __future__ import annotations

import json
from typing import ClassVar

from export_contracts.model import Json, Request, Unreadable
from export_contracts.reference.server import Answer, Reference
from export_contracts.reference.world import World

JSON = {"Content-Type": "application/json"}
TAKES = 60.0
"""Seconds that an export runs."""


class Mailhaven(Reference):
    """The whole service; exports stand in `state` as the moment at which each is done."""

    slug: ClassVar[str] = "mailhaven"
    key = "mailhaven-key-0001"

    def answer(self, request: Request) -> Answer:
        """Route, after a look at the key."""
        operation = self._operation(request)
        if operation is None:
            return _say(404, {"error": "nothing here"}, None)
        if not self.knows(request.headers.get("authorization") or ""):
            return _say(401, {"error": "unknown key"}, operation)
        return self.start(request) if operation == "startExport" else self.look(request)

    def knows(self, authorization: str) -> bool:
        """Whether the header carries the account's key."""
        return authorization == f"Bearer {self.key}"

    def start(self, request: Request) -> Answer:
        """Take an order."""
        order = request.json
        if isinstance(order, Unreadable) or not isinstance(order, dict) or not isinstance(order.get("list"), str):
            return _say(400, {"error": "name a list"}, "startExport")
        job = f"exp-{len(self.state) + 1}"
        self.state[job] = self.world.clock.now() + TAKES
        return _say(202, {"export": job}, "startExport")

    def look(self, request: Request) -> Answer:
        """Tell how far an export is."""
        done = self.state.get(request.path.rpartition("/")[2])
        if done is None:
            return _say(404, {"error": "no such export"}, "lookAtExport")
        return _say(200, {"state": self.state_of(done)}, "lookAtExport")

    def state_of(self, done: float) -> str:
        """The word for an export that is done at a moment."""
        return "done" if self.world.clock.now() >= done else "running"

    def facts(self) -> dict[str, Json]:
        """What a target file for this server declares."""
        return {"key": self.key, "list_id": "newsletter"}

    @staticmethod
    def _operation(request: Request) -> str | None:
        path = request.path
        if request.method == "POST" and path.endswith("/exports"):
            return "startExport"
        return "lookAtExport" if request.method == "GET" and "/exports/" in path else None


def _say(status: int, body: Json, operation: str | None) -> Answer:
    return Answer(status, json.dumps(body).encode(), JSON, operation)


def build(world: World) -> Reference:
    """The server in a world of its own."""
    return Mailhaven(world)
