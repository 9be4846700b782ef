"""What unit tests share: the made-up vendor, and comparison with files of tests/snapshots.

`EXPORT_CONTRACTS_SNAPSHOTS=write pytest tests/unit` writes the snapshots anew; read the difference.
"""

import os
from pathlib import Path

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract

SNAPSHOTS = Path(__file__).parent.parent / "snapshots"


@pytest.fixture
def snapshot():
    """Compare a text with the snapshot of that name, exactly."""

    def compare(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if os.environ.get("EXPORT_CONTRACTS_SNAPSHOTS") == "write":
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text, f"tests/snapshots/{name} says otherwise"

    return compare


@pytest.fixture
def sample(monkeypatch, tmp_path_factory) -> Contract:
    """The made-up vendor's contract; it is the only vendor there is, and nothing binds every vendor."""
    nothing = tmp_path_factory.mktemp("general")
    monkeypatch.setattr(plugins, "_packages", lambda: {"sample": "sample_vendor"})
    monkeypatch.setattr(contracts, "_general", lambda: nothing)
    return contracts.load("sample")
