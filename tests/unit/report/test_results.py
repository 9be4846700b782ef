import json
from datetime import date

import pytest
from accounts import KEY, account, broken, faulty, start, talk
from jsonschema import Draft202012Validator

from export_contracts import resources
from export_contracts.catalogue.clauses import meta_validator
from export_contracts.model import Verdict
from export_contracts.report import terminal, words
from export_contracts.report.results import FORMAT, document, dumps
from export_contracts.targets.target import Deviation

TODAY = date(2026, 11, 22)


def results(*accounts, redact=str, **more):
    found = document(accounts, today=TODAY, redact=redact, **more)
    assert list(meta_validator("results").violations(json.loads(dumps(found)))) == []
    return found


def clause(found, name):
    return next(one for one in found["clauses"] if one["id"] == name)


def test_a_kept_run_is_kept(sample):
    found = results(account(sample, talk(start(0))))
    assert found["footer"]["exit_code"] == 0
    assert found["footer"]["verdict"] == "kept"
    assert found["footer"]["complete"] is True
    assert clause(found, "SMP-001")["verdict"] == "pass"
    assert clause(found, "SMP-003")["observed"] == {"silent": 1}
    assert [one["verdict"] for one in found["requests"]] == ["pass"]


def test_each_verdict_stands_where_it_belongs(sample):
    found = results(broken(sample))
    verdicts = {one["id"]: one["verdict"] for one in found["clauses"]}
    assert verdicts == {
        "SMP-001": "fail",
        "SMP-002": "warn",
        "SMP-003": "notice",
        "SMP-004": "unsupported",
        "SMP-005": "unexercised",
        "SMP-006": "retired",
    }
    assert found["footer"]["exit_code"] == 1
    assert found["footer"]["levels"]["must"] == {"kept": 0, "broken": 1, "tolerated": 0, "not_judged": 2, "retired": 1}


def test_a_finding_names_its_request(sample):
    found = results(broken(sample))
    finding = clause(found, "SMP-001")["findings"][0]
    assert finding["request"] == 1
    assert (finding["method"], finding["path"], finding["status"]) == ("POST", "/exports", 202)
    entry = found["requests"][1]
    assert entry["index"] == 1
    assert entry["verdict"] == "fail"
    assert {one["clause"] for one in entry["findings"]} == {"SMP-001", "SMP-002", "SMP-003"}


def test_a_request_without_an_answer_is_told_of(sample):
    entry = results(broken(sample))["requests"][3]
    assert entry["status"] is None
    assert entry["trouble"] == "closed"


def test_indices_are_unique_over_transcripts_and_runs(sample):
    two = account(sample, talk(start(0), start(1)), talk(start(0, b"{}"), name="other"))
    found = results(two, account(sample, talk(start(0, b"{}"))))
    assert [one["index"] for one in found["requests"]] == [0, 1, 2, 3]
    requests = [one["findings"][0]["request"] for one in found["clauses"] if one["id"] == "SMP-001"]
    assert requests == [2, 3]


def test_every_broken_request_says_so_however_many_there_are(sample):
    found = results(account(sample, talk(*(start(index, b"{}") for index in range(120)))))
    assert {one["verdict"] for one in found["requests"]} == {"fail"}
    assert clause(found, "SMP-001")["broken"] == 120


@pytest.mark.parametrize(
    ("name", "body", "verdict"),
    [("SMP-002", b'{"id": "7", "note": 5}', "warn"), ("SMP-003", b'{"id": "7", "note": "x", "ends": 5}', "notice")],
)
def test_warnings_and_notices_alone_exit_0(sample, name, body, verdict):
    found = results(account(sample, talk(start(0, body))))
    assert clause(found, name)["verdict"] == verdict
    assert found["footer"]["exit_code"] == 0


def test_a_tolerated_breach_warns_and_exits_0(sample):
    known = (Deviation("SMP-001", "ticket 5", "2026-11-22"),)
    found = results(account(sample, talk(start(0, b'{"note": "x"}')), deviations=known))
    assert clause(found, "SMP-001")["verdict"] == "warn"
    assert clause(found, "SMP-001")["deviation"] == {"reason": "ticket 5", "until": "2026-11-22"}
    assert found["requests"][0]["verdict"] == "warn"
    assert found["deviations"][0]["state"] == "tolerated"
    assert found["footer"]["exit_code"] == 0


@pytest.mark.parametrize(
    ("deviation", "body", "state"),
    [
        (Deviation("SMP-001", "r", "2026-11-21"), b'{"note": "x"}', "past"),
        (Deviation("SMP-001", "r", "2026-10"), b'{"note": "x"}', "past"),
        (Deviation("SMP-001", "r"), b'{"id": "7", "note": "x"}', "over"),
        (Deviation("SMP-999", "r"), b'{"id": "7", "note": "x"}', "unknown"),
    ],
)
def test_a_deviation_past_its_date_or_its_breach_fails_the_run(sample, deviation, body, state):
    found = results(account(sample, talk(start(0, body)), deviations=(deviation,)))
    assert found["deviations"][0]["state"] == state
    assert found["deviations"][0]["broken"] is True
    assert found["footer"]["exit_code"] == 1


def test_a_deviation_that_was_not_tested_fails_nothing(sample):
    found = results(account(sample, talk(start(0)), deviations=(Deviation("SMP-005", "r", "2027-01"),)))
    assert found["deviations"][0]["state"] == "untested"
    assert found["footer"]["exit_code"] == 0


def test_a_starved_run_is_an_error(sample):
    found = results(account(sample, talk(faulty(0, "required:/list"))))
    assert found["footer"]["exit_code"] == 3
    assert "No clause was put to the test" in found["footer"]["reason"]


def test_a_run_that_failed_without_a_broken_clause_is_not_called_broken(sample):
    failed = results(account(sample, talk(start(0)), failures=("The command exited with 1.",)))
    assert words.summary(failed).startswith("FAILED: ")
    assert failed["footer"]["exit_code"] == 1
    assert words.summary(results(broken(sample), account(sample, failures=("It fell.",)))).startswith("BROKEN: ")


def test_what_cut_a_broken_run_short_is_told_on_the_terminal(sample):
    told = "no order of an export was accepted (2 with status 401)"
    both = account(sample, talk(start(0, b'{"note": "x"}')), broke=(told,))
    assert f"note: {told}" in [line.plain for line in terminal.report(results(both))]


def test_trouble_is_an_error_whatever_was_kept(sample):
    found = results(account(sample, talk(start(0))), account(sample, trouble="it never answered."))
    assert found["footer"]["exit_code"] == 3
    assert found["footer"]["complete"] is False
    assert found["footer"]["reason"] == "it never answered."


def test_an_interrupted_run_is_partial(sample):
    found = results(broken(sample), interrupted=True)
    assert found["footer"]["exit_code"] == 3
    assert found["footer"]["complete"] is False
    assert clause(found, "SMP-001")["verdict"] == "fail"


def test_the_target_shows_neither_user_nor_query(sample):
    assert results(broken(sample))["runs"][0]["target"] == "https://api.sample.invalid/v1"


def test_all_strings_pass_the_redaction(sample):
    hostile = start(0, b'{"note": "canary-token"}', status=202)
    redacted = results(
        account(sample, talk(hostile), left_out={f"s-{KEY}": KEY}, coverage={KEY: [KEY]}, trouble=KEY),
        redact=lambda text: text.replace(KEY, "REDACTED"),
    )
    assert KEY not in dumps(redacted)


def test_a_request_with_findings_carries_a_curl_line(sample):
    found = results(broken(sample))
    assert "curl" not in found["requests"][0]
    assert found["requests"][1]["curl"].startswith('curl -i -X POST -H "Authorization: Bearer $SAMPLE_TOKEN"')


def test_the_text_is_ascii_and_survives_lone_surrogates(sample):
    text = dumps(results(account(sample, talk(start(0, b'{"id": "7", "note": {"a": "\\ud800\\u001b[2J"}}')))))
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text)["format"] == "export-contracts/results/1"


def test_the_schema_is_one():
    schema = json.loads((resources.specs() / "meta" / "results.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["format"]["const"] == FORMAT


def test_the_verdicts_of_the_schema_are_those_of_the_model(sample):
    assert list(results(account(sample, talk(start(0))))["footer"]["verdicts"]) == [one.value for one in Verdict]
