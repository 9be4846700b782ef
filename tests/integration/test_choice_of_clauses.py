"""A clause that this run cannot judge is told of at once, and not after a run in vain."""

from export_contracts.cli.main import main


def test_a_clause_of_clients_is_no_matter_for_check(capsys):
    assert main(["check", "braze", "--only", "BRZ-001"]) == 2
    assert "BRZ-001 binds clients" in capsys.readouterr().err


def test_a_clause_of_another_vendor_is_told_apart_from_an_unknown_one(capsys):
    assert main(["check", "braze", "--only", "ADB-100"]) == 2
    assert "ADB-100 is a clause of adobe" in capsys.readouterr().err
