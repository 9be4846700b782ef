"""The life cycle of an export as a picture: columns are states, rows are what leads from one to another.

Reads `specs/<slug>/life-cycle.yaml`; draws nothing by hand and knows no vendor.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from export_contracts.catalogue import strict_yaml
from export_contracts.errors import ContractError
from export_contracts.model import Json

COLUMN, ROW, HEAD, BOX = 225, 46, 62, 150


@dataclass(frozen=True)
class State:
    """A state; `x` is the middle of its column in pixels."""

    name: str
    title: str
    about: str
    x: int


@dataclass(frozen=True)
class Move:
    """What leads from one state to another (or keeps it), with the ids of the clauses that say so."""

    start: State
    end: State
    by: str
    clauses: tuple[str, ...]
    y: int

    @property
    def stays(self) -> bool:
        """Whether the state is the same afterwards."""
        return self.start is self.end

    @property
    def label_x(self) -> int:
        """The middle of the arrow, in pixels."""
        return (self.start.x + self.end.x) // 2

    @property
    def tip(self) -> int:
        """Where the arrow's line ends: a little before the column it leads to."""
        return self.end.x - 8 if self.end.x > self.start.x else self.end.x + 8


@dataclass(frozen=True)
class LifeCycle:
    """States in order of their columns, moves in order of their rows."""

    states: tuple[State, ...]
    moves: tuple[Move, ...]

    @property
    def width(self) -> int:
        """Pixels; the last column leaves room for words beside it."""
        return COLUMN * len(self.states) + COLUMN // 2

    @property
    def height(self) -> int:
        """Pixels."""
        return HEAD + ROW * len(self.moves) + 16


def load(folder: Path) -> LifeCycle | None:
    """The life cycle of the vendor with that folder of specs; None where nobody wrote one."""
    path = folder / "life-cycle.yaml"
    if not path.is_file():
        return None
    data = strict_yaml.load(path)
    try:
        _refuse_strays(data)
        states = {
            name: State(name, one["title"], one["about"], COLUMN * place + BOX // 2 + 10)
            for place, (name, one) in enumerate(data["states"].items())
        }
        moves = tuple(
            Move(states[one["from"]], states[one["to"]], one["by"], tuple(one["clauses"]), HEAD + ROW * place + 30)
            for place, one in enumerate(data["moves"])
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ContractError(f"{path} lacks or misspells {error}.") from None
    return LifeCycle(tuple(states.values()), moves)


def _refuse_strays(data: Json) -> None:
    """A comma in unquoted words makes a member of what follows it; KeyError names it."""
    known = {"states": {"title", "about"}, "moves": {"from", "to", "by", "clauses"}}
    for name, members in known.items():
        entries = data[name].values() if name == "states" else data[name]
        stray = next((key for one in entries for key in one if key not in members), None)
        if stray is not None:
            raise KeyError(stray)
