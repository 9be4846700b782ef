"""What was promised and what became of it: clauses with their mutants, findings, verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from export_contracts.model.talk import Transcript, Where
from export_contracts.model.vocabulary import Basis, Json, Level, Party, Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach: what the contract expects and what was seen instead, in a few words each."""

    at: Where
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One instance in which a clause applied and held; `reading` names which reading was seen."""

    at: Where
    reading: str | None = None


Evidence = Finding | Kept


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it: a document of the vendor's `documents.yaml`, with lines where it has any."""

    document: str
    lines: str | None = None


@dataclass(frozen=True, slots=True)
class Mutant:
    """A single defect that the clause must catch.

    kind `patch`: JSON Patch on the reference's answer; `server`: name of a class in the vendor's
    `mutants.py`; `client`: JSON Patch on an exchange of an innocent transcript, or the name of a
    function there that scripts a bad client. `also` lists further clauses that rightly catch it.
    """

    name: str
    kind: Literal["patch", "server", "client"]
    patch: tuple[Mapping[str, Json], ...] = ()
    call: str | None = None
    on: Mapping[str, Json] = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise, traced and dated. Months are `YYYY-MM`; `until` is the first month without it."""

    id: str
    title: str
    party: Party
    level: Level
    basis: Basis
    source: tuple[Source, ...]
    check: str
    when: Mapping[str, Json] = field(default_factory=dict)
    parameters: Mapping[str, Json] = field(default_factory=dict)
    since: str | None = None
    until: str | None = None
    needs: tuple[str, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    mutants: tuple[Mutant, ...] = ()
    note: str | None = None
    section: str = ""

    @property
    def vendor_prefix(self) -> str:
        """The letters before the number."""
        return self.id.split("-")[0]


@dataclass(frozen=True, slots=True)
class LocatedFinding:
    """A finding together with the transcript it was made in."""

    transcript: int
    finding: Finding


@dataclass(frozen=True)
class ClauseVerdict:
    """What became of one clause: the verdict, its evidence, and why where nothing was judged."""

    clause: Clause
    verdict: Verdict
    kept: int = 0
    findings: tuple[LocatedFinding, ...] = ()
    readings: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    touched: frozenset[tuple[int, int]] = frozenset()
    """(transcript, exchange) pairs in which the clause was kept or broken; -1 for files and callbacks."""
    broken: int = 0
    """Breaches seen; `findings` keeps the first of them."""


@dataclass(frozen=True)
class Judgement:
    """Every clause's verdict over a list of transcripts."""

    vendor: str
    transcripts: tuple[Transcript, ...]
    verdicts: tuple[ClauseVerdict, ...]

    @property
    def worst(self) -> Verdict:
        """The worst verdict of all clauses."""
        return max((one.verdict for one in self.verdicts), default=Verdict.UNEXERCISED, key=lambda v: v.rank)
