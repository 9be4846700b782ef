"""`export-contracts report`: every form from a results document, and what changed between two."""

import json

import pytest


@pytest.fixture
def written(run, tmp_path):
    run("check", "--report", "there")
    return tmp_path / "there" / "results.json"


def test_every_form_is_written(run, written, tmp_path):
    forms = ("html", "markdown", "junit", "sarif", "conformance", "badge")
    code, out, _ = run("report", written, *(word for one in forms for word in (f"--{one}", f"out/{one}")))
    assert code == 0
    assert out.splitlines() == [f"written: out/{one}" for one in forms]
    assert all((tmp_path / "out" / one).stat().st_size > 100 for one in forms)


def test_html_again_is_what_check_wrote(run, written, tmp_path):
    run("report", written, "--html", "again.html")
    assert (tmp_path / "again.html").read_bytes() == (tmp_path / "there" / "report.html").read_bytes()


def test_without_a_form_the_report_is_printed(run, written):
    code, out, _ = run("report", written)
    assert code == 0
    assert out.splitlines()[0].startswith("Sample Cloud against the embedded reference")


def test_a_comparison_tells_what_changed(run, written, tmp_path):
    older = json.loads(written.read_text(encoding="utf-8"))
    before = next(one for one in older["clauses"] if one["verdict"] == "pass")
    before["verdict"] = "fail"
    (tmp_path / "older.json").write_text(json.dumps(older), encoding="utf-8")
    code, out, _ = run("report", written, "--compare", "older.json")
    assert code == 0
    assert "since the older results: 1 change\n" in out
    assert f"  {before['id']}  fail -> pass" in out
    assert run("report", written, "--compare", "older.json", "--html", "both.html")[0] == 0
    assert "Changed since the older results" in (tmp_path / "both.html").read_text(encoding="utf-8")


def test_what_is_no_results_document_is_wrong_usage(run, tmp_path):
    (tmp_path / "x.json").write_text("[]", encoding="utf-8")
    code, _, err = run("report", "x.json")
    assert code == 2
    assert err.startswith("error: x.json is no results document")
    assert "hint: export-contracts check writes" in err
