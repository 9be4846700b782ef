"""A made-up vendor, small and unchanging, shipped as a stranger's distribution would ship one."""

from pathlib import Path

SPECS = Path(__file__).parent / "specs"
