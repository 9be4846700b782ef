"""What keeps a run in which no clause broke from being called kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from export_contracts.check.conduct import Outcome
from export_contracts.report.words import many
from export_contracts.targets.stage import UNREAD

_REFUSED: Final = 400
"""The lowest status that is no acceptance."""


def shortfalls(outcome: Outcome) -> Iterator[str]:
    """Each reason, as the rest of a sentence."""
    yield from (f"a defect of ours cut the run short: {one.broke}" for one in outcome.played if one.broke)
    yield from _starved(outcome)
    yield from _unread(outcome)
    yield from _none_accepted(outcome)


def _starved(outcome: Outcome) -> Iterator[str]:
    starved = [one.scenario for one in outcome.played if one.starved]
    if starved:
        yield (
            f"nothing came within the target's deadline of {outcome.venue.target.pace.deadline:g} s any more, so that "
            f"{len(starved)} of {len(outcome.played)} scenarios were cut short ({', '.join(starved)})"
        )


def _unread(outcome: Outcome) -> Iterator[str]:
    """What was too large for us may hold any breach."""
    faults = [each.fault for one in outcome.played for each in one.transcript.exchanges]
    if UNREAD in faults:
        limit = outcome.venue.target.pace.body_limit
        yield (
            f"{many(faults.count(UNREAD), 'answer')} of more than {limit} bytes could not be judged: "
            f"raise body_limit under [pace]"
        )


def _none_accepted(outcome: Outcome) -> Iterator[str]:
    """Most clauses speak of an export that was started: a target that starts none has not kept them."""
    starts = outcome.contract.manifest.starts
    sent = [each for one in outcome.played for each in one.transcript.exchanges if each.operation in starts]
    orders = Counter(one.status for one in sent if one.fault is None and one.status is not None)
    if orders and min(orders) >= _REFUSED:
        told = ", ".join(f"{count} with status {status}" for status, count in sorted(orders.items()))
        yield (
            f"no order of an export was accepted ({told}), so that what follows one was not judged: "
            f"look at the ids and the credentials of the target"
        )
