"""Parquet with its values disguised: the same columns, types and number of rows.

Without the extra (pip install "export-contracts[parquet]"), and of a file that cannot be read, nothing is left.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from export_contracts.transcript.disguise import Disguise

MAGIC = b"PAR1"


def parquet(disguise: Disguise, raw: bytes) -> bytes:
    """The file with other values in it."""
    try:
        import pyarrow as pa
        from pyarrow import parquet as files
    except ImportError:
        return b""
    try:
        table = files.read_table(io.BytesIO(raw))
        columns = [
            pa.array([_value(disguise, one) for one in column.to_pylist()], type=column.type)
            for column in table.columns
        ]
        out = io.BytesIO()
        files.write_table(pa.table(columns, schema=table.schema.remove_metadata()), out)
    except (pa.ArrowException, OSError, OverflowError, TypeError, ValueError):
        return b""
    return out.getvalue()


def _value(disguise: Disguise, value: Any) -> Any:
    """One cell; maps come as lists of pairs. What is no text, number or day is left as nothing."""
    if isinstance(value, dict):
        return {name: _value(disguise, one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_value(disguise, one) for one in value)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return date.fromisoformat(disguise.text(value.isoformat()))
    return disguise.json(value) if isinstance(value, str | int | float | None) else None
