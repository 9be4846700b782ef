"""The drift report as a page: whole, inert, without script."""

import re

import pytest
from markup import Page

from export_contracts.cli.main import main
from export_contracts.drift.change import Change
from export_contracts.drift.report import Report
from export_contracts.drift.report_html import page
from export_contracts.drift.said import Unread

HOSTILE = "\x1b[2J\u202e</td><script>alert(1)</script>{{ 7*7 }}\x00"
CHANGES = (
    Change("response", "gone", "url", "startExport", "string", None, "line 7", ("SMP-001",)),
    Change("response", "new", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
)


@pytest.fixture
def report():
    return Report("sample", HOSTILE, "new.har", CHANGES, (Unread(HOSTILE, HOSTILE),))


def test_what_breaks_somebody_stands_first_with_what_to_do(report):
    text = Page(page(report)).text
    assert text.index("Breaking for consumers") < text.index("Compatible")
    for said in (
        "DRIFT",
        "2 changes",
        "url",
        "startExport",
        "Find out whether it is only unprinted",
        "touches SMP-001",
    ):
        assert said in text


def test_it_is_whole_and_inert(report):
    text = page(report)
    found = Page(text)
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert found.named("script") == []
    assert "{{ 7*7 }}" in found.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]", text)


def test_no_drift_is_said_so():
    text = Page(page(Report("sample", "a", "b", ()))).text
    assert "NO DRIFT" in text
    assert "Nothing that could be read differs." in text


def test_the_command_writes_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["drift", "braze", "2021-04", "2021-12", "--html", "drift.html"]) == 1
    assert "fields_to_export" in (tmp_path / "drift.html").read_text(encoding="utf-8")
