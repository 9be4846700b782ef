"""`export-contracts show`: the catalogue for people. Reads `specs/` and sends nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from export_contracts.cli import completion, options, output
from export_contracts.model import Json

if TYPE_CHECKING:  # rich is imported by the renderer, not for the sake of --help
    from rich.text import Text


@click.command("show")
@click.argument("what", required=False, shell_complete=completion.vendors_and_clauses, metavar="[ID | VENDOR]")
@click.option("--matrix", is_flag=True, help="How the vendors differ, row by row, as a Markdown table.")
@options.as_of
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(what: str | None, as_of: str | None, matrix: bool, as_json: bool) -> int:
    """What exactly is promised, and who said so.

    With a clause's ID: the clause with its sources, readings and mutants. With a VENDOR: all its clauses, and
    what a target may declare. With neither: the vendors.
    """
    from export_contracts.cli import choose
    from export_contracts.report import reading

    if what is None:
        if matrix and as_of is not None:
            raise click.UsageError("--matrix is written of today and has no dates.", click.get_current_context())
        contracts = choose.every(as_of)
        if matrix:
            _print(reading.matrix_json(contracts), reading.matrix(contracts), as_json=as_json)
        else:
            _print(reading.vendors_json(contracts), reading.vendors(contracts), as_json=as_json)
        return 0
    if matrix:
        raise click.UsageError("--matrix shows all vendors and takes no argument.", click.get_current_context())
    if "-" in what and what.rpartition("-")[2].isdigit():
        contract, clause = choose.clause(what, as_of)
        _print(reading.clause_json(contract, clause), reading.clause(contract, clause), as_json=as_json)
        return 0
    contract = choose.load(what, as_of)
    _print(reading.vendor_json(contract), reading.vendor(contract), as_json=as_json)
    return 0


def _print(value: Json, texts: Iterable[Text], *, as_json: bool) -> None:
    if as_json:
        output.data(value)
    else:
        output.lines(texts)
