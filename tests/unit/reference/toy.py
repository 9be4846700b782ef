"""A reference of nobody's: counts requests, finishes jobs by the clock, calls back. For tests of what carries it."""

from __future__ import annotations

import json

from export_contracts.model import Headers, Request
from export_contracts.reference.server import Answer, Reference
from export_contracts.reference.world import Clock, World


class Toy(Reference):
    """POST /jobs starts a job of 60 s, GET /jobs tells of all, /drop closes the connection, /echo says it again."""

    slug = "toy"

    def __init__(self, world):
        super().__init__(world)
        self.state = {"asked": 0, "jobs": []}
        self.resumed = 0

    def answer(self, request):
        self.state["asked"] += 1
        if request.path == "/drop":
            return Answer(0)
        if request.path == "/nothing":
            return Answer(204, b"no body travels with 204")
        if request.path == "/echo":
            told = {"url": request.url, "query": request.query, "base": self.world.base_url, "size": len(request.body)}
            return Answer(200, json.dumps(told).encode(), {"X-CaSe": "é", "Content-Length": "1"}, "echo")
        if request.method == "POST":
            number = self.world.random.getrandbits(32)
            job = {"id": number, "due": self.world.clock.now() + 60, "done": None, "callback": request.body.decode()}
            self.state["jobs"].append(job)
        return Answer(200, json.dumps(self.state["jobs"]).encode(), {"Content-Type": "application/json"}, "jobs")

    def settle(self, now):
        for job in self.state["jobs"]:
            if job["done"] is None and now >= job["due"]:
                job["done"] = job["due"]
                if self.world.bucket is not None:
                    self.world.bucket.put(f"job-{job['id']}", b"rows")
                if job["callback"] and self.world.send is not None:
                    self.world.send(Request("POST", job["callback"], Headers.of({"X-Toy": "1"}), b"{}"))

    def resume(self):
        self.resumed += 1

    def facts(self):
        return {}


def toy(seed=0, start=None, bucket=None):
    """A builder of toys; a clock that stands still where `start` is given."""
    return lambda: Toy(World(seed=seed, clock=Clock(start=start, frozen=start is not None), bucket=bucket))
