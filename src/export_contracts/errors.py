"""Exceptions that know their exit code and the hint to print; nothing else lives here.

Exit codes are a stable interface: 0 kept, 1 broken, 2 wrong usage or configuration,
3 target unreachable or engine error.
"""

from __future__ import annotations

EXIT_KEPT = 0
EXIT_BROKEN = 1
EXIT_USAGE = 2
EXIT_UNREACHABLE = 3


class ExportContractsError(Exception):
    """One clear sentence for the user, an optional hint, and the exit code it leads to."""

    exit_code = EXIT_UNREACHABLE

    def __init__(self, sentence: str, *, hint: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class UsageError(ExportContractsError):
    """The command, its options or a file the user wrote are wrong."""

    exit_code = EXIT_USAGE


class ContractError(UsageError):
    """A file under `specs/` (ours or a plugin's) breaks its own format."""


class TrafficError(UsageError):
    """A cassette, HAR or other recorded traffic cannot be read."""


class UnreachableError(ExportContractsError):
    """The target never gave a single HTTP answer."""


class EngineError(ExportContractsError):
    """Our own engine broke, or a run was starved of traffic."""
