"""`export-contracts judge`: recorded traffic against the contract. Nothing is sent."""

from __future__ import annotations

from pathlib import Path

import click

from export_contracts.cli import completion, options, output


@click.command("judge")
@click.argument("vendor", shell_complete=completion.vendors)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--party", type=click.Choice(["provider", "consumer"]), help="Judge one side only; both by default.")
@options.only("Judge this clause only; may be repeated.")
@options.as_of
@click.option("--report", metavar="DIR", help="Also write the report there: JSON, JUnit, Markdown, HTML.")
@options.as_json
def command(
    *,
    vendor: str,
    files: tuple[str, ...],
    party: str | None,
    only: tuple[str, ...],
    as_of: str | None,
    report: str | None,
    as_json: bool,
) -> int:
    """Judge recorded traffic; nothing is sent.

    FILE is a vcrpy cassette, a HAR file, or a folder of them. Both sides are judged: what the vendor answered, and
    what the client asked.
    """
    from export_contracts.cli import judging

    results = judging.run(judging.Asked(vendor, files, party, only, as_of))
    where = None if report is None else Path(report)
    return output.reported(results, where, as_json=as_json)
