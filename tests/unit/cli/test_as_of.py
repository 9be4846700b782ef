"""Every command goes by the contract of a month: one option, one sentence for what is no month, one for too early.

The commands are walked, so that a new one cannot forget it.
"""

import dataclasses
import json

import pytest

from export_contracts.cli import main as entry
from export_contracts.cli import options

RESULTS = "results.json"
WORDS = {
    "check": ["sample"],
    "docs": ["site"],
    "drift": ["sample", "a.yaml", "b.yaml"],
    "gate": ["sample", "--", "true"],
    "judge": ["sample", "a.yaml"],
    "mutants": ["sample"],
    "record": ["sample", "--to", "here"],
    "report": [RESULTS],
    "sample": ["sample", "--to", "here"],
    "serve": ["sample"],
    "show": ["sample"],
    "verify": ["sample", "."],
}
"""The fewest words with which a command turns to a contract."""


@pytest.fixture
def dated(sample, monkeypatch, tmp_path):
    """The made-up vendor, of whom nothing is known before April 2021, and results of a run on it."""
    from export_contracts.catalogue import contract as contracts

    manifest = dataclasses.replace(sample.manifest, since="2021-04")
    monkeypatch.setattr(
        contracts, "load", lambda _, as_of=None: dataclasses.replace(sample, manifest=manifest, as_of=as_of)
    )
    runs = [{"vendor": "sample", "title": manifest.title, "as_of": "2021-06"}]
    results = {"format": "export-contracts/results/1", "runs": runs}
    (tmp_path / RESULTS).write_text(json.dumps(results), encoding="utf-8")
    monkeypatch.setattr("export_contracts.report.load.load", lambda _: results)


@pytest.mark.parametrize("name", entry.COMMANDS)
def test_every_command_takes_a_month(name):
    command = entry.commands.get_command(None, name)
    (found,) = [one for one in command.params if "--as-of" in one.opts]
    assert isinstance(found.type, options.Month)
    assert set(WORDS) == set(entry.COMMANDS)


@pytest.mark.usefixtures("dated")
@pytest.mark.parametrize("month", ["2021", "2021-13", "2021-4", "April", "2021-04-01", ""])
@pytest.mark.parametrize("name", entry.COMMANDS)
def test_what_is_no_month_is_told(run, name, month):
    first, *rest = WORDS[name]
    code, out, err = run(name, first, "--as-of", month, *rest)
    assert (code, out) == (2, "")
    assert err == f"error: {month!r} is no month.\nhint: Write --as-of 2021-04.\n"


@pytest.mark.usefixtures("dated")
@pytest.mark.parametrize("name", entry.COMMANDS)
def test_a_month_of_which_nothing_is_known_is_told(run, name):
    first, *rest = WORDS[name]
    code, out, err = run(name, first, "--as-of", "2021-03", *rest)
    assert (code, out) == (2, "")
    assert err.startswith("error: Nothing is known of ")
    assert err.endswith("before 2021-04; 2021-03 is too early.\nhint: Write --as-of 2021-04, or later.\n")


@pytest.mark.usefixtures("dated")
def test_results_of_another_month_are_not_told_as_its_own(run):
    code, _, err = run("report", RESULTS, "--as-of", "2021-05")
    assert code == 2
    assert "as it stood in 2021-06, not of 2021-05" in err


@pytest.mark.usefixtures("dated")
@pytest.mark.parametrize("words", [["2021-05", "2021-06"], ["--date", "a.yaml"]])
def test_what_names_its_editions_itself_takes_no_month(run, words):
    code, _, err = run("drift", "sample", *words, "--as-of", "2021-05")
    assert code == 2
    assert "--as-of adds nothing" in err


@pytest.mark.usefixtures("dated")
def test_editions_of_which_nothing_is_known_are_refused(run):
    assert "2021-03 is too early" in run("drift", "sample", "2021-03", "2021-06")[2]


@pytest.mark.usefixtures("dated")
def test_the_matrix_has_no_dates(run):
    assert "--matrix" in run("show", "--matrix", "--as-of", "2021-05")[2]
