"""Reads every page of a Parquet file and counts its rows; no value is kept. Takes pyarrow, the extra `parquet`."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from export_contracts.errors import UsageError
from export_contracts.files.problem import Problem

ROWS: Final = 1_024
BUFFER: Final = 256 * 1024


def pyarrow() -> Any:
    """The library's Parquet module; a sentence where it is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet
    except ImportError:
        raise UsageError(
            "Parquet files are read with pyarrow, which is not installed.",
            hint='pip install "export-contracts[parquet]"',
        ) from None
    # The library's own allocator keeps a third more of what is read in steps.
    pa.set_memory_pool(pa.system_memory_pool())
    return pyarrow.parquet


def read_pages(file: BinaryIO) -> tuple[int, tuple[Problem, ...]]:
    """(rows that could be read, what is wrong). A row group is read in steps, so that its size does not matter."""
    rows = 0
    try:
        file.seek(0)
        whole = pyarrow().ParquetFile(file, pre_buffer=False, buffer_size=BUFFER, page_checksum_verification=True)
        for batch in whole.iter_batches(batch_size=ROWS, use_threads=False):
            rows += batch.num_rows
    except (UsageError, MemoryError):
        raise
    except NotImplementedError as error:
        return rows, (Problem("unread", f"the library does not read such pages: {' '.join(str(error).split())[:160]}"),)
    except Exception as error:  # noqa: BLE001 - the library raises OSError, ValueError and its own on damaged bytes
        said = " ".join(str(error).split())[:160].rstrip(".")
        return rows, (Problem("damaged", f"after {rows} rows a page cannot be read: {said}"),)
    return rows, ()
