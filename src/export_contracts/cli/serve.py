"""`export-contracts serve`: the strict reference server, for mocks, gates and curiosity."""

from __future__ import annotations

from contextlib import suppress

import click

from export_contracts.cli import completion, options, output


@click.command("serve")
@click.argument("vendor", required=False, shell_complete=completion.vendors)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, metavar="P", help="8080 by default; 0 takes any.")
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="Where to listen; 127.0.0.1 by default.")
@click.option(
    "--management-port", type=click.IntRange(0, 65535), default=0, metavar="P", help="Where time is managed; any."
)
@click.option("--seed", type=int, default=0, metavar="N", help="Picks the population; 0 by default.")
@click.option(
    "--users", type=click.IntRange(1), default=40, metavar="N", help="How many people there are; 40 by default."
)
@click.option("--mutant", metavar="ID:NAME", help="Serve with one defect, as listed by `show ID`.")
@click.option("--awkward", type=int, metavar="SEED", help="Legal but inconvenient: slow jobs, 429, extra fields.")
@options.as_of
@click.option("--state", metavar="FILE", help="Keep state in this SQLite file, so that a restart loses nothing.")
@click.option("--bucket", metavar="URL", help="Deliver to s3://name/prefix or file:///folder.")
@click.option("--endpoint", metavar="URL", help="Of an S3-compatible bucket that is not at AWS.")
@click.option("--callbacks-anywhere", is_flag=True, help="Send callbacks beyond this machine, too.")
@click.option("--targets", metavar="DIR", help="Write a target file for each vendor there, for `check --target`.")
@click.option("--json", "as_json", is_flag=True, help="Print addresses and settings as one line of JSON.")
def command(as_json: bool, **given: object) -> int:
    """Run the strict reference server of a VENDOR, or of all: one address, a path prefix for each.

    Time is managed on another port: POST /advance {"seconds": N}, GET /state, POST /reset. Ctrl-C ends it.
    """
    from export_contracts.cli import houses

    asked = houses.Asked(**given)  # type: ignore[arg-type]  # click's names are the fields
    with suppress(KeyboardInterrupt), houses.serving(asked) as running:  # Ctrl-C is how serving ends, early or late
        running.served.serving.wait(lambda: output.text(houses.told_json(running) if as_json else houses.told(running)))
    return 0
