"""What strangers record lacks times, raw bytes, intents or facts: an innocent vendor stays innocent all the same."""

import dataclasses
from functools import cache

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.check.run import play, scenarios_of
from export_contracts.judge import judge
from export_contracts.model import UNKNOWN_TIME, Exchange, Request, Response, Transcript, Untimed, Verdict
from export_contracts.targets.venue import embedded_venue

BOTH = ("provider", "consumer")


@cache
def played(slug):
    venue = embedded_venue(slug, users=6)
    return tuple(play(contracts.load(slug), venue, one).transcript for one in scenarios_of(slug))


def each_exchange(transcript, change):
    return dataclasses.replace(transcript, exchanges=tuple(change(one) for one in transcript.exchanges))


def without_times(transcript):
    return each_exchange(transcript, lambda one: dataclasses.replace(one, started=UNKNOWN_TIME, ended=UNKNOWN_TIME))


def decoded(transcript):
    def change(one):
        if one.response is None:
            return one
        answer = dataclasses.replace(one.response, body=one.response.content, raw=False)
        return dataclasses.replace(one, response=answer)

    return each_exchange(transcript, change)


def of_a_stranger(transcript):
    """Without what only our own player knows; its faults are then faults of the client, and no longer planned."""
    bare = dataclasses.replace(transcript, facts={}, callbacks=(), files=(), base_url=None)
    return each_exchange(bare, lambda one: dataclasses.replace(one, intent=None, operation=None))


@pytest.mark.parametrize("slug", plugins.slugs())
@pytest.mark.parametrize(
    ("change", "parties"),
    [
        (without_times, BOTH),
        (decoded, BOTH),
        (of_a_stranger, ("provider",)),
        (lambda one: without_times(decoded(of_a_stranger(one))), ("provider",)),
    ],
    ids=["without times", "decoded", "of a stranger", "all of it"],
)
def test_no_clause_is_broken(slug, change, parties):
    judgement = judge(contracts.load(slug), [change(one) for one in played(slug)], parties=parties)
    broken = {one.clause.id: one.findings[0] for one in judgement.verdicts if one.findings}
    assert broken == {}
    assert Verdict.PASS in {one.verdict for one in judgement.verdicts}


def test_an_unknown_time_refuses_to_be_reckoned_with():
    for use in (lambda t: t < 1, lambda t: t > 1, lambda t: t - 1, lambda t: 1 - t, lambda t: max(t, 5.0), int):
        with pytest.raises(Untimed):
            use(UNKNOWN_TIME)
    assert UNKNOWN_TIME == 0.0
    assert not Exchange(0, Request("GET", "http://h/"), None, UNKNOWN_TIME, UNKNOWN_TIME).timed


def test_a_clause_that_needs_times_is_unexercised_and_says_why(monkeypatch):
    contract = contracts.load("braze")
    clause = next(one for one in contract.clauses if one.check == "answered")
    exchange = Exchange(0, Request("GET", "http://h/"), Response(200), UNKNOWN_TIME, UNKNOWN_TIME)

    def needs_times(talk):
        yield from (one.at() for one in talk.exchanges if one.started > 5)

    monkeypatch.setattr("export_contracts.judge.registry.checks_in", lambda _: {"answered": needs_times})
    (verdict,) = judge(contract, [Transcript("braze", "n", "recorded", (exchange,))], only=[clause.id]).verdicts
    assert verdict.verdict is Verdict.UNEXERCISED
    assert "when it happened" in verdict.reason
