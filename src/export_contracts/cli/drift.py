"""`export-contracts drift`: what changed, in documents, between editions, in traffic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from export_contracts.cli import output

if TYPE_CHECKING:  # imported when the command runs, not for the sake of --help
    from export_contracts.drift.report import Report


@click.command("drift")
@click.argument("vendor")
@click.argument("sides", nargs=-1, metavar="[BASELINE NEW]")
@click.option(
    "--document",
    "documents",
    multiple=True,
    metavar="FILE",
    help="A vendor's page, collection or OpenAPI file; more may follow.",
)
@click.option("--as-of", metavar="YYYY-MM", help="Compare with the contract as it stood then; the newest by default.")
@click.option("--fail-on", type=click.Choice(["breaking", "any"]), default="any", help="What leads to exit code 1.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON and nothing else.")
@click.option("--markdown", is_flag=True, help="Print the report as Markdown, ready for an issue.")
@click.option("--junit", metavar="FILE", help="Also write the report as JUnit XML.")
def command(
    *,
    vendor: str,
    sides: tuple[str, ...],
    documents: tuple[str, ...],
    as_of: str | None,
    fail_on: str,
    as_json: bool,
    markdown: bool,
    junit: str | None,
) -> int:
    """Tell what changed, whom it breaks, and which clauses it touches.

    With --document: the vendor's page, Postman collection or OpenAPI file against the contract.
    """
    from export_contracts.cli import choose
    from export_contracts.drift import documents as pages

    if not documents:
        raise click.UsageError("Nothing to compare: give --document FILE.", click.get_current_context())
    contract = choose.load(vendor, as_of)
    report = pages.against_contract(contract, [*documents, *sides], fail_on=fail_on)
    return _tell(report, as_json=as_json, markdown=markdown, junit=junit)


def _tell(report: Report, *, as_json: bool, markdown: bool, junit: str | None) -> int:
    from export_contracts.drift import report as forms
    from export_contracts.report import write

    if junit is not None:
        write.write(Path(junit), forms.junit(report))
    if as_json:
        output.data(report.as_json())
    elif markdown:
        output.text(forms.markdown(report))
    else:
        output.text("\n".join(forms.lines(report)) + "\n")
    return report.exit_code
