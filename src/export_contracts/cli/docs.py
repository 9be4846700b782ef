"""`export-contracts docs`: the contract as a static site. Reads `specs/` and fetches nothing."""

from __future__ import annotations

from pathlib import Path

import click

from export_contracts.cli import options


@click.command("docs")
@click.argument("folder", required=False, metavar="[DIR]")
@options.as_of
@click.option("--serve", is_flag=True, help="Serve the site on this machine until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, metavar="P", help="8000 by default; 0 takes any.")
def command(*, folder: str | None, as_of: str | None, serve: bool, port: int) -> int:
    """Build a site of every vendor's contract in DIR, ./export-contracts-docs by default.

    Each clause has an address of its own (braze/BRZ-014). The site needs no server: open index.html.
    """
    from export_contracts.cli import choose
    from export_contracts.report.words import many
    from export_contracts.site import viewer
    from export_contracts.site.build import build

    where = Path(folder or "export-contracts-docs")
    count = build(choose.every(as_of), where)
    click.echo(f"{many(count, 'page')}: {where / 'index.html'}")
    if viewer.bundle() is None:
        click.echo('hint: Swagger UI beside the tables of operations: pip install "export-contracts[docs]"', err=True)
    if serve:
        from export_contracts.cli.serving_files import serve_folder

        serve_folder(where, port, click.echo)
    return 0
