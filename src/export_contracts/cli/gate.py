"""`export-contracts gate`: run a client's own tests against the reference and judge what it sends."""

from __future__ import annotations

from pathlib import Path

import click

from export_contracts.cli import completion, options, output


@click.command("gate")
@click.argument("vendor", shell_complete=completion.vendors)
@options.report
@click.option("--expect", metavar="FILE", help="Known deviations of this client: a TOML file of [[deviations]].")
@click.option("--awkward", metavar="SEED,…", help="Run again under legal but inconvenient servers with these seeds.")
@click.option("--seed", type=int, default=0, metavar="N", help="Of the reference's people and ids; 0 by default.")
@click.option(
    "--upstream",
    type=click.Choice(["reference", "live"]),
    default="reference",
    help="Who answers: the reference, or the vendor of --target.",
)
@click.option("--target", metavar="FILE", help="The account for --upstream live: a target file, as for check.")
@click.option(
    "--max-exports", type=click.IntRange(0), metavar="N", help="Exports started with --upstream live; 3 by default."
)
@options.as_of
@click.option("--timeout", type=click.FloatRange(0.1), metavar="SECONDS", help="Stop the command after so long.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the results document; the command's output goes to stderr."
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS] -- COMMAND...")
def command(
    *,
    vendor: str,
    report: str | None,
    expect: str | None,
    awkward: str | None,
    seed: int,
    upstream: str,
    target: str | None,
    max_exports: int | None,
    as_of: str | None,
    timeout: float | None,
    as_json: bool,
    words: tuple[str, ...],
) -> int:
    """Judge the traffic of any client, in any language, without a change to its code.

    The command runs with EXPORT_CONTRACTS_<VENDOR>_URL, _TOKEN, _SEGMENT_ID and the like, and behind a proxy that
    answers for the vendor's own hosts. Exit 0 needs three things: no binding consumer clause broken, the command
    itself exited with 0, and at least one request of the vendor was seen.

    With --upstream live the vendor itself answers. Only its hosts are connected to; operations of the contract are
    passed on, but for those that end exports, and what they start is counted.
    """
    from export_contracts.gate import authority

    with authority.meanwhile() as made:  # while the imports below take place
        from export_contracts.cli import gating

        behind = gating.Behind(upstream, target, max_exports)
        asked = gating.Asked(vendor, words, expect, awkward, seed, timeout, as_json, behind, as_of)
        results = gating.run(asked, made)

    if not as_json:
        click.echo()  # the command's own output may have ended within a line
    where = None if as_json and report is None else Path(report or gating.FOLDER)
    return output.reported(results, where, as_json=as_json)
