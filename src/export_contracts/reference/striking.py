"""What a vendor's samples know of the defects they are to have: whom each strikes. No defect stands here."""

from __future__ import annotations

from typing import Protocol


class Striking(Protocol):
    """A defect that knows whom it has."""

    kind: str

    def strikes(self, seed: int, number: int) -> bool:
        """Whether it has the row, person or file of that number."""
