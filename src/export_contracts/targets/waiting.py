"""How a scenario lets a target's time pass, and what a run has learnt of waiting. Sends nothing, judges nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from export_contracts.model import Json
from export_contracts.targets.target import Target
from export_contracts.targets.transport import Transport

T = TypeVar("T")

IN_VAIN: Final = 2
"""Deadlines that pass one after the other before nobody waits any longer."""
FEW: Final = 6
"""Looks, about, at something that takes as long as the last time."""
LOOKS: Final = 30
"""Looks at least within a deadline, however far the clock can be turned."""


@dataclass
class Deadlines:
    """How many deadlines have passed in vain since something was last worth waiting for; how long that took."""

    vain: int = 0
    usual: float = 0.0

    @property
    def hopeless(self) -> bool:
        """Whether waiting has proved useless."""
        return self.vain >= IN_VAIN


class Waiting:
    """The patience of one scenario. `deadlines` may be shared by all scenarios of a run."""

    target: Target
    transport: Transport
    deadlines: Deadlines
    unwaited: bool = False
    """Whether something was looked at only once because waiting had proved useless."""

    def setting(self, name: str) -> Json:
        """A setting of the target; ends the scenario where it is not declared."""
        raise NotImplementedError

    def poll(self, look: Callable[[], T], settled: Callable[[T], bool]) -> T | None:
        """Look, wait, look again until `settled` or the target's deadline; None when it never was.

        Where the last deadlines passed in vain, it looks only once. What took long before is looked at less often.
        """
        deadline = 0.0 if self.deadlines.hopeless else self.target.pace.deadline
        started = self.transport.now()
        longest = max(self.target.pace.poll, 30.0, deadline / LOOKS)
        step = min(max(self.target.pace.poll, self.deadlines.usual / FEW), longest)
        seen = look()
        while not settled(seen):
            if self.transport.now() - started >= deadline:
                self._passed(deadline)
                return None
            self.wait_for_work(step)
            step = min(step * 1.5, longest)
            seen = look()
        waited = self.transport.now() - started
        if waited >= self.target.pace.poll:
            self.deadlines.vain, self.deadlines.usual = 0, waited
        return seen

    def _passed(self, deadline: float) -> None:
        if deadline:
            self.deadlines.vain += 1
        else:
            self.unwaited = True

    def wait(self, seconds: float) -> None:
        """Let `seconds` of the target's time pass, by its clock control if it has one.

        Longer than the target's deadline nobody sits and waits: the scenario then needs a clock.
        """
        if self.transport.advance(seconds):
            return
        if seconds > self.target.pace.deadline:
            self.setting("clock")
        self.transport.sleep(seconds)

    def wait_for_work(self, seconds: float) -> None:
        """The same between two looks at a job, which may run in real time though the target's clock can be turned."""
        self.wait(seconds)
        if "clock" in self.target.features:
            self.transport.linger(seconds)

    def advance(self, seconds: float) -> None:
        """Turn the target's clock; ends the scenario as unsupported where it has no control."""
        if not self.transport.advance(seconds):
            self.setting("clock")
