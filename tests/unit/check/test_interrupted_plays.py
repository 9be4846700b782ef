"""Ctrl-C within a scenario: whoever plays one alone hears of it, instead of taking half a journey for a whole one."""

import pytest

from export_contracts.catalogue import contract
from export_contracts.check import record
from export_contracts.check.run import play
from export_contracts.cli import recording
from export_contracts.targets.scenario import Scenario
from export_contracts.targets.venue import embedded_venue


def _interrupted(_stage):
    raise KeyboardInterrupt


STOPPED = Scenario("stopped", _interrupted)


def test_an_interruption_is_passed_on():
    with pytest.raises(KeyboardInterrupt):
        play(contract.load("bloomreach"), embedded_venue("bloomreach"), STOPPED)


def test_a_recording_ends_with_it_and_names_what_is_whole(monkeypatch, tmp_path):
    whole = record.recordable("bloomreach")[0]
    monkeypatch.setattr(recording, "recordable", lambda _slug: (whole, STOPPED, whole))
    words = recording.venues.loose.split(["bloomreach"])
    done = recording.run(recording.Asked(recording.Aim(words, ()), str(tmp_path)))
    assert [one.name for one in tmp_path.iterdir()] == [f"reference-{whole.name}.yaml"]
    assert done.lines[0].startswith("written")
    assert done.lines[1:] == ("interrupted; the cassettes named here are whole",)
    assert done.exit_code == 3
