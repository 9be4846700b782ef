"""What keeps a run in which no clause broke from being called kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from export_contracts.catalogue.contract import Contract
from export_contracts.check.run import Played
from export_contracts.report.words import many
from export_contracts.targets.stage import UNREAD
from export_contracts.targets.target import Target

_REFUSED: Final = 400
"""The lowest status that is no acceptance."""


def shortfalls(contract: Contract, target: Target, played: Sequence[Played]) -> Iterator[str]:
    """Each reason, as the rest of a sentence."""
    yield from (f"a defect of ours cut the run short: {one.broke}" for one in played if one.broke)
    yield from _starved(target, played)
    yield from _unread(target, played)
    yield from _none_accepted(contract, played)


def _starved(target: Target, played: Sequence[Played]) -> Iterator[str]:
    starved = [one.scenario for one in played if one.starved]
    if starved:
        yield (
            f"nothing came within the target's deadline of {target.pace.deadline:g} s any more, so that "
            f"{len(starved)} of {len(played)} scenarios were cut short ({', '.join(starved)})"
        )


def _unread(target: Target, played: Sequence[Played]) -> Iterator[str]:
    """What was too large for us may hold any breach."""
    faults = [each.fault for one in played for each in one.transcript.exchanges]
    if UNREAD in faults:
        yield (
            f"{many(faults.count(UNREAD), 'answer')} too large to be read could not be judged: "
            f"raise body_limit under [pace], now {target.pace.body_limit} bytes, or export fewer"
        )


def _none_accepted(contract: Contract, played: Sequence[Played]) -> Iterator[str]:
    """Most clauses speak of an export that was started: a target that starts none has not kept them."""
    starts = contract.manifest.starts
    sent = [each for one in played for each in one.transcript.exchanges if each.operation in starts]
    orders = Counter(one.status for one in sent if one.fault is None and one.status is not None)
    if orders and min(orders) >= _REFUSED:
        told = ", ".join(f"{count} with status {status}" for status, count in sorted(orders.items()))
        yield (
            f"no order of an export was accepted ({told}), so that what follows one was not judged: "
            f"look at the ids and the credentials of the target"
        )
