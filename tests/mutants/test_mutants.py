"""Every mutant of every active clause is caught by exactly the clauses it declares."""

from __future__ import annotations

import pytest

from export_contracts.catalogue import contract, plugins
from export_contracts.check.proof import prove_one

CASES = [
    pytest.param(slug, clause, mutant, id=f"{clause.id}:{mutant.name}")
    for slug in plugins.slugs()
    for clause in contract.load(slug).clauses
    if contract.load(slug).is_active(clause)
    for mutant in clause.mutants
]


@pytest.mark.parametrize("slug", plugins.slugs())
def test_the_innocent_run_is_clean(slug, innocent):
    from export_contracts.check.proof import broken
    from export_contracts.judge import judge

    assert broken(judge(contract.load(slug), innocent(slug))) == frozenset()


@pytest.mark.parametrize(("slug", "clause", "mutant"), CASES)
def test_mutant_is_caught_by_exactly_its_clauses(slug, clause, mutant, innocent):
    proof = prove_one(contract.load(slug), clause, mutant, innocent(slug))
    assert proof.trouble is None
    assert proof.caught == proof.expected
