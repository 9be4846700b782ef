"""Mutants of the catalogue against a clean baseline: each shows as drift, by the clause at least.

A sample of the catalogue, spread over every vendor; DRIFT_STEP=1 takes every mutant. Values, order, counts and bytes
of files are no part of a shape, so that some mutants show by their clause only.
"""

import os

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.check import proof
from export_contracts.drift import sides, traffics
from export_contracts.targets.venue import embedded_venue

STEP = int(os.environ.get("DRIFT_STEP", "60"))


def chosen():
    for slug in ("adobe", "apsis", "bloomreach", "braze"):
        contract = contracts.load(slug)
        every = [
            (slug, one.id, mutant.name) for one in contract.clauses for mutant in one.mutants if contract.is_active(one)
        ]
        yield from every[::STEP]


def drifted(slug, clause_id, name):
    contract, innocent = contracts.load(slug), proof._innocent(slug, 0)
    clause = contract.clause(clause_id)
    mutant = next(one for one in clause.mutants if one.name == name)
    if mutant.kind == "client":
        spoilt = proof.bad_client(contract, clause, mutant, innocent)
        pairs = [(next((one for one in innocent if one.name == spoilt.name), innocent[0]), spoilt)]
    else:
        played = proof.transcripts(contract, embedded_venue(slug, mutant=mutant, when=dict(clause.when)))
        pairs = [(before, after) for before, after in zip(innocent, played, strict=True) if before != after]
    old = sides.of(contract, [before for before, _ in pairs], "clean")
    new = sides.of(contract, [after for _, after in pairs], "mutant")
    return traffics.compare(contract, old, new, fail_on="any").changes


@pytest.mark.parametrize(("slug", "clause_id", "name"), list(chosen()))
def test_a_mutant_shows_as_drift(slug, clause_id, name):
    changes = drifted(slug, clause_id, name)
    assert clause_id in {one.at for one in changes if one.kind == "clause-broken"}
