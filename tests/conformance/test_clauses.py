"""Every active provider clause, judged over one run against the target (default: the embedded reference).

Select by id: `pytest tests/conformance -k BRZ-014`; choose a target with `--contract-target target.toml`.
"""

from __future__ import annotations

import pytest


def test_clause(contract_clause, contract_item):
    item = contract_item(*contract_clause)
    if item.end == "skipped":
        pytest.skip(item.told)
    if item.end == "tolerated":
        pytest.xfail(item.told)
    if item.end == "failed":
        pytest.fail(item.told, pytrace=False)


def test_the_run_was_whole(contract_vendor, contract_run):
    """As `check` ends with 3: what broke nothing because it saw too little has kept nothing."""
    short = contract_run(contract_vendor).shortfalls
    if short:
        pytest.fail("; ".join(short), pytrace=False)
