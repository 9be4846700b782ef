"""Delivered bodies with their values disguised: archives, lines of JSON, CSV. Packing stays what it was.

What is within a workbook is for `disguised_sheets`, and what is in Parquet for `disguised_parquet`.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from typing import Final

from export_contracts.model import Unreadable, inflate
from export_contracts.transcript import disguised_parquet, disguised_sheets, packed_members
from export_contracts.transcript.disguise import Disguise, is_value

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a body, inflated and its members added up; of one with more nothing is written."""
DEEPEST: Final = 3
"""Packings within one another; of what is packed deeper, as an archive that holds itself is, nothing is left."""
PIECES: Final = 10_000
"""Pieces of a text that are put together at a time."""
_CELL: Final = re.compile(r'"[^"]*+(?:""[^"]*+)*+"|[^",;\t|\r\n]+|\r\n|\n|\r')
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


def body(disguise: Disguise, raw: bytes, depth: int = 0) -> bytes:
    """Any delivered body, packed `depth` times already; nothing is left of what is neither an archive nor text."""
    if raw.startswith((b"\x1f\x8b", b"PK")) and depth >= DEEPEST:
        return b""
    if raw.startswith(b"\x1f\x8b"):
        content = inflate(raw, LARGEST)
        return (
            raw[:0] if isinstance(content, Unreadable) else gzip.compress(body(disguise, content, depth + 1), mtime=0)
        )
    if raw.startswith(b"PK"):
        return _archive(disguise, raw, depth)
    if raw.startswith(disguised_parquet.MAGIC):
        return disguised_parquet.parquet(disguise, raw) if len(raw) <= LARGEST else b""
    if len(raw) > LARGEST or b"\0" in raw:
        return b""
    return written(disguise, raw.decode("utf-8", "replace"))


def written(disguise: Disguise, text: str) -> bytes:
    """Text that was delivered: JSON in lines or whole, or else a table whose first line may name the columns."""
    if text.lstrip("\ufeff \r\n\t")[:1] in {"{", "["}:
        return b"".join(_encoded(disguise.rewritten(text)))
    end = found.start() if (found := _LINE_END.search(text)) else len(text)
    if any(is_value(found[0].strip('"')) for found in _CELL.finditer(text, 0, end)):
        end = 0
    return text[:end].encode() + b"".join(_encoded(_table(disguise, text, end)))


def _table(disguise: Disguise, text: str, start: int) -> Iterator[str]:
    """The text from `start` on with other cells, piece by piece: there may be millions."""
    for found in _CELL.finditer(text, start):
        yield text[start : found.start()]
        yield _cell(disguise, found[0])
        start = found.end()
    yield text[start:]


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    for number, piece in enumerate(pieces):
        held.append(piece)
        if number % PIECES == PIECES - 1:
            yield "".join(held).encode()
            held.clear()
    yield "".join(held).encode()


def _cell(disguise: Disguise, cell: str) -> str:
    if cell[:1] == '"' and cell[-1:] == '"' and len(cell) > 1:
        inner = disguise.text(cell[1:-1].replace('""', '"'))
        return '"' + inner.replace('"', '""') + '"'
    return cell if cell.isspace() else disguise.text(cell)


def _archive(disguise: Disguise, raw: bytes, depth: int) -> bytes:
    try:
        members = packed_members.members(raw, LARGEST)
    except packed_members.Vast:
        return b""
    except packed_members.Damaged:
        return raw[:4]  # damaged, and damaged it stays
    workbook = disguised_sheets.change(disguise, {one.filename: data for one, data in members})
    return packed_members.rewritten(members, workbook or (lambda _, data: body(disguise, data, depth + 1)))
