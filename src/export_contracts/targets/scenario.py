"""A scenario is a small, named journey: a function that plays on a `Stage`. Found by its mark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from export_contracts.targets.stage import Stage

Play = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`needs` names settings without which it cannot play; `harmless` ones may run against live accounts.

    `exports` is how many exports one play starts.
    """

    name: str
    play: Play
    needs: tuple[str, ...] = ()
    harmless: bool = False
    exports: int = 1

    @property
    def about(self) -> str:
        """The first line of its docstring."""
        return (self.play.__doc__ or "").strip().split("\n")[0]


def scenario(*, needs: tuple[str, ...] = (), harmless: bool = False, exports: int = 1) -> Callable[[Play], Play]:
    """Make the function a scenario of its vendor."""

    def mark(play: Play) -> Play:
        name = getattr(play, "__name__", "scenario")
        play.__scenario__ = Scenario(name, play, needs, harmless, exports)  # type: ignore[attr-defined]
        return play

    return mark


def scenarios_in(module: ModuleType) -> tuple[Scenario, ...]:
    """The scenarios of a vendor's module, in the order they are written."""
    return tuple(one.__scenario__ for one in vars(module).values() if hasattr(one, "__scenario__"))
