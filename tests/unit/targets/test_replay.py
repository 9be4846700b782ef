"""Scenarios replayed from cassettes through vcrpy, with every socket forbidden."""

import socket

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.check.record import record, recordable
from export_contracts.check.run import play
from export_contracts.judge import judge
from export_contracts.model import Request
from export_contracts.targets.replay import replayed
from export_contracts.targets.transport import Trouble
from export_contracts.targets.venue import embedded_venue
from export_contracts.transcript.traffic import load


@pytest.fixture(autouse=True)
def network_is_dead(monkeypatch):
    def refuse(*_args, **_options):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def verdicts(contract, transcripts):
    return [(one.clause.id, one.verdict, one.kept) for one in judge(contract, transcripts).verdicts]


def answers(transcript):
    return [
        (one.request.method, one.request.url, one.started, one.ended, one.trouble)
        + ((one.status, one.response.body, sorted(one.response.headers.lowered().items())) if one.response else ())
        for one in transcript.exchanges
    ]


@pytest.mark.parametrize("slug", plugins.slugs())
def test_scenarios_replay_as_they_were_recorded(slug, tmp_path):
    contract = contracts.load(slug)
    scenarios = recordable(slug)
    done = list(record(contract, embedded_venue(slug, users=3), scenarios, tmp_path, recorded_at="2026-01-01"))
    for scenario, one in zip(scenarios, done, strict=True):
        if one.path is None or one.path.stat().st_size > 1_000_000:
            continue  # nothing played, or a request of four megabytes, which proves no more
        with replayed(one.path, slug) as venue:
            again = play(contract, venue, scenario).transcript
        (recorded,) = load(one.path, slug)
        assert answers(again) == answers(recorded), scenario.name
        assert (again.callbacks, again.files) == (recorded.callbacks, recorded.files)
        assert verdicts(contract, [again]) == verdicts(contract, [recorded])


def test_what_was_not_recorded_is_trouble_and_no_call(tmp_path):
    contract = contracts.load("braze")
    first = recordable("braze")[:1]
    (one,) = record(contract, embedded_venue("braze", users=3), first, tmp_path, recorded_at="2026-01-01")
    with replayed(one.path, "braze") as venue:
        stage = venue.open()
        with pytest.raises(Trouble, match="no further answer"):
            stage.carry(Request("GET", "http://braze.reference.invalid/never/asked"))
