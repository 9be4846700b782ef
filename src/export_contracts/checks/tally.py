"""What checks have found of delivered files, added up per clause; sums merge and survive as JSON.

Counts are exact; of findings the first `KEPT` of a clause are kept, in the order of the files. Nothing is judged
here, and no file is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from export_contracts.model import Evidence, Finding, Json, Where

KEPT: Final = 50
"""Findings kept for one clause."""


@dataclass
class Sum:
    """One clause's evidence: instances in which it held, breaches, the first of these, readings seen."""

    kept: int = 0
    broken: int = 0
    findings: list[Finding] = field(default_factory=list)
    readings: Counter[str] = field(default_factory=Counter)


@dataclass
class Tally:
    """Sums by clause id."""

    sums: dict[str, Sum] = field(default_factory=dict)

    def of(self, clause: str) -> Sum:
        """The sum of a clause, begun where there is none."""
        found = self.sums.get(clause)
        if found is None:
            found = self.sums[clause] = Sum()
        return found

    def take(self, clause: str, evidence: Evidence) -> None:
        """Add one piece of evidence."""
        one = self.of(clause)
        if isinstance(evidence, Finding):
            one.broken += 1
            if len(one.findings) < KEPT:
                one.findings.append(evidence)
            return
        one.kept += 1
        if evidence.reading:
            one.readings[evidence.reading] += 1

    def merge(self, other: Tally) -> None:
        """Add the sums of what comes after."""
        for clause, theirs in other.sums.items():
            ours = self.of(clause)
            ours.kept += theirs.kept
            ours.broken += theirs.broken
            ours.findings += theirs.findings[: KEPT - len(ours.findings)]
            ours.readings.update(theirs.readings)

    def as_json(self) -> dict[str, Json]:
        """`{clause: [kept, broken, findings, readings]}`, each finding as `[pointer, file, line, expected, got]`.

        A clause that was only kept has the bare number: so it is with nearly all of them.
        """
        return {
            clause: [
                one.kept,
                one.broken,
                [[at.at.pointer, at.at.file, at.at.line, at.expected, at.got] for at in one.findings],
                dict(one.readings),
            ]
            if one.broken or one.readings
            else one.kept
            for clause, one in self.sums.items()
        }

    def merge_json(self, data: Mapping[str, Json]) -> None:
        """Add what `as_json` gave of what comes after."""
        for clause, found in data.items():
            ours = self.of(clause)
            if isinstance(found, int):
                ours.kept += found
                continue
            kept, broken, findings, readings = found
            ours.kept += kept
            ours.broken += broken
            ours.findings += map(_finding, findings[: KEPT - len(ours.findings)])
            ours.readings.update(readings)


def _finding(parts: Json) -> Finding:
    pointer, file, line, expected, got = parts
    return Finding(Where(pointer=pointer, file=file, line=line), expected, got)
