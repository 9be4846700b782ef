"""Contract and transcripts in, one verdict per clause out. Pure: no socket, no clock, no printing."""

from __future__ import annotations

import fnmatch
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.catalogue.operations import resolve_operations
from export_contracts.checks import builtin, registry
from export_contracts.checks.asked import as_asked
from export_contracts.checks.builtin import status_matches
from export_contracts.checks.talk import Talk
from export_contracts.errors import ContractError, ExportContractsError
from export_contracts.model import (
    MISSING,
    VERDICT_OF_LEVEL,
    Clause,
    ClauseVerdict,
    Evidence,
    Exchange,
    Finding,
    Json,
    Judgement,
    LocatedFinding,
    Party,
    Transcript,
    Untimed,
    Verdict,
)
from export_contracts.schema.pointer import resolve
from export_contracts.schema.surface import Surface

FINDINGS_KEPT = 50
"""Findings kept for one clause; a broken export of millions of rows would otherwise drown the report.

Each exchange keeps its first finding all the same, so that a report can say what became of it.
"""


def judge(
    contract: Contract,
    transcripts: Sequence[Transcript],
    *,
    parties: Collection[Party] = ("provider", "consumer"),
    features: Collection[str] | None = None,
    only: Collection[str] | None = None,
) -> Judgement:
    """Judge every clause of `parties` over `transcripts`.

    `features` names what the target offers (None: recorded traffic, nothing is `unsupported`);
    `only` restricts to these clause ids.
    """
    talks = [_Prepared(contract, transcript) for transcript in transcripts]
    verdicts = tuple(
        _clause_verdict(contract, clause, talks, features)
        for clause in contract.clauses
        if clause.party in parties and (only is None or clause.id in only)
    )
    return Judgement(contract.manifest.slug, tuple(one.transcript for one in talks), verdicts)


class _Prepared:
    """A transcript with operations resolved and a cache shared by all its clauses."""

    def __init__(self, contract: Contract, transcript: Transcript) -> None:
        self.contract = contract
        self.transcript = resolve_operations(contract, transcript)
        module = plugins.module(contract.manifest.slug, "checks")
        self.checks = {**registry.checks_in(builtin), **registry.checks_in(module)}
        self.rows = registry.rows_in(module)
        self.shared: dict[str, object] = {}
        manifest = contract.manifest
        self.surface = Surface(
            contract.operations, manifest.hosts, manifest.companions, manifest.base_path, manifest.neighbours
        )
        self._addressed: dict[str, list[Exchange]] = {}
        self._asked: dict[int, Exchange] = {}
        for one in self.transcript.exchanges:
            if one.operation is not None:
                self._addressed.setdefault(one.operation, []).append(one)

    def asked(self, exchange: Exchange) -> Exchange:
        """The exchange as clauses of clients see it."""
        return self._asked.get(exchange.index) or self._asked.setdefault(exchange.index, as_asked(exchange))

    def evidence(self, clause: Clause) -> Iterator[Evidence]:
        wanted = _list(clause.when.get("operation"))
        candidates: Sequence[Exchange] = self.transcript.exchanges
        if len(wanted) == 1:
            candidates = self._addressed.get(wanted[0], ())
        if clause.party == "consumer":
            candidates = [one if one.operation is None else self.asked(one) for one in candidates]
        selected = tuple(one for one in candidates if selects(clause, one))
        talk = Talk(self.transcript, selected, self.contract.validator, self.rows, self.shared, self.surface)
        function = self.checks.get(clause.check)
        if function is None:
            raise ContractError(f"{clause.id} names the check {clause.check!r}, which does not exist.")
        return function(talk, **clause.parameters)


def selects(clause: Clause, exchange: Exchange) -> bool:
    """Whether the clause's `when` matches the exchange.

    A request with a planted fault is selected only by clauses that speak of faults (`fault: any` or a
    pattern), so that one defect does not raise every alarm. `has` and `lacks` are pointers.
    """
    when = clause.when
    wanted = when.get("operation")
    if wanted is not None and exchange.operation not in (wanted if isinstance(wanted, list) else [wanted]):
        return False
    if exchange.operation is None or (exchange.response is None and clause.party == "provider"):
        return False
    if not _fault_matches(when.get("fault"), exchange.fault):
        return False
    if "status" in when and not status_matches(exchange.status, when["status"]):
        return False
    return all(resolve(exchange.view, one) is not MISSING for one in _list(when.get("has"))) and all(
        resolve(exchange.view, one) is MISSING for one in _list(when.get("lacks"))
    )


def _fault_matches(wanted: Json, fault: str | None) -> bool:
    if wanted is None:
        return fault is None
    if wanted == "any":
        return True
    return fault is not None and any(fnmatch.fnmatchcase(fault, one) for one in _list(wanted))


def _list(value: Json) -> list[Json]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _clause_verdict(
    contract: Contract, clause: Clause, talks: Sequence[_Prepared], features: Collection[str] | None
) -> ClauseVerdict:
    if not contract.is_active(clause):
        return ClauseVerdict(clause, Verdict.RETIRED, reason=_retired(clause))
    lacking = [one for one in clause.needs if features is not None and one not in features]
    if lacking:
        setting = contract.manifest.settings.get(lacking[0])
        add = f"; to have it judged, add {setting.add}" if setting else ""
        return ClauseVerdict(clause, Verdict.UNSUPPORTED, reason=f"the target offers no {lacking[0]}{add}")
    tally = _Tally()
    try:
        for number, prepared in enumerate(talks):
            tally.take_all(number, prepared.evidence(clause))
    except ExportContractsError:
        raise
    except Exception as error:  # noqa: BLE001 - a check that breaks is told of, and the others go on
        reason = f"its check broke: {type(error).__name__}: {error}"
        return tally.verdict(clause, Verdict.ERROR, reason)
    if tally.findings:
        return tally.verdict(clause, VERDICT_OF_LEVEL[clause.level])
    if tally.kept:
        return tally.verdict(clause, Verdict.PASS)
    reason = (
        "this traffic does not tell when it happened" if tally.untimed else "nothing in this traffic put it to the test"
    )
    return tally.verdict(clause, Verdict.UNEXERCISED, reason)


@dataclass
class _Tally:
    """What a clause's evidence adds up to."""

    kept: int = 0
    broken: int = 0
    findings: list[LocatedFinding] = field(default_factory=list)
    readings: Counter[str] = field(default_factory=Counter)
    touched: set[tuple[int, int]] = field(default_factory=set)
    reported: set[tuple[int, int | None]] = field(default_factory=set)
    untimed: bool = False

    def take_all(self, number: int, evidence: Iterator[Evidence]) -> None:
        """All that a check says of one transcript, up to where it would need times that nobody told."""
        try:
            for one in evidence:
                self.take(number, one)
        except Untimed:
            self.untimed = True

    def take(self, number: int, evidence: Evidence) -> None:
        place = (number, evidence.at.exchange)
        self.touched.add((number, -1 if evidence.at.exchange is None else evidence.at.exchange))
        if isinstance(evidence, Finding):
            self.broken += 1
            if len(self.findings) < FINDINGS_KEPT or place not in self.reported:
                self.findings.append(LocatedFinding(number, evidence))
            self.reported.add(place)
            return
        self.kept += 1
        if evidence.reading:
            self.readings[evidence.reading] += 1

    def verdict(self, clause: Clause, verdict: Verdict, reason: str | None = None) -> ClauseVerdict:
        return ClauseVerdict(
            clause,
            verdict,
            self.kept,
            tuple(self.findings),
            dict(self.readings),
            reason,
            frozenset(self.touched),
            self.broken,
        )


def _retired(clause: Clause) -> str:
    return f"it held from {clause.since or 'the beginning'} until {clause.until or 'now'}"
