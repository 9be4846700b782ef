"""Puts lines and documents on stdout: colour on a terminal only, quiet when nobody reads any more."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from export_contracts.model import Json

if TYPE_CHECKING:  # rich is only needed by commands that print lines
    from rich.text import Text


def lines(texts: Iterable[Text]) -> None:
    """Print styled lines, unwrapped, so that what is piped can be read by programs."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    with console.capture() as captured:  # rich would end the process at a broken pipe
        for one in texts:
            console.print(one)
    text(captured.get())


def outcome(results: Mapping[str, Json], folder: Path | None, *, as_json: bool) -> int:
    """Print a results document, as JSON or for people with where their page is, and return its exit code."""
    from export_contracts.report import terminal

    if as_json:
        data(results)
    else:
        lines(terminal.report(results))
        if folder is not None:
            text(f"report: {folder / 'report.html'}\n")
    return int(results["footer"]["exit_code"])


def reported(results: Mapping[str, Json], folder: Path | None, *, as_json: bool) -> int:
    """The same, with the report written into `folder` before: what was found is printed even where that fails."""
    from export_contracts.errors import ExportContractsError
    from export_contracts.report.folder import write_all

    try:
        if folder is not None:
            write_all(results, folder)
    except ExportContractsError:
        outcome(results, None, as_json=as_json)
        raise
    return outcome(results, folder, as_json=as_json)


def text(whole: str) -> None:
    """Print text as it is."""
    try:
        sys.stdout.write(whole)
        sys.stdout.flush()
    except BrokenPipeError:
        _nobody_reads()


def data(value: Json) -> None:
    """Print JSON, ASCII only, so that no string in it can disturb a terminal."""
    text(json.dumps(value, indent=1, ensure_ascii=True) + "\n")


def _nobody_reads() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
