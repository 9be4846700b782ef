"""`check` and `mutants` as commands: exit codes, pure JSON, files, replay, interruption."""

import json
import re

import pytest
from junitparser import JUnitXml
from sample_vendor.reference import Sample

from export_contracts.catalogue.clauses import meta_validator
from export_contracts.check import conduct
from export_contracts.check import run as playing


@pytest.fixture(autouse=True)
def fresh():
    """What `check` remembers of a vendor's reference between runs is forgotten."""
    conduct.exercised_by.cache_clear()


@pytest.fixture
def nameless(monkeypatch):
    """The reference forgets to name its job."""
    monkeypatch.setattr(Sample, "started", {"note": "queued \x1b[2J canary-token"})


def steady(text):
    """Without what differs from run to run."""
    return re.sub(r"[0-9]+\.[0-9]+ s", "0.0 s", re.sub(r"REDACTED-[0-9a-f]{8}", "REDACTED-0", text))


def results_in(folder):
    return json.loads((folder / "export-contracts-report" / "results.json").read_text())


def test_kept(run, snapshot):
    code, out, err = run("check")
    assert (code, err) == (0, "")
    snapshot("check-kept.txt", out)


@pytest.mark.usefixtures("nameless")
def test_broken(run, snapshot):
    code, out, err = run("check", "sample")
    assert (code, err) == (1, "")
    snapshot("check-broken.txt", steady(out))


@pytest.mark.usefixtures("nameless")
def test_only_and_level(run):
    assert run("check", "--only", "SMP-002")[0] == 0
    assert run("check", "--only", "smp-001,SMP-002")[0] == 1
    assert "SMP-002" not in run("check", "--level", "must")[1]


@pytest.mark.usefixtures("nameless")
def test_json_is_pure_and_valid(run):
    code, out, err = run("check", "--json")
    assert (code, err) == (1, "")
    results = json.loads(out)
    assert list(meta_validator("results").violations(results)) == []
    assert results["footer"]["exit_code"] == 1
    assert results["runs"][0]["command"] == ["export-contracts", "check", "sample", "--seed", "0"]
    assert "canary-token" not in out


@pytest.mark.usefixtures("nameless")
def test_the_report_folder(run, tmp_path):
    run("check", "--report", "there")
    written = sorted(one.name for one in (tmp_path / "there").iterdir())
    assert written == ["junit.xml", "report.html", "results.json", "summary.md"]
    assert json.loads((tmp_path / "there" / "results.json").read_text())["footer"]["exit_code"] == 1
    assert JUnitXml.fromfile(str(tmp_path / "there" / "junit.xml")).failures == 1
    assert "canary-token" not in "".join(one.read_text() for one in (tmp_path / "there").iterdir())


def test_json_writes_a_folder_only_when_asked(run, tmp_path):
    run("check", "--json")
    assert list(tmp_path.iterdir()) == []
    run("check", "--json", "--report", "there")
    assert (tmp_path / "there" / "results.json").is_file()


def test_an_unwritable_report_is_exit_3_and_what_was_found_is_told(run, tmp_path):
    (tmp_path / "file").write_text("")
    code, out, err = run("check", "--report", "file")
    assert code == 3
    assert "cannot be written" in err
    assert "KEPT: " in out
    assert "report:" not in out


def test_a_clause_nobody_exercised_is_not_kept(run):
    code, out, _ = run("check", "--only", "SMP-005")
    assert code == 3
    assert "No clause was put to the test" in out


def test_an_older_edition(run):
    code, out, _ = run("check", "--as-of", "2018-06", "--json")
    verdicts = {one["id"]: one["verdict"] for one in json.loads(out)["clauses"]}
    assert code == 0
    assert verdicts["SMP-001"] == "retired"
    assert verdicts["SMP-006"] == "pass"


def test_an_interruption_leaves_the_partial_report(run, monkeypatch, tmp_path):
    first = playing.scenarios_of("sample")[0]

    def interrupted(contract, venue, *_, watch, **_more):
        watch(playing.play(contract, venue, first))
        raise KeyboardInterrupt

    monkeypatch.setattr(conduct, "play_all", interrupted)
    code, out, _ = run("check")
    assert code == 3
    assert "interrupted" in out
    assert results_in(tmp_path)["footer"]["complete"] is False
    assert len(results_in(tmp_path)["requests"]) == 2


def test_an_unreachable_target_is_told_of_and_reported(run, tmp_path):
    code, out, _ = run("check", "sample", "--url", "http://127.0.0.1:9", "--token", "abcdefgh", "--list-id", "5")
    assert code == 3
    assert "http://127.0.0.1:9 never gave a whole answer" in out
    results = results_in(tmp_path)
    assert results["footer"]["complete"] is False
    command = results["runs"][0]["command"]
    assert command[command.index("--token-env") + 1] == "token=SAMPLE_TOKEN"
    assert "abcdefgh" not in json.dumps(results)


def _startled(_stage):
    raise AttributeError("'list' object has no attribute 'get'")


@pytest.mark.parametrize(("body", "expected"), [({"id": "7", "note": "x"}, 3), ({"note": "x"}, 1)])
def test_a_scenario_that_breaks_neither_hides_a_breach_nor_passes(run, monkeypatch, body, expected):
    scenarios = playing.scenarios_of("sample")
    monkeypatch.setattr(Sample, "started", body)
    monkeypatch.setattr(conduct, "scenarios_of", lambda _: (scenarios[0], playing.Scenario("startled", _startled)))
    code, out, _ = run("check")
    assert code == expected
    assert "scenario startled broke over what the target answered: AttributeError" in out


def test_what_breaks_in_one_vendor_is_reported(run, monkeypatch):
    monkeypatch.setattr(conduct, "measure", lambda *_: 1 / 0)
    code, out, _ = run("check")
    assert code == 3
    assert "engine error: ZeroDivisionError" in out


def test_mutants(run, snapshot):
    code, out, err = run("mutants", "sample", "--only", "SMP-001", "--only", "SMP-002", "--workers", "1")
    assert (code, err) == (0, "")
    snapshot("mutants.txt", steady(out))


def test_a_surviving_mutant_is_exit_1(run, snapshot):
    code, out, _ = run("mutants", "sample", "--workers", "1")
    assert code == 1
    snapshot("mutants-survived.txt", steady(out))
    results = json.loads(run("mutants", "--json", "--workers", "1")[1])
    assert results["exit_code"] == 1
    assert {one["fate"] for one in results["mutants"]} >= {"clean", "killed", "survived"}
