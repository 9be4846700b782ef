"""`export-contracts sample`: synthetic exports of any size. Options and output only."""

from __future__ import annotations

import click

from export_contracts.cli import completion, options, output


@click.command("sample")
@click.argument("vendor", shell_complete=completion.vendors)
@click.option("--users", type=click.IntRange(0), default=1000, metavar="N", help="How many users; 1000 by default.")
@click.option("--seed", type=int, default=0, metavar="N", help="The same seed writes the same bytes; 0 by default.")
@click.option("--to", required=True, metavar="PLACE", help="Where the files go: a folder, or s3://bucket/prefix.")
@options.as_of
@click.option("--defect", multiple=True, metavar="KIND:RATE", help="Spoil this share, 0 to 1; may be repeated.")
def command(*, vendor: str, users: int, seed: int, to: str, as_of: str | None, defect: tuple[str, ...]) -> int:
    """Write a synthetic export as the vendor delivers it, for tests, benchmarks and trying out verify.

    Nobody in it exists. What is written is streamed, so that any size will do. An unknown defect is answered with
    the known ones.
    """
    from export_contracts.cli import choose
    from export_contracts.verify import sample

    slug = choose.load(vendor, as_of).manifest.slug
    defects = sample.parse(defect, sample.sampler(slug).KINDS)
    count, size = sample.write(slug, to, users, seed, defects, as_of)
    files = "1 file" if count == 1 else f"{count:,} files"
    output.text(f"{users:,} users in {files}, {size / 1e6:,.1f} MB, below {to}\n")
    return 0
