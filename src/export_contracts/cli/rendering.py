"""What `report` does between its options and its files: each form by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from export_contracts.model import Json
from export_contracts.report.write import write as write_file

FORMS = {"conformance": "conformance_md"}
"""Options whose renderer has another name than the option."""


def write(
    results: Mapping[str, Json], older: Mapping[str, Json] | None, wanted: Mapping[str, str | None]
) -> Iterator[Path]:
    """Write each form wanted, and say where."""
    for form, name in wanted.items():
        if name is None:
            continue
        renderer = import_module(f"export_contracts.report.{FORMS.get(form, form)}")
        text = renderer.report(results, older) if form == "html" else renderer.report(results)
        write_file(Path(name), text)
        yield Path(name)
