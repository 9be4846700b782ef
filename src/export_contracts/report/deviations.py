"""Known deviations of a target, weighed strictly: each must still occur and still be within its date.

Pure: today's date is an argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from export_contracts.model import ClauseVerdict, Verdict
from export_contracts.targets.target import Deviation

State = Literal["tolerated", "past", "over", "untested", "unknown"]
BROKEN: frozenset[State] = frozenset({"past", "over", "unknown"})
"""States that fail the run."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A deviation and what became of it in this run."""

    deviation: Deviation
    state: State
    sentence: str

    @property
    def broken(self) -> bool:
        """Whether it fails the run."""
        return self.state in BROKEN


def weigh(
    deviations: Sequence[Deviation], verdicts: Sequence[ClauseVerdict], known: frozenset[str], today: date
) -> tuple[Weighed, ...]:
    """Each deviation with its state. `known` holds every clause id of the contract, judged or not."""
    by_id = {one.clause.id: one for one in verdicts}
    return tuple(_weigh(one, by_id.get(one.clause), one.clause in known, today) for one in deviations)


def _weigh(deviation: Deviation, verdict: ClauseVerdict | None, known: bool, today: date) -> Weighed:
    name = deviation.clause
    if not known:
        return Weighed(deviation, "unknown", f"There is no clause {name}.")
    if _past(deviation, today):
        return Weighed(deviation, "past", f"{name} was tolerated until {deviation.until}, which has passed.")
    if verdict is None or verdict.verdict < Verdict.PASS:
        return Weighed(deviation, "untested", f"{name} was not put to the test in this run.")
    if not verdict.findings:
        return Weighed(deviation, "over", f"{name} is kept now; take the deviation out of its file.")
    return Weighed(deviation, "tolerated", f"{name} is broken, as is known.")


def _past(deviation: Deviation, today: date) -> bool:
    """`until` is a day or a month, the last one in which the breach is tolerated."""
    until = deviation.until
    return until is not None and today.isoformat()[: len(until)] > until
