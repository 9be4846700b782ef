"""Errors of the run's own folder: where it cannot be written, the run ends with one sentence. Writes nothing itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from export_contracts.errors import ExportContractsError


class SpillError(ExportContractsError):
    """The run's own folder cannot be written: the run ends, for nothing it said would be whole."""


@contextlib.contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turns errors of the working folder into one sentence."""
    try:
        yield
    except OSError as error:
        raise SpillError(
            f"The working folder {folder} cannot be written: {error.strerror or error}.",
            hint="Make room, or name another place with --report; --resume then goes on.",
        ) from None
