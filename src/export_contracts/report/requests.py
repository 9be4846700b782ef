"""The `requests` part of a results document: what became of each request, so that other programs can ask."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from export_contracts.model import ClauseVerdict, Finding, Json, UnknownTime, Verdict
from export_contracts.report.account import Account
from export_contracts.report.clauses import effective
from export_contracts.report.curl import curl
from export_contracts.report.deviations import Weighed
from export_contracts.report.evidence import evidence
from export_contracts.report.numbering import Numbering

Place = tuple[int, int]
MOST_ARRIVALS = 300
MOST_EVIDENT = 500
"""Exchanges of one run whose messages are kept; a target that breaks everything fills no disk."""


def entries(account: Account, numbering: Numbering, tolerated: Mapping[str, Weighed]) -> Iterator[dict[str, Json]]:
    """One entry for each exchange, in order; where something was found, the evidence and a curl line."""
    found = _by_exchange(account.judgement.verdicts)
    judged = {place for one in account.judgement.verdicts for place in one.touched}
    evident = 0
    for transcript, talk, exchange in numbering.exchanges:
        place = (transcript, exchange.index)
        findings = found.get(place, [])
        verdicts = [effective(one, tolerated) for one, _ in findings]
        entry: dict[str, Json] = {
            "index": numbering.of[place],
            "vendor": account.contract.manifest.slug,
            "scenario": talk.name,
            "operation": exchange.operation,
            "method": exchange.request.method,
            "path": exchange.request.path,
            "status": exchange.status,
            "verdict": max([*verdicts, Verdict.PASS if place in judged else Verdict.UNEXERCISED]).value,
            "findings": [_finding(one, finding) for one, finding in findings],
            "started": moment(exchange.started) if exchange.timed else None,
            "seconds": round(max(exchange.ended - exchange.started, 0.0), 6) if exchange.timed else 0.0,
        }
        if exchange.trouble is not None:
            entry["trouble"] = exchange.trouble
        if findings and evident < MOST_EVIDENT:
            entry["evidence"] = evidence(exchange)
            evident += 1
        if findings and account.origin != "reference":  # an embedded server has no address to send to
            entry["curl"] = curl(exchange, account.contract.manifest, account.environment)
        yield entry


def arrivals(account: Account) -> Iterator[dict[str, Json]]:
    """Callbacks received and files delivered, MOST_ARRIVALS at most; the time is null where none is told."""
    everything = (
        (talk.name, kind, name, at)
        for talk in account.judgement.transcripts
        for kind, name, at in (
            *(("callback", one.request.path, one.at) for one in talk.callbacks),
            *(("file", one.key, one.at) for one in talk.files),
        )
    )
    for scenario, kind, name, at in itertools.islice(everything, MOST_ARRIVALS):
        told = not isinstance(at, UnknownTime) and at > 0
        yield {"scenario": scenario, "kind": kind, "name": name, "at": moment(at) if told else None}


def moment(seconds: float) -> str | None:
    """Seconds since the epoch as RFC 3339 in UTC; None where no clock can show them."""
    if not math.isfinite(seconds):
        return None
    try:
        shown = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return shown.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _by_exchange(verdicts: tuple[ClauseVerdict, ...]) -> Mapping[Place, list[tuple[ClauseVerdict, Finding]]]:
    found: defaultdict[Place, list[tuple[ClauseVerdict, Finding]]] = defaultdict(list)
    for verdict in verdicts:
        for located in verdict.findings:
            if located.finding.at.exchange is not None:
                found[located.transcript, located.finding.at.exchange].append((verdict, located.finding))
    return found


def _finding(verdict: ClauseVerdict, finding: Finding) -> dict[str, Json]:
    return {
        "clause": verdict.clause.id,
        "level": verdict.clause.level,
        "at": finding.at.pointer,
        "expected": finding.expected,
        "got": finding.got,
    }
