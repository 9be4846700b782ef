"""What a check is given: a transcript, the exchanges its clause selects, and compiled schemas.

Results of costly readings are shared between the clauses of one judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from export_contracts.model import Callback, DeliveredFile, Exchange, Json, Transcript, Where
from export_contracts.schema.surface import Surface
from export_contracts.schema.validation import Validator

T = TypeVar("T")


@dataclass(frozen=True)
class Talk:
    """A transcript as one clause sees it. `selected` are the exchanges that its `when` matches."""

    transcript: Transcript
    selected: tuple[Exchange, ...]
    validator: Callable[[str | Mapping[str, Json]], Validator]
    rows_named: Mapping[str, Callable[[Talk], Iterator[tuple[Where, Json]]]] = field(default_factory=dict)
    shared: dict[str, object] = field(default_factory=dict, compare=False)
    surface: Surface = field(default_factory=Surface)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges in order, answered or not."""
        return self.transcript.exchanges

    @property
    def callbacks(self) -> tuple[Callback, ...]:
        """Callbacks received."""
        return self.transcript.callbacks

    @property
    def files(self) -> tuple[DeliveredFile, ...]:
        """Files delivered to a bucket or folder."""
        return self.transcript.files

    @property
    def facts(self) -> Mapping[str, Json]:
        """What the target's owner declared; every entry is optional."""
        return self.transcript.facts

    def of(self, *operations: str) -> Iterator[Exchange]:
        """Answered exchanges of these operations."""
        return self.transcript.of(*operations)

    def once(self, key: str, make: Callable[[], T]) -> T:
        """`make()`, computed once for this transcript however many clauses ask."""
        if key not in self.shared:
            self.shared[key] = make()
        return self.shared[key]  # type: ignore[return-value]  # the key fixes the type

    def rows(self, name: str) -> list[tuple[Where, Json]]:
        """The rows a vendor's row reader finds in this transcript."""
        return self.once(f"rows:{name}", lambda: list(self.rows_named[name](self)))
