"""Whatever a server answers, our client plays on and every clause comes to a verdict."""

from __future__ import annotations

import dataclasses
import json
import random

import pytest

from export_contracts.catalogue import contract
from export_contracts.check.run import play_all, scenarios_of
from export_contracts.judge import judge
from export_contracts.model import Response, Verdict
from export_contracts.targets.venue import embedded_venue

JUNK = [None, True, -1, 1.5, "", "http://[", [], {}, [1], [[]], [{}], {"id": {}}, "1540974701302_96"]


def garbled(value, chance):
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(list(value))
        return {**value, name: garbled(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        return [*value[:place], garbled(value[place], chance), *value[place + 1 :]]
    return chance.choice(JUNK)


class Garbler:
    """A transport that spoils some answers on the way."""

    def __init__(self, transport, seed):
        self.transport = transport
        self.chance = random.Random(seed)

    def __getattr__(self, name):
        return getattr(self.transport, name)

    def carry(self, request):
        answer = self.transport.carry(request)
        if not answer.body or self.chance.random() > 0.4:
            return answer
        body = garbled(json.loads(answer.body), self.chance)
        return Response(answer.status, answer.headers, json.dumps(body).encode())


@pytest.mark.parametrize("seed", range(6))
def test_nonsense_breaks_clauses_and_no_check(seed):
    book, venue = contract.load("adobe"), embedded_venue("adobe")
    spoilt = dataclasses.replace(venue, open=lambda: Garbler(venue.open(), seed))
    played = play_all(book, spoilt, scenarios_of("adobe"))
    verdicts = judge(book, [one.transcript for one in played], features=venue.target.features).verdicts
    assert [one.reason for one in verdicts if one.verdict is Verdict.ERROR] == []
    assert any(one.findings for one in verdicts)
