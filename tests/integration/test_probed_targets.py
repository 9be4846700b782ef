"""A target as a side of drift: probed by harmless scenarios only, within a budget; a dry run sends nothing."""

import json

import pytest

from export_contracts.catalogue import plugins
from export_contracts.cli.main import main
from export_contracts.reference.house import House
from export_contracts.reference.serving import Serving
from export_contracts.reference.world import Clock, MemoryBucket, World


class Counted:
    """A reference that keeps what it was asked."""

    def __init__(self, inner):
        self.inner, self.asked = inner, []

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def answer(self, request):
        self.asked.append(request)
        return self.inner.answer(request)


@pytest.fixture
def served(tmp_path, monkeypatch):
    """(target file, requests asked) of a served Braze; the key is in the environment."""
    built = Counted(plugins.module("braze", "reference").build(World(clock=Clock(), bucket=MemoryBucket(), users=3)))
    facts = built.facts()
    monkeypatch.setenv("PROBED_KEY", str(facts["token"]))
    with Serving(House({"braze": lambda: built})) as serving:
        target = tmp_path / "live.toml"
        target.write_text(
            f'vendor = "braze"\nurl = "{serving.addresses["braze"]}"\n[ids]\nsegment_id = "{facts["segment_id"]}"\n'
            f'[secrets]\ntoken = {{env = "PROBED_KEY"}}\n[clock]\ncontrol = "{serving.control}"\n[pace]\npoll = 30\n',
            encoding="utf-8",
        )
        yield target, built.asked, str(facts["token"])


def test_a_target_is_probed_within_its_budget_and_a_second_probe_is_no_drift(served, tmp_path, capsys):
    target, asked, key = served
    shape = tmp_path / "braze.shape.json"
    assert main(["drift", "braze", str(target), "--to", str(shape), "--max-exports", "1"]) == 0
    assert key not in shape.read_text(encoding="utf-8")
    starts = [one for one in asked if one.path.endswith("/users/export/segment")]
    assert len(starts) == 1
    assert main(["drift", "braze", str(shape), str(target), "--json", "--max-exports", "1"]) == 0
    told = capsys.readouterr().out
    found = json.loads(told[told.index("{") :])
    assert found["changes"] == []
    assert any("not harmless" in one["what"] for one in found["unread"])
    assert any("budget" in one["what"] for one in found["unread"])
    assert key not in told


def test_a_dry_run_tells_the_plan_and_sends_nothing(served, tmp_path, capsys):
    target, asked, key = served
    assert main(["drift", "braze", str(target), str(target), "--dry-run"]) == 0
    assert main(["record", "braze", "--target", str(target), "--to", str(tmp_path / "x"), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "export_to_url: 1 exports at most" in told
    assert "one at a time" in told
    assert key not in told
    assert asked == []
    assert not (tmp_path / "x").exists()


def test_a_target_beyond_this_machine_needs_leave(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PROBED_KEY", "secret-7391")
    target = tmp_path / "far.toml"
    target.write_text(
        'vendor = "braze"\nurl = "https://rest.example.com"\n[ids]\nsegment_id = "x"\n'
        '[secrets]\ntoken = {env = "PROBED_KEY"}\n',
        encoding="utf-8",
    )
    assert main(["drift", "braze", str(target), str(target)]) == 2
    assert main(["drift", "braze", str(target), str(target), "--dry-run", "--live"]) == 0
    assert main(["drift", "braze", "a.yaml", "b.yaml", "--dry-run"]) == 2
    told = capsys.readouterr()
    assert "secret-7391" not in told.out + told.err


def test_a_target_that_never_answers_is_exit_3(tmp_path, capsys):
    target = tmp_path / "dead.toml"
    target.write_text(
        'vendor = "braze"\nurl = "http://127.0.0.1:9"\n[ids]\nsegment_id = "x"\n[secrets]\ntoken = "k"\n',
        encoding="utf-8",
    )
    assert main(["drift", "braze", str(target), "--to", str(tmp_path / "s.json")]) == 3
    assert "never answered" in capsys.readouterr().err
