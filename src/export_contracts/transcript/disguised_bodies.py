"""Delivered bodies with their values disguised: archives, lines of JSON, CSV. Packing stays what it was.

What is within a workbook is for `disguised_sheets`, and what is in Parquet for `disguised_parquet`.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Final

from export_contracts.model import Unreadable, inflate
from export_contracts.transcript import disguised_parquet, disguised_sheets
from export_contracts.transcript.disguise import Disguise, is_value

LARGEST: Final = 512 * 1024 * 1024
"""Bytes of an archive's members in all; one with more is not written at all."""
_CELL: Final = re.compile(r'"(?:[^"]|"")*"|[^",;\t|\r\n]+|\r\n|\n|\r')
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


def body(disguise: Disguise, raw: bytes) -> bytes:
    """Any delivered body; nothing is left of what is neither an archive nor text."""
    if raw.startswith(b"\x1f\x8b"):
        content = inflate(raw, LARGEST)
        return raw[:0] if isinstance(content, Unreadable) else gzip.compress(body(disguise, content), mtime=0)
    if raw.startswith(b"PK"):
        return _archive(disguise, raw)
    if raw.startswith(disguised_parquet.MAGIC):
        return disguised_parquet.parquet(disguise, raw) if len(raw) <= LARGEST else b""
    text = raw.decode("utf-8", "replace")
    if "\0" in text:
        return b""
    return written(disguise, text).encode()


def written(disguise: Disguise, text: str) -> str:
    """Text that was delivered: JSON in lines or whole, or else a table whose first line may name the columns."""
    if text.lstrip("\ufeff \r\n\t")[:1] in {"{", "["}:
        return disguise.written(text)
    end = found.start() if (found := _LINE_END.search(text)) else len(text)
    if any(is_value(cell.strip('"')) for cell in _CELL.findall(text[:end])):
        end = 0
    return text[:end] + _CELL.sub(lambda found: _cell(disguise, found[0]), text[end:])


def _cell(disguise: Disguise, cell: str) -> str:
    if cell[:1] == '"' and cell[-1:] == '"' and len(cell) > 1:
        inner = disguise.text(cell[1:-1].replace('""', '"'))
        return '"' + inner.replace('"', '""') + '"'
    return cell if cell.isspace() else disguise.text(cell)


def _archive(disguise: Disguise, raw: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(one.file_size for one in archive.infolist()) > LARGEST:
                return b""
            members = [(one, archive.read(one)) for one in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, IndexError):
        return raw[:4]  # damaged, and damaged it stays
    change = disguised_sheets.change(disguise, {one.filename: data for one, data in members}) or _member(disguise)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info, data in members:
            archive.writestr(info, change(info.filename, data))
    return out.getvalue()


def _member(disguise: Disguise) -> Callable[[str, bytes], bytes]:
    """How a member of an archive that is no workbook is changed."""
    return lambda _, data: body(disguise, data)
