"""A vendor that ships by itself, as `examples/mailhaven` does, is found and served by every command."""

import json

import pytest
from installing import CHECKOUT, environment, run


@pytest.fixture(scope="module")
def command(backend, tmp_path_factory):
    """`export-contracts` in a process in which the example is installed."""
    folder = tmp_path_factory.mktemp("mailhaven")
    pip = (backend, "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
    example = tmp_path_factory.mktemp("source") / "mailhaven"
    run("cp", "-r", CHECKOUT / "examples" / "mailhaven", example)
    run(*pip, "--no-deps", "--no-index", "--no-build-isolation", "--target", folder, example)
    path = f"{CHECKOUT / 'src'}:{folder}"
    code = "import sys; from export_contracts.cli.main import main; sys.exit(main())"
    empty = tmp_path_factory.mktemp("empty")
    return lambda *words: run(backend, "-c", code, *words, cwd=empty, env=environment(PYTHONPATH=path))


def test_it_stands_beside_the_others(command):
    shown = {one["vendor"] for one in json.loads(command("show", "--json"))}
    assert shown == {"adobe", "apsis", "bloomreach", "braze", "mailhaven"}


def test_its_own_server_keeps_its_contract(command):
    results = json.loads(command("check", "mailhaven", "--json"))
    assert results["footer"]["verdict"] == "kept"
    assert results["footer"]["levels"]["must"]["not_judged"] == 0


def test_each_of_its_clauses_can_fail(command):
    assert "\n8 of 8 mutants killed as declared" in command("mutants", "mailhaven")


def test_it_has_pages_of_its_own(command, tmp_path):
    command("docs", tmp_path / "site")
    assert "done_is_final" in (tmp_path / "site" / "mailhaven" / "MLH-003" / "index.html").read_text(encoding="utf-8")
    assert "mailhaven" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
