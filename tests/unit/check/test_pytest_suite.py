"""The suite as pytest: a target that cannot be is told at once, a silent one fails, a live one is spared."""

from __future__ import annotations

import pytest

from export_contracts import pytest_plugin
from export_contracts.catalogue import contract
from export_contracts.check.run import Played
from export_contracts.errors import UnreachableError
from export_contracts.model import Exchange, Request, Response, Transcript
from export_contracts.targets.target import Target

FILE = 'vendor = "braze"\nurl = "http://127.0.0.1:1"\nids.segment_id = "s"\nsecrets.token = "sesame"\n'


class Config:
    def __init__(self, **options):
        self.options = {"contract_seed": 0, "contract_live": False, **options}

    def getoption(self, name):
        return self.options.get(name.strip("-").replace("-", "_"))


def written(tmp_path, text=FILE):
    path = tmp_path / "target.toml"
    path.write_text(text, encoding="utf-8")
    return Config(contract_target=str(path), contract_live=True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[[", "is no TOML"),
        (FILE.replace("braze", "brase"), "no vendor 'brase'"),
        (FILE.replace("url =", "#"), "url is missing"),
    ],
)
def test_a_target_that_cannot_be_is_wrong_usage(tmp_path, text, sentence):
    with pytest.raises(pytest.UsageError, match=sentence):
        pytest_plugin.pytest_configure(written(tmp_path, text))


def test_an_unknown_vendor_is_wrong_usage():
    with pytest.raises(pytest.UsageError, match="no vendor 'nope'"):
        pytest_plugin.pytest_configure(Config(contract_vendor=["nope"]))


def test_a_target_that_never_answers_fails(tmp_path):
    with pytest.raises(UnreachableError, match="never gave a whole answer"):
        pytest_plugin._judged("braze", written(tmp_path), tmp_path / "shared")


def test_a_live_target_is_played_harmless_scenarios_only(tmp_path, monkeypatch):
    seen = []

    def none_played(_slug, venue, chosen, *_):
        seen.extend(chosen)
        assert isinstance(venue.target, Target)
        raise UnreachableError("nobody there")

    monkeypatch.setattr(pytest_plugin, "_shared_plays", none_played)
    with pytest.raises(UnreachableError):
        pytest_plugin._judged("braze", written(tmp_path), tmp_path)
    assert seen
    assert all(one.harmless for one in seen)
    assert sum(one.exports for one in seen) <= 3


def test_a_run_in_which_no_order_was_accepted_is_not_green(tmp_path, monkeypatch):
    refused = Exchange(0, Request("POST", "http://h/users/export/segment"), Response(400), 1, 2, "exportUsersBySegment")
    played = Played("one", Transcript("braze", "one", "live", (refused,)))
    monkeypatch.setattr(pytest_plugin, "_shared_plays", lambda *_: [played])
    run = pytest_plugin._judged("braze", written(tmp_path), tmp_path)
    (said,) = run.shortfalls
    assert said.startswith("no order of an export was accepted (1 with status 400)")
    assert run.items["BRZ-014"].end == "failed"
    assert "no order of an export was accepted" in run.items["BRZ-014"].told
    assert {one.id for one in contract.load("braze").clauses} >= set(run.items)
