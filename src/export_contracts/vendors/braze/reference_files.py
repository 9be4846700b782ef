"""Rows to bytes: lines of JSON, archives, object keys. Pure; what is in a row is decided elsewhere."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import zipfile
from collections.abc import Collection, Iterable
from typing import Final

from export_contracts.model import Json

LEVEL: Final = 1
"""Compression is not what this server is measured by."""

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Members carry no date of their own, so that the same export is the same archive."""


def line(row: Json, quirks: Collection[str] = ()) -> str:
    """One row as one line, without its line feed."""
    if "reversed-keys" in quirks and isinstance(row, dict):
        row = dict(reversed(row.items()))
    separators = (", ", ": ") if "spaced-json" in quirks else (",", ":")
    return json.dumps(row, ensure_ascii="escaped-json" in quirks, separators=separators)


def text(lines: Iterable[str], quirks: Collection[str] = ()) -> bytes:
    """Lines as the UTF-8 text of one file."""
    body = "".join(one + "\n" for one in lines).encode()
    return body.removesuffix(b"\n") if "no-last-line-feed" in quirks else body


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip archive of named members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, body in members:
            archive.writestr(zipfile.ZipInfo(name, EPOCH), body, zipfile.ZIP_DEFLATED, LEVEL)
    return out.getvalue()


def gzipped(body: bytes) -> bytes:
    """A gzip file, without name or time."""
    return gzip.compress(body, LEVEL, mtime=0)


def key(segment_id: str, completed: float, prefix: str, name: str) -> str:
    """The object key of a delivered file; its date is the day, in UTC, on which the export completed."""
    day = dt.datetime.fromtimestamp(completed, dt.UTC).date().isoformat()
    return f"segment-export/{segment_id}/{day}/{prefix}/{name}"
