"""`export-contracts report`: render a results document again, in any form; nothing is judged or sent."""

from __future__ import annotations

from pathlib import Path

import click

from export_contracts.cli import options, output


@click.command("report")
@click.argument("results", metavar="RESULTS.json")
@click.option("--html", metavar="FILE", help="A page for people, whole in one file.")
@click.option("--markdown", metavar="FILE", help="The summary of a CI run.")
@click.option("--junit", metavar="FILE", help="XML for CI servers.")
@click.option("--sarif", metavar="FILE", help="For code-scanning pages.")
@click.option("--conformance", metavar="FILE", help="A CONFORMANCE.md for an implementation's front page.")
@click.option("--badge", metavar="FILE", help="A small SVG for the same place.")
@options.as_of
@click.option("--compare", metavar="OLDER.json", help="In HTML and on the terminal: what changed since, first.")
def command(results: str, as_of: str | None, compare: str | None, **wanted: str | None) -> int:
    """Render a results document again; nothing is judged or sent.

    `check` writes RESULTS.json as export-contracts-report/results.json. Without an option, the report is printed.
    The exit code is 0 once that is done, whatever the report says. Results were judged by one edition of the
    contract; --as-of makes sure that it was this one.
    """
    from export_contracts.cli import rendering
    from export_contracts.report.load import load

    newer = load(Path(results))
    rendering.refuse_another_edition(newer, as_of)
    older = load(Path(compare)) if compare else None
    written = list(rendering.write(newer, older, wanted))
    for path in written:
        click.echo(f"written: {path}")
    if not written:
        from export_contracts.report import terminal

        output.lines(terminal.report(newer))
        if older is not None:
            output.lines(terminal.changed(older, newer))
    return 0
