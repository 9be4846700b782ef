"""`export-contracts drift`: what changed, in documents, between editions, in traffic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from export_contracts.cli import completion, options, output

if TYPE_CHECKING:  # imported when the command runs, not for the sake of --help
    from export_contracts.cli.drifting import Asked
    from export_contracts.drift.report import Report


@click.command("drift")
@click.argument("vendor", shell_complete=completion.vendors)
@click.argument("sides", nargs=-1, metavar="[BASELINE NEW]")
@click.option("--document", "documents", multiple=True, metavar="FILE|URL", help="A page, collection or OpenAPI file.")
@options.as_of
@click.option("--date", "dating", metavar="TRAFFIC", help="Tell which editions this traffic is compatible with.")
@click.option("--to", metavar="FILE", help="Write the shape of NEW, or of the only side, there as JSON.")
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "any"]),
    default="any",
    show_default=True,
    help="What leads to exit code 1.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON and nothing else.")
@click.option("--markdown", is_flag=True, help="Print the report as Markdown, ready for an issue.")
@click.option("--junit", metavar="FILE", help="Also write the report as JUnit XML.")
@click.option("--html", metavar="FILE", help="Also write the report as one HTML page.")
@click.option("--live", is_flag=True, help="Allow a target file whose URL is beyond this machine.")
@click.option("--max-exports", type=click.IntRange(0), metavar="N", help="Exports started at most; 3 by default.")
@click.option("--dry-run", is_flag=True, help="Tell what would be sent to a target, and send nothing.")
def command(
    *,
    vendor: str,
    sides: tuple[str, ...],
    documents: tuple[str, ...],
    as_of: str | None,
    dating: str | None,
    to: str | None,
    fail_on: str,
    as_json: bool,
    markdown: bool,
    junit: str | None,
    html: str | None,
    live: bool,
    max_exports: int | None,
    dry_run: bool,
) -> int:
    """Tell what changed, whom it breaks, and which clauses it touches.

    BASELINE and NEW are traffic (cassette, HAR, folder of them, results.json or a shape), target files (TOML) that
    are probed now by harmless scenarios, or two months, whose editions of the contract are compared. With
    --document, the vendor's pages are compared with the contract; more files may follow.
    """
    from export_contracts.cli import drifting

    asked = drifting.Asked(vendor, sides, documents, as_of, to, fail_on, live, max_exports)
    if dry_run:
        output.text("\n".join(drifting.plans(asked)) + "\n")
        return 0
    if dating is not None:
        return _date(drifting.Asked(vendor, (dating, *sides), as_of=as_of), as_json=as_json)
    report = drifting.run(asked)
    if report is None:
        output.text(f"wrote {to}\n")
        return 0
    _write(report, junit, html)
    return _tell(report, as_json=as_json, markdown=markdown)


def _date(asked: Asked, *, as_json: bool) -> int:
    from export_contracts.cli import drifting

    contract, dating = drifting.date(asked)
    if as_json:
        reasons = {month: list(why) for month, why in dating.reasons.items()}
        output.data(
            {"vendor": contract.manifest.slug, "compatible": [list(one) for one in dating.spans], "not": reasons}
        )
    else:
        spans = [f"{first} to {last or 'today'}" for first, last in dating.spans]
        name = contract.manifest.title
        output.text(f"speaks {name} as of {', '.join(spans)}\n" if spans else f"speaks no known edition of {name}\n")
        for month, why in dating.reasons.items():
            if why:
                output.text(f"not of {month}: {'; '.join(why[:4])}\n")
    return 0 if dating.spans else 1


def _write(report: Report, junit: str | None, html: str | None) -> None:
    from export_contracts.drift import report as forms
    from export_contracts.drift import report_html
    from export_contracts.report import write

    if junit is not None:
        write.write(Path(junit), forms.junit(report))
    if html is not None:
        write.write(Path(html), report_html.page(report))


def _tell(report: Report, *, as_json: bool, markdown: bool) -> int:
    from export_contracts.drift import report as forms

    if as_json:
        output.data(report.as_json())
    elif markdown:
        output.text(forms.markdown(report))
    else:
        output.text("\n".join(forms.lines(report)) + "\n")
    return report.exit_code
