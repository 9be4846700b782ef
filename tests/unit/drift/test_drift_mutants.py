"""Mutants of the catalogue against a clean baseline: each shows as drift, by its clause and, unless listed, by shape.

A sample of the catalogue; DRIFT_STEP=1 takes every mutant. `invisible-in-shape.yaml` lists with reasons which ones
change nothing in a shape.
"""

import hashlib
import os
from pathlib import Path

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import strict_yaml
from export_contracts.check import proof
from export_contracts.drift import compare_shapes, sides, traffics
from export_contracts.drift.declared import Declared
from export_contracts.targets.venue import embedded_venue

STEP = int(os.environ.get("DRIFT_STEP", "60"))
LISTED = strict_yaml.load(Path(__file__).parent / "invisible-in-shape.yaml")
INVISIBLE = [(slug, one) for part in LISTED for slug, many in part["mutants"].items() for one in many]


def catalogue():
    for slug in ("adobe", "apsis", "bloomreach", "braze"):
        contract = contracts.load(slug)
        for one in contract.clauses:
            yield from ((slug, one.id, mutant.name) for mutant in one.mutants if contract.is_active(one))


def chosen():
    """Picked by their names, so that a new mutant moves no other one into the sample or out of it."""
    for one in catalogue():
        if int(hashlib.sha256("/".join(one).encode()).hexdigest(), 16) % STEP == 0:
            yield one


def played(contract, clause, mutant, innocent):
    """(clean, spoilt) pairs of the journeys that the mutant changes."""
    if mutant.kind == "client":
        spoilt = proof.bad_client(contract, clause, mutant, innocent)
        return [(next((one for one in innocent if one.name == spoilt.name), innocent[0]), spoilt)]
    venue = embedded_venue(contract.manifest.slug, mutant=mutant, when=dict(clause.when))
    return list(zip(innocent, proof.transcripts(contract, venue), strict=True))


def test_the_list_names_each_mutant_once_and_only_such_as_there_are():
    known = {(slug, f"{clause}/{name}") for slug, clause, name in catalogue()}
    assert len(INVISIBLE) == len(set(INVISIBLE))
    assert set(INVISIBLE) - known == set()
    assert all(part["reason"].endswith(".") for part in LISTED)


@pytest.mark.parametrize(("slug", "clause_id", "name"), list(chosen()))
def test_a_mutant_shows_as_drift(slug, clause_id, name):
    contract, innocent = contracts.load(slug), proof._innocent(slug, 0)
    clause = contract.clause(clause_id)
    pairs = played(contract, clause, next(one for one in clause.mutants if one.name == name), innocent)
    changed = [(before, after) for before, after in pairs if before != after]
    broken = set()
    for several in (changed, pairs):  # some clauses look at all journeys together
        old, new = (sides.of(contract, one, "side") for one in zip(*several, strict=True))
        found = traffics.compare(contract, old, new, fail_on="any")
        broken |= {one.at for one in found.changes if one.kind == "clause-broken"}
        if clause_id in broken:
            break
    assert clause_id in broken
    old, new = (sides.of(contract, one, "side") for one in zip(*changed, strict=True))
    visible = compare_shapes.compare(Declared.of(contract), old.shape, new.shape)
    assert ((slug, f"{clause_id}/{name}") in INVISIBLE) == (visible == ())
