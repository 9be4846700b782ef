"""A cassette recorded over real HTTP is redacted, judged clean, and replays with every socket forbidden."""

import socket

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.check.record import record, recordable
from export_contracts.check.run import play
from export_contracts.judge import judge
from export_contracts.reference.house import House
from export_contracts.reference.serving import Serving
from export_contracts.reference.world import Clock, MemoryBucket, World
from export_contracts.targets.live import live_venue
from export_contracts.targets.replay import replayed
from export_contracts.targets.target import Pace, Target
from export_contracts.transcript.traffic import load


def build(slug):
    return plugins.module(slug, "reference").build(World(clock=Clock(), bucket=MemoryBucket(), users=3))


@pytest.mark.parametrize("slug", plugins.slugs())
def test_a_served_reference_is_recorded_and_replayed(slug, tmp_path, monkeypatch):
    contract = contracts.load(slug)
    scenario = next(one for one in recordable(slug) if not one.needs)
    facts = build(slug).facts()
    with Serving(House({slug: lambda: build(slug)})) as served:
        settings = {**facts, "clock": {"control": served.control}}
        target = Target(slug, served.addresses[slug], settings, Pace(poll=30.0, deadline=86_400.0), origin="live")
        (one,) = record(contract, live_venue(target), [scenario], tmp_path, recorded_at="2026-01-01")
    monkeypatch.setattr(socket.socket, "connect", None)
    assert one.path is not None
    text = one.path.read_text(encoding="ascii")
    secrets = [facts[name] for name, setting in contract.manifest.settings.items() if setting.secret and name in facts]
    assert [secret for secret in secrets if len(str(secret)) > 4 and str(secret) in text] == []
    (recorded,) = load(one.path, slug)
    assert [verdict.clause.id for verdict in judge(contract, [recorded]).verdicts if verdict.findings] == []
    with replayed(one.path, slug) as venue:
        again = play(contract, venue, scenario).transcript
    assert [(e.status, e.response.body) for e in again.exchanges] == [
        (e.status, e.response.body) for e in recorded.exchanges
    ]
