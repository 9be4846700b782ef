"""A run that broke nothing because it saw nothing is not kept."""

import dataclasses

import pytest

from export_contracts.catalogue import contract
from export_contracts.check.conduct import Options, conduct
from export_contracts.check.shortfall import shortfalls
from export_contracts.model import Intent, Mutant
from export_contracts.targets.venue import embedded_venue

REFUSED = (
    {"op": "replace", "path": "/response/status", "value": 400},
    {"op": "replace", "path": "/response/body", "value": {"message": "no such dataset"}},
)


@pytest.mark.parametrize(("status", "reasons"), [(200, 1), (201, 0)])
def test_a_target_that_accepts_no_order_has_kept_nothing(status, reasons):
    """Adobe's jobs are created with 200 by the reference; where those answers are refusals, nothing is left."""
    adobe = contract.load("adobe")
    on = {"operation": "createExportJob", "status": status}
    venue = embedded_venue("adobe", mutant=Mutant("refuses", "patch", patch=REFUSED, on=on), when={})
    outcome = conduct(adobe, venue, Options(only=frozenset({"ADB-055"})))
    said = list(shortfalls(adobe, outcome.venue.target, outcome.played))
    assert len(said) == reasons
    assert all("no order of an export was accepted" in one and "with status 400" in one for one in said)


def test_what_was_too_large_to_be_read_is_told():
    braze = contract.load("braze")
    outcome = conduct(braze, embedded_venue("braze"), Options(only=frozenset({"BRZ-014"})))
    first = outcome.played[0]
    unread = dataclasses.replace(first.transcript.exchanges[0], response=None, intent=Intent("t", "size:answer"))
    talk = dataclasses.replace(first.transcript, exchanges=(unread, *first.transcript.exchanges[1:]))
    large = [dataclasses.replace(first, transcript=talk), *outcome.played[1:]]
    assert list(shortfalls(braze, outcome.venue.target, outcome.played)) == []
    (said,) = shortfalls(braze, outcome.venue.target, large)
    assert said.startswith(
        "1 answer too large to be read could not be judged: raise body_limit under [pace], now 67108864"
    )
