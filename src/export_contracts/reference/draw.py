"""Chance by name: a draw does not depend on what was drawn before, so people and jobs are made in any order."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, TypeVar

T = TypeVar("T")
_FULL: Final = 1 << 511
_LOW: Final = 1 << 192
"""Below this a supply no longer gives 128 unbiased bits."""


class Draw:
    """Chance that depends on nothing but its name: the same name draws the same values, on any machine."""

    __slots__ = ("_left", "_name")

    def __init__(self, name: str) -> None:
        self._name = blake2b(name.encode(), digest_size=64).digest()
        # The added bit keeps leading zeros from shortening the supply.
        self._left = int.from_bytes(self._name, "big") | _FULL

    def below(self, bound: int) -> int:
        """A whole number, at least 0 and less than `bound`, which is at most 2**128."""
        if self._left < _LOW:
            self._refill()
        self._left, drawn = divmod(self._left, bound)
        return drawn

    def pick(self, choices: Sequence[T]) -> T:
        """One of `choices`."""
        return choices[self.below(len(choices))]

    def percent(self, chance: int) -> bool:
        """True in `chance` cases of a hundred."""
        return self.below(100) < chance

    def hex(self, digits: int) -> str:
        """Lower-case hexadecimal digits, at most 32."""
        return f"{self.below(16**digits):0{digits}x}"

    def uuid(self) -> str:
        """A version 4 UUID."""
        drawn = self.hex(32)
        return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-a{drawn[17:20]}-{drawn[20:]}"

    def _refill(self) -> None:
        self._name = blake2b(self._name, digest_size=64).digest()
        self._left = int.from_bytes(self._name, "big") | _FULL
