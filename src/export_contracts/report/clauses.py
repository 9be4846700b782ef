"""The `clauses` part of a results document: one entry for each clause of each run, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Clause, ClauseVerdict, Exchange, Json, LocatedFinding, Verdict
from export_contracts.report.account import Account
from export_contracts.report.deviations import Weighed
from export_contracts.report.numbering import Numbering


def effective(verdict: ClauseVerdict, tolerated: Mapping[str, Weighed]) -> Verdict:
    """The verdict as reported: a failure that the target's file tolerates is a warning."""
    return min(verdict.verdict, Verdict.WARN) if verdict.clause.id in tolerated else verdict.verdict


def entries(account: Account, numbering: Numbering, tolerated: Mapping[str, Weighed]) -> Iterator[dict[str, Json]]:
    """One entry for each clause, in the order of the contract."""
    for one in account.judgement.verdicts:
        entry = described(one.clause, account.contract)
        entry |= {
            "verdict": effective(one, tolerated).value,
            "kept": one.kept,
            "broken": one.broken,
            "observed": dict(one.readings),
            "readings": dict(one.clause.readings),
            "note": one.clause.note and " ".join(one.clause.note.split()),
            "reason": one.reason,
            "findings": [_finding(account, numbering, located) for located in one.findings],
        }
        if one.clause.id in tolerated:
            deviation = tolerated[one.clause.id].deviation
            entry["deviation"] = {"reason": deviation.reason, "until": deviation.until}
        yield entry


def described(clause: Clause, contract: Contract) -> dict[str, Json]:
    """What the contract says of a clause, as every JSON of ours shows it."""
    return {
        "vendor": contract.manifest.slug,
        "id": clause.id,
        "title": clause.title,
        "section": clause.section,
        "party": clause.party,
        "level": clause.level,
        "basis": clause.basis,
        "source": [
            {
                "document": one.document,
                "title": contract.documents.get(one.document, {}).get("title", one.document),
                "lines": one.lines,
            }
            for one in clause.source
        ],
    }


def _finding(account: Account, numbering: Numbering, located: LocatedFinding) -> dict[str, Json]:
    where = located.finding.at
    exchange = _exchange(account.judgement.transcripts[located.transcript].exchanges, where.exchange)
    request = None if exchange is None else numbering.of[located.transcript, exchange.index]
    return {
        "request": request,
        "at": where.pointer,
        "file": where.file,
        "line": where.line,
        "callback": where.callback,
        "expected": located.finding.expected,
        "got": located.finding.got,
        "method": exchange and exchange.request.method,
        "path": exchange and exchange.request.path,
        "status": exchange and exchange.status,
    }


def _exchange(exchanges: Sequence[Exchange], index: int | None) -> Exchange | None:
    return next((one for one in exchanges if one.index == index), None)
