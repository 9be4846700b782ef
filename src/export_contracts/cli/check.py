"""`export-contracts check`: run scenarios and generated cases against a target, judge them, write the report."""

from __future__ import annotations

import click

from export_contracts.cli import output


@click.command("check", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": True})
@click.option("--url", metavar="URL", help="Where the API is; without it, the embedded reference server.")
@click.option(
    "--token-env",
    multiple=True,
    metavar="NAME",
    help="The environment variable with the credential; SETTING=NAME, repeated, where there are several.",
)
@click.option("--target", metavar="FILE", help="A target file (TOML) with address, settings, known deviations.")
@click.option("--only", multiple=True, metavar="ID", help="Judge this clause only; may be repeated.")
@click.option(
    "--level", type=click.Choice(["must", "should", "may"]), default="may", help="Judge clauses at least so binding."
)
@click.option("--workers", type=click.IntRange(1, 16), default=1, metavar="N", help="Scenarios played at a time.")
@click.option("--seed", type=int, default=0, metavar="N", help="Repeats a run; 0 by default.")
@click.option("--report", metavar="DIR", help="Where the report goes; ./export-contracts-report by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the results document and nothing else.")
@click.option("--live", is_flag=True, help="Allow a URL beyond this machine: harmless scenarios, paced.")
@click.option("--max-exports", type=click.IntRange(0), metavar="N", help="Exports started at most, with --live.")
@click.option("--as-of", metavar="YYYY-MM", help="Judge by the contract as it stood then.")
@click.option("--users", type=click.IntRange(1), default=40, metavar="N", help="People in the embedded reference.")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[VENDOR] [--SETTING VALUE]...")
def command(words: tuple[str, ...], **options: object) -> int:
    """Check an implementation against the contract, and report what it breaks.

    Without a VENDOR, every vendor is checked; without --url or --target, against the embedded reference. What a
    target may declare (`--segment-id X`) is listed by `export-contracts show VENDOR`.
    """
    from export_contracts.cli import checking, loose

    asked = checking.Asked(words=loose.split(words), builtin=_own_options(), **options)  # type: ignore[arg-type]  # click's names are the fields
    results = checking.run(asked)
    folder = checking.write(asked, results)
    if asked.as_json:
        output.data(results)
    else:
        from export_contracts.report import terminal

        output.lines(terminal.report(results))
        if folder is not None:
            click.echo(f"report: {folder}")
    return int(results["footer"]["exit_code"])


def _own_options() -> tuple[str, ...]:
    return tuple(name for one in command.params if isinstance(one, click.Option) for name in one.opts)
