"""Every active provider clause, judged over one run against the target (default: the embedded reference).

Select by id: `pytest tests/conformance -k BRZ-014`; choose a target with `--contract-target target.toml`.
"""

from __future__ import annotations

import pytest

from export_contracts.model import Verdict


def test_clause(contract_clause, contract_verdict):
    slug, clause = contract_clause
    verdict = contract_verdict(slug, clause)
    if verdict.verdict in {Verdict.UNSUPPORTED, Verdict.UNEXERCISED}:
        pytest.skip(verdict.reason or verdict.verdict.value)
    found = [
        f"{clause.id} {clause.level.upper()}: {clause.title}\n  expected  {one.finding.expected}\n"
        f"  got       {one.finding.got}\n  at        {one.finding.at}"
        for one in verdict.findings
    ]
    assert verdict.verdict is not Verdict.FAIL, "\n".join(found)
    assert verdict.kept > 0 or found, "a pass without a single kept instance would prove nothing"
