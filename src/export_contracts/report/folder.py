"""The report folder: `results.json`, `junit.xml`, `summary.md`, `report.html`. Each is written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from export_contracts.model import Json
from export_contracts.report import html, junit, markdown
from export_contracts.report.results import dumps
from export_contracts.report.write import write


def write_all(results: Mapping[str, Json], folder: Path) -> tuple[Path, ...]:
    """Write every report file into `folder`; the results themselves first."""
    texts = {
        "results.json": dumps(results),
        "junit.xml": junit.report(results),
        "summary.md": markdown.report(results),
        "report.html": html.report(results),
    }
    for name, text in texts.items():
        write(folder / name, text)
    return tuple(folder / name for name in texts)
