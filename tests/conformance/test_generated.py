"""Requests drawn from each vendor's openapi.yaml: two readings of the same documents must agree on them."""

from __future__ import annotations

import pytest

from export_contracts.catalogue import contract
from export_contracts.check.run import GENERATED, play, scenarios_of
from export_contracts.judge import judge
from export_contracts.model import Verdict
from export_contracts.targets.venue import embedded_venue


@pytest.mark.parametrize("seed", [1, 2])
def test_generated_requests_break_no_clause(contract_vendor, seed):
    book = contract.load(contract_vendor)
    generated = next(one for one in scenarios_of(contract_vendor) if one.name == GENERATED)
    played = play(book, embedded_venue(contract_vendor, seed=seed), generated, seed=seed)
    faults = {one.fault for one in played.transcript.exchanges if one.fault}
    accepted = [one for one in played.transcript.exchanges if one.fault is None and one.operation]
    assert accepted, "a starved run is an error"
    assert len(faults) >= 3, f"too few distinct faults were drawn: {faults}"
    judgement = judge(book, [played.transcript], parties=("provider",))
    broken = {one.clause.id: one.findings[0].finding for one in judgement.verdicts if one.verdict is Verdict.FAIL}
    assert not broken
