"""`show` as a command; what it shows is compared with snapshots beside the renderers' own tests."""

import json


def test_vendors(run, snapshot):
    code, out, _ = run("show")
    assert code == 0
    snapshot("show-vendors.txt", out)


def test_a_clause_in_any_case(run):
    assert run("show", "smp-001") == run("show", "SMP-001")
    assert run("show", "SMP-001")[0] == 0


def test_json(run, snapshot):
    shown = "".join(run("show", *words, "--json")[1] for words in ([], ["sample"], ["SMP-003"], ["--matrix"]))
    snapshot("show.json", shown)
    assert json.loads(run("show", "SMP-003", "--json")[1])["readings"]["silent"] == "nothing is said of the end"


def test_markdown_matrix(run):
    _, out, _ = run("show", "--matrix")
    assert out.splitlines()[1] == "|---|---|"
    assert "| **formats** | JSON &#124; CSV |" in out
