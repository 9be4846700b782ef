"""`export-contracts mutants`: the proof that every clause can fail, as a matrix."""

from __future__ import annotations

import os
import time

import click

from export_contracts.cli import completion, options, output


@click.command("mutants")
@click.argument("vendor", required=False, shell_complete=completion.vendors)
@options.only("Mutants of this clause only; may be repeated.")
@options.seed
@click.option("--workers", type=click.IntRange(1, 64), metavar="N", help="Processes; as many as there are cores.")
@options.as_of
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    *, vendor: str | None, only: tuple[str, ...], seed: int, workers: int | None, as_of: str | None, as_json: bool
) -> int:
    """Run every mutant and tell whether exactly the clauses it declares caught it.

    A mutant is the reference server, or a client of it, with a single defect. Exit code 1 says that one survived,
    or that a clause caught it that should not have.
    """
    from export_contracts.check.proof import prove
    from export_contracts.cli import choose
    from export_contracts.cli.progress import progress
    from export_contracts.report import killing

    contracts = choose.several(vendor, as_of)
    ids = choose.clause_ids(only, contracts) if only else None
    proofs = []
    started = time.monotonic()
    with progress("mutants") as say:
        for contract in contracts:
            for proof in prove(contract, seed=seed, only=ids, workers=workers or os.cpu_count() or 1):
                proofs.append(killing.row(contract.manifest.slug, proof))
                say(f"{proof.clause} {proof.mutant}".strip())
    if as_json:
        output.data(killing.as_json(proofs, time.monotonic() - started))
    else:
        output.lines(killing.report(proofs, time.monotonic() - started))
    return killing.exit_code(proofs)
