"""Mailhaven, a vendor that does not exist: the contract of its export, as a distribution of its own."""

from pathlib import Path

SPECS = Path(__file__).parent / "specs"
"""Where export-contracts finds the specs."""
