"""`export-contracts check`: run scenarios and generated cases against a target, judge them, write the report."""

from __future__ import annotations

from pathlib import Path

import click

from export_contracts.cli import options, output


@click.command("check", context_settings=options.SETTINGS)
@options.of_a_target
@options.only("Judge this clause only; may be repeated.")
@click.option(
    "--level", type=click.Choice(["must", "should", "may"]), default="may", help="Judge clauses at least so binding."
)
@click.option(
    "--workers", type=click.IntRange(1, 16), default=1, metavar="N", help="Scenarios played at a time; 1 by default."
)
@options.seed
@options.report
@options.as_json
@options.as_of
@options.users
@options.words("[VENDOR]")
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
