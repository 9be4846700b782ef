"""`export-contracts record`: play scenarios and keep their traffic as redacted cassettes."""

from __future__ import annotations

import click

from export_contracts.cli import options


@click.command("record", context_settings=options.SETTINGS)
@options.of_a_target
@click.option("--to", metavar="DIR", required=True, help="Where the cassettes go.")
@click.option("--scenario", multiple=True, metavar="NAME", help="Play this scenario only; may be repeated.")
@options.seed
@options.users
@options.as_of
@click.option("--keep-bodies", is_flag=True, help="Keep what was delivered, people's data included, as it came.")
@click.option("--dry-run", is_flag=True, help="Tell what would be sent, and send and write nothing.")
@options.words("VENDOR")
def command(
    *,
    words: tuple[str, ...],
    to: str,
    scenario: tuple[str, ...],
    as_of: str | None,
    dry_run: bool,
    keep_bodies: bool,
    **aim: object,
) -> int:
    """Record a target's traffic, one vcrpy cassette for each scenario.

    Credentials are taken out of headers, queries, bodies and signed URLs before anything is written, and what was
    delivered is disguised: each value gives way to another of its form. `judge` reads the cassettes back.
    """
    from export_contracts.cli import loose, recording, venues

    where = venues.Aim(loose.split(words), options.names(command), **aim)  # type: ignore[arg-type]  # click's names are the fields
    recorded = recording.run(recording.Asked(where, to, scenario, as_of, dry_run, keep_bodies))
    for line in recorded.lines:
        click.echo(line)
    return recorded.exit_code
