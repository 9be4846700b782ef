"""The innocent run of each vendor, played once for a worker."""

from __future__ import annotations

from functools import cache

import pytest

from export_contracts.catalogue import contract
from export_contracts.check.proof import transcripts
from export_contracts.targets.venue import embedded_venue


@pytest.fixture(scope="session")
def innocent():
    return cache(lambda slug: transcripts(contract.load(slug), embedded_venue(slug)))
