"""`export-contracts verify`: is this delivered export whole and well formed? Options and output only."""

from __future__ import annotations

from pathlib import Path

import click

from export_contracts.cli import completion, options, output


@click.command("verify")
@click.argument("vendor", shell_complete=completion.vendors)
@click.argument("locations", nargs=-1, required=True, metavar="LOCATION...")
@click.option("--fields", metavar="A,B,C", help="The fields that were asked for.")
@click.option("--expect-count", type=click.IntRange(0), metavar="N", help="How many users were announced.")
@click.option("--request", metavar="FILE", help="The body of the export's request, as JSON; of Adobe the job.")
@click.option(
    "--workers", type=click.IntRange(1), default=1, metavar="N", help="Processes that read files; 1 by default."
)
@click.option("--dask", metavar="ADDRESS", help="Hand the files to this Dask cluster; takes the extra dask.")
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@click.option(
    "--max-inflated", metavar="SIZE", help="Most that one archive holds; 512MB by default, for streamed CSV 100GB."
)
@click.option(
    "--max-ratio",
    type=click.FloatRange(1, min_open=True),
    metavar="N",
    help="Most that an archive beyond 32 MB may have shrunk by; 400 by default.",
)
@options.as_of
@options.report
@options.as_json
def command(**given: object) -> int:
    """Verify delivered files of any size: archives, keys, every line and every user.

    LOCATION is a folder, a file, s3://bucket/prefix, az://container/prefix, or - for standard input. Nothing is written
    there. Azure and Parquet take the extras azure and parquet.
    """
    from export_contracts.cli import verifying
    from export_contracts.report import folder

    asked = verifying.Asked(**given)  # type: ignore[arg-type]  # click's names are the fields' names
    where = Path(asked.report or verifying.FOLDER)
    with verifying.verified(asked) as results:
        if asked.report is not None or not asked.as_json:
            folder.write_all(results, where)
    return output.outcome(results, where, as_json=asked.as_json)
