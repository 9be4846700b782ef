"""What a reader of delivered files found wrong: one stable word and a sentence. Says nothing of clauses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect of a file. `code` is a stable word; `line` counts from 1, `member` is a name in an archive."""

    code: str
    message: str
    member: str | None = None
    line: int | None = None
