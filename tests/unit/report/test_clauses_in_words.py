from export_contracts.catalogue import contract
from export_contracts.report import reading


def test_a_withdrawn_clause_says_so():
    braze = contract.load("braze")
    shown = [line.plain for line in reading.clause(braze, braze.clause("BRZ-173"))]
    assert "  in force  never; withdrawn" in shown
