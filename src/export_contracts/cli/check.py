"""`export-contracts check`: run scenarios and generated cases against a target, judge them, write the report."""

from __future__ import annotations

from pathlib import Path

import click

from export_contracts.cli import completion, options, output


@click.command("check", context_settings=options.SETTINGS)
@options.of_a_target
@click.option(
    "--only",
    multiple=True,
    metavar="ID",
    shell_complete=completion.clauses,
    help="Judge this clause only; may be repeated.",
)
@click.option(
    "--level", type=click.Choice(["must", "should", "may"]), default="may", help="Judge clauses at least so binding."
)
@click.option(
    "--workers", type=click.IntRange(1, 16), default=1, metavar="N", help="Scenarios played at a time; 1 by default."
)
@click.option("--seed", type=int, default=0, metavar="N", help="Repeats a run; 0 by default.")
@click.option("--report", metavar="DIR", help="Where the report goes; ./export-contracts-report by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the results document and nothing else.")
@options.as_of
@click.option(
    "--users", type=click.IntRange(1), default=40, metavar="N", help="People in the embedded reference; 40 by default."
)
@click.argument(
    "words",
    nargs=-1,
    type=click.UNPROCESSED,
    shell_complete=completion.first_word,
    metavar="[VENDOR] [--SETTING VALUE]...",
)
def command(
    *,
    words: tuple[str, ...],
    only: tuple[str, ...],
    level: str,
    workers: int,
    report: str | None,
    as_json: bool,
    as_of: str | None,
    **aim: object,
) -> int:
    """Check an implementation against the contract, and report what it breaks.

    Without a VENDOR, every vendor is checked; without --url or --target, against the embedded reference. What a
    target may declare (`--segment-id X`) is listed by `export-contracts show VENDOR`.
    """
    from export_contracts.cli import checking, loose, venues

    where = venues.Aim(loose.split(words), options.names(command), **aim)  # type: ignore[arg-type]  # click's names are the fields
    asked = checking.Asked(where, only, level, workers, as_of)
    results = checking.run(asked)
    folder = None if as_json and report is None else Path(report or checking.FOLDER)
    return output.reported(results, folder, as_json=as_json)
