"""The words of the vocabulary that are no records: party, level, basis, verdict, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, Literal

Json = Any
Party = Literal["provider", "consumer"]
Level = Literal["must", "should", "may"]
Basis = Literal["stated", "example", "inferred"]


class Verdict(Enum):
    """Outcome of a clause; the later one in this list wins when several apply."""

    RETIRED = "retired"
    UNSUPPORTED = "unsupported"
    UNEXERCISED = "unexercised"
    PASS = "pass"  # noqa: S105 - a verdict, no password
    NOTICE = "notice"
    WARN = "warn"
    FAIL = "fail"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Position in the order of badness."""
        return list(Verdict).index(self)

    def __lt__(self, other: Verdict) -> bool:
        return self.rank < other.rank


VERDICT_OF_LEVEL: Final[Mapping[str, Verdict]] = {
    "must": Verdict.FAIL,
    "should": Verdict.WARN,
    "may": Verdict.NOTICE,
}


class _Missing(Enum):
    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing.MISSING
"""What a pointer finds where there is nothing; distinct from JSON null."""
