"""Writes the site into a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from export_contracts.catalogue.contract import Contract
from export_contracts.errors import ExportContractsError
from export_contracts.site.pages import pages


def build(contracts: Sequence[Contract], folder: Path) -> int:
    """Write every page below `folder`, over what stands there, and say how many there are."""
    count = 0
    for path, text in pages(contracts):
        file = folder / path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise ExportContractsError(
                f"{file} cannot be written: {error.strerror or error}.", hint="Give another folder."
            ) from None
        count += path.endswith(".html")
    return count
