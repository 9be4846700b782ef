"""What people read, compared with snapshots; and that nothing a target says can disturb it."""

import json
import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from accounts import account, broken, start, talk, with_verdict
from junitparser import Error, Failure, JUnitXml, Skipped
from rich.console import Console

from export_contracts.model import Finding, LocatedFinding, Verdict, Where
from export_contracts.report import junit, markdown, reading, terminal
from export_contracts.report.results import document, dumps
from export_contracts.targets.target import Deviation

HOSTILE = "\x1b[2J\u202e</failure>]]> | `x` <script>\n# head @you \ud800\x00"


def shown(texts, **terminal_like):
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True, width=80, **terminal_like)
    with console.capture() as captured:
        for one in texts:
            console.print(one)
    return captured.get()


def redact(text):
    return text.replace("canary-token", "REDACTED")


def results(*accounts, **more):
    return document(accounts, today=date(2026, 11, 22), redact=redact, **more)


@pytest.fixture
def full(sample):
    known = (
        Deviation("SMP-002", "ticket 5: notes are numbers", "2027-01"),
        Deviation("SMP-005", "ticket 6", "2020-01"),
    )
    return results(broken(sample, deviations=known))


@pytest.fixture
def hostile(sample):
    body = json.dumps({"id": {HOSTILE: HOSTILE}, "note": HOSTILE}).encode()
    found = account(sample, talk(start(0, body)), left_out={"x": HOSTILE}, trouble=HOSTILE)
    return results(found)


def test_the_results_document_itself(full, snapshot):
    full["tool"]["version"] = "0"
    snapshot("results.json", dumps(full))


def test_the_terminal_report(full, snapshot):
    snapshot("report-terminal.txt", shown(terminal.report(full)))


def test_the_terminal_report_in_colour(full, snapshot):
    text = shown(terminal.report(full), force_terminal=True, color_system="standard")
    snapshot("report-terminal-colour.txt", text.replace("\x1b", "<ESC>"))


def test_the_failure_block_has_the_documented_form(full):
    entry = next(one for one in full["clauses"] if one["id"] == "SMP-001")
    lines = shown(terminal.block(full, entry)).splitlines()
    assert lines[0].startswith("SMP-001  MUST · stated   A started export names its job")
    assert lines[0].index("FAIL") == 90
    assert lines[1].startswith("  expected  ")
    assert lines[2].startswith("  got       ")
    assert lines[3] == "  at        POST /exports → 202   exchange 1, /response/body/id   and 1 more like it"
    assert "  said in   Guide to Sample Cloud (sample-guide), lines 12-14" in lines
    assert (
        "  replay    export-contracts check sample --url https://api.sample.invalid/v1 --seed 7 --only SMP-001" in lines
    )
    assert lines[-1] == "  hint: export-contracts show SMP-001"


def test_failures_come_last_and_the_worst_at_the_end(full):
    text = shown(terminal.report(full))
    assert text.index("NOTICE") < text.index("WARN") < text.index("FAIL") < text.index("BROKEN:")


def test_a_kept_run_is_short(sample, snapshot):
    snapshot("report-terminal-kept.txt", shown(terminal.report(results(account(sample, talk(start(0)))))))


def test_files_lines_and_callbacks_are_named(sample, snapshot):
    places = [Where(file="a/b.zip", line=12, pointer="/email"), Where(callback=0, pointer="/url"), Where()]
    found = tuple(LocatedFinding(0, Finding(one, "x", "y")) for one in places)
    run = results(with_verdict(broken(sample), "SMP-001", findings=found, broken=len(found)))
    entry = next(one for one in run["clauses"] if one["id"] == "SMP-001")
    snapshot("report-places.txt", shown(terminal.block(run, entry)))


def test_a_check_that_broke_is_an_error_of_ours(sample, snapshot):
    reason = "its check broke: KeyError: 'x'"
    found = results(with_verdict(broken(sample), "SMP-005", verdict=Verdict.ERROR, reason=reason))
    assert found["footer"]["exit_code"] == 3
    snapshot("report-error.txt", shown(terminal.report(found)))
    assert any(isinstance(one, Error) for case in _cases(junit.report(found)) for one in case.result)


def test_hostile_strings_cannot_disturb_a_terminal(hostile):
    text = shown(terminal.report(hostile))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800]", text)
    assert not any(line.startswith("# head") for line in text.splitlines())


def test_junit(full, snapshot):
    snapshot("report-junit.xml", junit.report(full))


def _cases(text):
    return [case for suite in JUnitXml.fromstring(text.encode()) for case in suite]


def test_a_foreign_reader_sees_true_failures(full):
    xml = JUnitXml.fromstring(junit.report(full).encode())
    assert (xml.tests, xml.failures, xml.errors, xml.skipped) == (7, 2, 0, 3)
    kinds = {case.name.split()[0]: [type(one) for one in case.result] for case in _cases(junit.report(full))}
    assert kinds["SMP-001"] == [Failure]
    assert kinds["SMP-004"] == [Skipped]
    assert kinds["SMP-002"] == []


def test_a_foreign_reader_sees_an_incomplete_run(sample):
    text = junit.report(results(account(sample, talk(start(0))), interrupted=True))
    assert [type(one) for case in _cases(text) for one in case.result].count(Error) == 1


def test_hostile_strings_cannot_disturb_junit(hostile):
    root = ET.fromstring(junit.report(hostile))
    assert "\\u202e</failure>]]>" in "".join(root.itertext())


def test_markdown(full, snapshot):
    snapshot("report-summary.md", markdown.report(full))


def test_hostile_strings_cannot_disturb_markdown(hostile):
    text = markdown.report(hostile)
    assert not any(line.startswith("# head") for line in text.splitlines())
    assert re.search(r"(?<![`\\])<script>(?!.*`)", text) is None
    assert "\x1b" not in text


def test_code_spans_cannot_be_closed_from_inside():
    assert markdown.code("a`b``c") == "```a`b``c```"
    assert markdown.code("`a`") == "`` `a` ``"


def test_show_clause(sample, snapshot):
    texts = [reading.clause(sample, one) for one in sample.clauses]
    snapshot("show-clauses.txt", "\n".join(shown(one) for one in texts))


def test_show_vendor(sample, snapshot):
    snapshot("show-vendor.txt", shown(reading.vendor(sample)))


def test_show_matrix(sample, snapshot):
    snapshot("show-matrix.md", shown(reading.matrix([sample, sample])))
