"""The installed wheel from an empty folder, the checkout out of reach: every command has all that it needs."""

import json
import zipfile
from pathlib import Path

import pytest
from installing import CHECKOUT, environment, run


@pytest.fixture
def command(installed, tmp_path):
    return lambda *words: run(installed / "export-contracts", *words, cwd=tmp_path, env=environment())


def test_specs_cassettes_and_suite_are_inside(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, inside in (
        ("specs", "_data/specs"),
        ("cassettes", "_data/cassettes"),
        ("tests/conformance", "conformance"),
    ):
        files = [path for path in (CHECKOUT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        assert files
        lost = {f"export_contracts/{inside}/{path.relative_to(CHECKOUT / folder)}" for path in files} - names
        assert lost == set()


def test_nothing_leads_back_to_the_checkout(installed, tmp_path):
    code = "from export_contracts import resources as r; print(r.specs(), r.cassettes(), sep='\\n')"
    for folder in run(installed / "python", "-c", code, cwd=tmp_path, env=environment()).split():
        assert Path(folder).is_relative_to(installed.parent)
        assert Path(folder).is_dir()


def test_check_and_report(command, tmp_path):
    assert "\nKEPT: " in command("check", "bloomreach")
    folder = tmp_path / "export-contracts-report"
    assert sorted(path.name for path in folder.iterdir()) == ["junit.xml", "report.html", "results.json", "summary.md"]
    command("report", folder / "results.json", "--sarif", "x.sarif", "--badge", "x.svg", "--html", "x.html")
    assert json.loads((tmp_path / "x.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert (tmp_path / "x.html").read_bytes() == (folder / "report.html").read_bytes()


def test_show_judge_and_docs(command, installed, tmp_path):
    assert "BRZ-014" in command("show", "BRZ-014")
    cassettes = next(installed.parent.rglob("_data/cassettes")) / "braze"
    assert "\nKEPT: " in command("judge", "braze", cassettes / "reference-export_to_url.yaml")
    command("docs", "there")
    assert (tmp_path / "there" / "braze" / "BRZ-014" / "index.html").is_file()


def test_sample_and_verify(command, tmp_path):
    command("sample", "braze", "--users", "50", "--to", "in")
    assert "\nKEPT: " in command("verify", "braze", "in", "--report", "out")
    assert (tmp_path / "out" / "report.html").is_file()


def test_gate_and_drift(command, installed):
    client = (
        "import os, urllib.request as u; e = os.environ; "
        "u.urlopen(u.Request(e['EXPORT_CONTRACTS_BRAZE_URL'] + '/users/export/segment', "
        "('{\"segment_id\": \"' + e['EXPORT_CONTRACTS_BRAZE_SEGMENT_ID'] + '\", "
        '"fields_to_export": ["email"]}\').encode(), '
        "{'Authorization': 'Bearer ' + e['EXPORT_CONTRACTS_BRAZE_TOKEN'], 'Content-Type': 'application/json'}))"
    )
    assert "\nKEPT: " in command("gate", "braze", "--", installed / "python", "-c", client)
    assert command("drift", "braze", "2021-12", "2021-12", "--html", "x.html").endswith("no drift\n")


def test_the_suite_runs_from_the_wheel(installed, tmp_path):
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "BLR-001", "--rootdir", tmp_path)
    words += ("--pyargs", "export_contracts.conformance")
    assert " passed" in run(installed / "python", *words, cwd=tmp_path, env=environment())
