"""From what was added up to verdicts, in the form every report is made of. No file is read here."""

from __future__ import annotations

from collections.abc import Mapping

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.checks.tally import Sum
from export_contracts.model import (
    VERDICT_OF_LEVEL,
    Clause,
    ClauseVerdict,
    Judgement,
    LocatedFinding,
    Transcript,
    Verdict,
)
from export_contracts.verify.merge import Verified

ASKED = {
    "as_many_as_declared": "nothing tells how many users there should be; --expect-count does",
    "only_fields_asked_for": "nothing tells which fields were asked for; --fields or --request does",
    "named_attributes_only": "nothing tells which custom attributes were asked for; --request does",
    "file_keeps_content": "nothing tells how the files were before; a second run with the same --report does",
    "export_stays_whole": "nothing tells what there was before; a second run with the same --report does",
    "key_names_segment": "nothing tells which segment was asked for; --request does",
}
"""What would put a check to the test, where these files alone do not; a vendor's `verify` may have its own."""


def judgement(contract: Contract, verified: Verified) -> Judgement:
    """One verdict for each clause that files can put to the test, in the order of the contract."""
    slug = contract.manifest.slug
    lacking = {**ASKED, **getattr(plugins.module(slug, "verify"), "ASKED", {})}
    verdicts = tuple(
        _verdict(one, verified.tally.sums.get(one.id, Sum()), lacking)
        for one in contract.clauses
        if one.id in verified.judged
    )
    return Judgement(slug, (Transcript(slug, "delivered files", "delivered"),), verdicts)


def _verdict(clause: Clause, found: Sum, lacking: Mapping[str, str]) -> ClauseVerdict:
    located = tuple(LocatedFinding(0, one) for one in found.findings)
    reason = None
    if found.broken:
        verdict = VERDICT_OF_LEVEL[clause.level]
    elif found.kept:
        verdict = Verdict.PASS
    else:
        verdict = Verdict.UNEXERCISED
        reason = lacking.get(clause.check, "nothing in these files put it to the test")
    return ClauseVerdict(
        clause, verdict, found.kept, located, dict(found.readings), reason, frozenset({(0, -1)}), found.broken
    )
