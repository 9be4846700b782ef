"""Scenarios survive whatever a server answers: it is for clauses to judge, and never the end of a run."""

import json

import pytest
from hostile import answering, serving

from export_contracts.catalogue import contract, plugins
from export_contracts.check.run import play, scenarios_of
from export_contracts.judge import judge
from export_contracts.model import Verdict
from export_contracts.reference.world import World
from export_contracts.targets.live import live_venue
from export_contracts.targets.target import Pace, Target

JSON = b"Content-Type: application/json\r\n"


def told(body, status="200 OK", fields=JSON):
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n".encode()
    return answering(head + fields + b"\r\n" + body)


URLS = dict.fromkeys(("url", "pollUrl", "poll_url", "href", "location", "object_prefix"), "http://evil.example/x")
ANSWERS = {
    "500 without a body": told(b"", "500 Oh"),
    "404 in HTML": told(b"<html>", "404 Not Found", b"Content-Type: text/html\r\n"),
    "401": told(b'{"message": "no"}', "401 Unauthorized"),
    "429 for ever": told(b"", "429 Slower", b"Retry-After: 0\r\n"),
    "503 and come back tomorrow": told(b"", "503 Later", b"Retry-After: 86400\r\n"),
    "redirect elsewhere": told(b"", "302 Found", b"Location: http://evil.example/\r\n"),
    "204": answering(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "null": told(b"null"),
    "a list": told(b"[]"),
    "a number": told(b"1e400"),
    "a text": told(b'"x"'),
    "nothing in it": told(b"{}"),
    "invalid UTF-8": told(b"\xff\xfe{}"),
    "a lone surrogate": told(b'{"url": "\\ud800", "message": "\\ud800"}'),
    "deep nesting": told(b"[" * 100_000 + b"]" * 100_000),
    "broken gzip": told(
        b"\x1f\x8b\x08\x00rest", fields=b"Content-Encoding: gzip\r\nContent-Type: application/json\r\n"
    ),
    "URLs that lead elsewhere": told(json.dumps(URLS).encode(), "201 Created"),
    "everything is a number": told(json.dumps(dict.fromkeys([*URLS, "id", "status", "message"], 7)).encode()),
    "everything is null": told(json.dumps(dict.fromkeys([*URLS, "id", "status", "message"])).encode()),
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("slug", plugins.slugs())
def test_every_scenario_plays_on(slug, answer):
    one = contract.load(slug)
    facts = plugins.module(slug, "reference").build(World()).facts()
    pace = Pace(poll=0.05, deadline=0.2, timeout=2, generated=2)
    with serving(ANSWERS[answer]) as url:
        venue = live_venue(Target(slug, url, facts, pace))
        played = [play(one, venue, scenario) for scenario in scenarios_of(slug)]
    assert any(exchange.response for each in played for exchange in each.transcript.exchanges)
    judgement = judge(one, [each.transcript for each in played], features=venue.target.features)
    assert [verdict.reason for verdict in judgement.verdicts if verdict.verdict is Verdict.ERROR] == []
