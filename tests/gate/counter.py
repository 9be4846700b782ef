"""A counter at which tests play clients: sends to a reference in virtual time and has the requests judged."""

from __future__ import annotations

import base64
import json

from export_contracts.catalogue import contract, plugins
from export_contracts.judge import judge
from export_contracts.model import Exchange, Headers, Request, Response, Transcript
from export_contracts.reference.world import Clock, MemoryBucket, World

BASE = "http://127.0.0.1:8080"
ABSENT = object()


class Counter:
    """One reference of a vendor. `send` and `pause` make the transcript; `broken` gives the clauses it breaks."""

    def __init__(self, slug, awkward=None):
        self.contract = contract.load(slug)
        clock = Clock(start=1_790_000_000.0, frozen=True)
        self.reference = plugins.module(slug, "reference").build(
            World(
                clock=clock,
                bucket=MemoryBucket(),
                base_url=BASE,
                awkward=awkward,
            )
        )
        self.facts = self.reference.facts()
        self.exchanges = []

    def send(self, method, target, headers, body=b""):
        """One request; `target` a path or a whole URL. Returns the answer."""
        url = target if "://" in target else BASE + target
        wire = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = Request(method, url, Headers.of(headers), wire)
        now = self.reference.world.clock.now()
        self.reference.settle(now)
        answer = self.reference.answer(request)
        response = Response(answer.status, Headers.of(answer.headers), answer.body)
        index = len(self.exchanges)
        self.exchanges.append(Exchange(index, request, response, now, now + 0.01, answer.operation))
        return response

    def pause(self, seconds):
        """Let time pass."""
        self.reference.world.clock.advance(seconds)

    def broken(self):
        """Ids of consumer clauses with findings, whatever their level."""
        transcript = Transcript(
            self.contract.manifest.slug, "client", "gate", tuple(self.exchanges), facts=self.facts, base_url=BASE
        )
        verdicts = judge(self.contract, [transcript], parties=("consumer",)).verdicts
        assert all(one.reason is None or "its check broke" not in one.reason for one in verdicts)
        return {one.clause.id for one in verdicts if one.findings}


def changed(standard, change):
    """Headers or a body with some members changed; ABSENT takes one out."""
    merged = {**standard, **change}
    return {name: value for name, value in merged.items() if value is not ABSENT}


def basic(key_id, secret):
    """The value of an Authorization header."""
    return "Basic " + base64.b64encode(f"{key_id}:{secret}".encode()).decode()
