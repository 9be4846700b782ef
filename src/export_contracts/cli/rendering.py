"""What `report` does between its options and its files: each form by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from export_contracts.cli import choose
from export_contracts.errors import UsageError
from export_contracts.model import Json
from export_contracts.report.write import write as write_file

FORMS = {"conformance": "conformance_md"}
"""Options whose renderer has another name than the option."""


def refuse_another_edition(results: Mapping[str, Json], as_of: str | None) -> None:
    """Raise where results were judged by another edition than the one asked for: here nothing is judged anew."""
    for run in results["runs"] if as_of is not None else ():
        choose.load(run["vendor"], as_of)
        if run["as_of"] != as_of:
            judged = f"as it stood in {run['as_of']}" if run["as_of"] else "of today"
            raise UsageError(
                f"These results were judged by the contract of {run['title']} {judged}, not of {as_of}.",
                hint=f"Judge again with --as-of {as_of}; check, gate, judge and verify take it.",
            )


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
