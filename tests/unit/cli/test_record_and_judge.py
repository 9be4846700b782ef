"""`record` writes redacted cassettes, and `judge` reads them back; neither a secret nor a sender is left."""

import json

import pytest

from export_contracts.catalogue.clauses import meta_validator


@pytest.fixture
def cassettes(run, tmp_path):
    code, out, err = run("record", "sample", "--to", "here")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "written   here/reference-export_and_look.yaml"
    assert out.splitlines()[1].startswith("left out  two_lists: the target declares no second_list_id")
    return tmp_path / "here"


def test_cassettes_hold_no_secret(cassettes):
    texts = [one.read_text() for one in cassettes.iterdir()]
    assert len(texts) == 1
    assert "canary-token" not in texts[0]


@pytest.mark.usefixtures("cassettes")
def test_a_recording_is_judged_as_the_run_was(run, snapshot):
    code, out, err = run("judge", "sample", "here")
    assert (code, err) == (0, "")
    snapshot("judge-kept.txt", out)


def test_json_is_valid_and_judges_both_parties(run, cassettes):
    code, out, err = run("judge", "sample", "here", "--json", "--report", "there")
    results = json.loads(out)
    assert (code, err) == (0, "")
    assert list(meta_validator("results").violations(results)) == []
    assert {one["party"] for one in results["clauses"]} == {"provider", "consumer"}
    assert results["runs"][0]["origin"] == "reference"
    assert (cassettes.parent / "there" / "results.json").read_text() == out


@pytest.mark.usefixtures("cassettes")
def test_one_party(run):
    code, out, _ = run("judge", "sample", "here", "--party", "consumer")
    assert code == 0
    assert "SMP-007" in out
    assert "SMP-001" not in out


def test_a_broken_recording_is_exit_1(run, cassettes):
    path = cassettes / "reference-export_and_look.yaml"
    path.write_text(
        path.read_text().replace('"id": "7"', '"di": "7"').replace('\\"id\\": \\"7\\"', '\\"di\\": \\"7\\"')
    )
    code, out, _ = run("judge", "sample", path)
    assert code == 1
    assert "SMP-001  MUST" in out
    assert f"export-contracts judge sample {path} --only SMP-001" in out


def test_traffic_of_others_puts_nothing_to_the_test(run, tmp_path):
    entry = {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "request": {"method": "GET", "url": "https://elsewhere.invalid/", "headers": []},
        "response": {"status": 200, "headers": [], "content": {"text": "x"}},
    }
    (tmp_path / "other.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    code, out, _ = run("judge", "sample", "other.har")
    assert code == 3
    assert "No clause was put to the test" in out


def test_nobody_there_is_exit_3(run):
    code, out, _ = run(
        "record", "sample", "--to", "x", "--url", "http://127.0.0.1:9", "--token", "abc", "--list-id", "5"
    )
    assert code == 3
    assert "http://127.0.0.1:9 never answered." in out


def test_scenarios_by_name(run):
    code, _, err = run("record", "sample", "--to", "x", "--scenario", "export_and_lok")
    assert (code, err.splitlines()[0]) == (
        2,
        "error: There is no scenario 'export_and_lok'. Did you mean 'export_and_look'?",
    )
    assert run("record", "sample", "--to", "x", "--scenario", "export_and_look")[0] == 0
    assert run("record", "--to", "x")[0] == 2


def test_traffic_that_does_not_tell_its_times_is_judged_and_reported(run, tmp_path):
    entry = {
        "request": {"method": "GET", "url": "https://elsewhere.invalid/", "headers": []},
        "response": {"status": 200, "headers": [], "content": {"text": "x"}},
    }
    (tmp_path / "untimed.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    code, out, err = run("judge", "sample", "untimed.har", "--json", "--report", "there")
    assert "engine error" not in err
    results = json.loads(out)
    assert code == results["footer"]["exit_code"]
    assert [(one["started"], one["seconds"]) for one in results["requests"]] == [(None, 0.0)]
    assert list(meta_validator("results").violations(results)) == []
    assert run("report", "there/results.json", "--html", "page.html")[0] == 0
