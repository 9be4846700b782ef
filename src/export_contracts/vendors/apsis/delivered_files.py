"""One delivered file of APSIS One: which format and coding it has by its bytes and by its name, and its rows.

`.csv`, `.xlsx`, `.csv.gz` and `.xlsx.gz` are the names under which the document has clients handle files; another name
says nothing.
"""

from __future__ import annotations

import codecs
import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, Final, Literal, cast

from export_contracts.checks.delivered import Named
from export_contracts.files.problem import Problem
from export_contracts.files.row_batches import Batch, Shape, csv_batches, shaped
from export_contracts.files.sheet_stream import sheet_batches
from export_contracts.files.strangers import stranger
from export_contracts.files.streams import GZIP_MAGIC, ZIP_MAGICS, Limits, open_stream
from export_contracts.model import Evidence, Finding, Kept, Where

Format = Literal["csv", "xlsx"]
STEP: Final = 256 * 1024
HEAD: Final = 4096
IN_MEMORY: Final = 16 * 1024 * 1024
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
Parts = Iterator[bytes | Problem]


@dataclass
class File:
    """A file as it turns out while `batches` are drained, which has to be done first.

    `format` and `gzip` are told by the bytes; `coding` holds what is wrong with the compression, in words.
    """

    named: Named
    format: Format
    gzip: bool
    shape: Shape
    batches: Iterator[Batch]
    coding: list[str] = field(default_factory=list)

    def at(self, line: int | None) -> Where:
        """A line of the file."""
        return Where(file=self.named.name, line=line)

    @property
    def named_format(self) -> Format | None:
        """What the name says."""
        return format_by_name(self.named)

    @property
    def named_gzip(self) -> bool | None:
        """Whether the name says that it is compressed; None where it says nothing."""
        if self.named.path.lower().endswith(".gz"):
            return True
        return None if self.named_format is None else False

    @property
    def misfits(self) -> bool:
        """Whether the name says another format than the bytes."""
        return self.named_format not in {None, self.format}


def format_by_name(named: Named) -> Format | None:
    """The format that a file's name speaks of."""
    name = named.path.lower().removesuffix(".gz")
    if name.endswith(".csv"):
        return "csv"
    return "xlsx" if name.endswith(".xlsx") else None


def look_into(named: Named, file: BinaryIO, limits: Limits) -> File:
    """Open a file by its bytes."""
    file.seek(0)
    start = file.read(HEAD)
    found = File(named, "csv", start.startswith(GZIP_MAGIC), Shape(), iter(()))
    parts = _unpacked(file, named, limits, found) if found.gzip else _plain(file)
    head, parts = _peeked(parts)
    if head.startswith(GZIP_MAGIC):
        found.coding.append("gzip within gzip")
        found.shape.whole = False
    elif head.startswith(ZIP_MAGICS) or (not head and found.named_format == "xlsx"):
        found.format = "xlsx"
        found.batches = shaped(_sheet(file, parts, found, limits), found.shape)
    elif (told := _no_text(head)) is not None:
        found.format = found.named_format or "csv"
        found.shape.add(Problem("no-text", told))
        found.shape.whole = False
    else:
        found.batches = csv_batches(parts, found.shape)
    return found


def _no_text(head: bytes) -> str | None:
    if head.startswith(_UTF16):
        return "the file is UTF-16, not UTF-8"
    return stranger(head)


def _sheet(file: BinaryIO, parts: Parts, found: File, limits: Limits) -> Iterator[Batch]:
    """The rows of a workbook; one that comes in gzip is put down first, for workbooks are read from their end."""
    if not found.gzip:
        yield from sheet_batches(file, found.shape, limits)
        return
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        for part in parts:
            copy.write(part if isinstance(part, bytes) else b"")
        if found.shape.whole:
            yield from sheet_batches(cast("BinaryIO", copy), found.shape, limits)


def _plain(file: BinaryIO) -> Parts:
    file.seek(0)
    yield from iter(partial(file.read, STEP), b"")


def _unpacked(file: BinaryIO, named: Named, limits: Limits, found: File) -> Parts:
    """What the gzip holds; what is wrong with it is told of the coding, and the table merely ends early."""
    for item in open_stream(file, name=named.name, limits=limits).items:
        if isinstance(item, Problem):
            continue
        for part in item.parts:
            if isinstance(part, Problem):
                found.coding.append(part.message)
                found.shape.whole = found.shape.whole and part.code == "trailing-bytes"
            else:
                yield part


def _peeked(parts: Parts) -> tuple[bytes, Parts]:
    """The first bytes, and all parts with them."""
    first = next(parts, b"")
    return (first if isinstance(first, bytes) else b""), itertools.chain((first,), parts)


def of_bytes(look: File, aspect: str) -> Iterator[Evidence]:
    """Whether bytes and name agree in `format` or `plain` coding, and whether gzip is whole and once around."""
    if aspect == "format" and look.named_format is not None:
        if look.misfits:
            yield Finding(look.at(None), f"{_SAID[look.named_format]}, as the name says", _SAID[look.format])
        elif look.shape.header:
            yield Kept(look.at(None))
    elif aspect == "plain" and look.named_gzip is False:
        yield Finding(look.at(None), "a file as its name says", "gzip around it") if look.gzip else Kept(look.at(None))
    elif aspect == "gzip" and look.gzip:
        yield from (Finding(look.at(None), "one whole gzip around the file", one) for one in look.coding)
        if not look.coding:
            yield Kept(look.at(None))
    elif aspect == "gzip" and look.named_gzip:
        yield Finding(look.at(None), "gzip, as the name says", "a file without it")


_SAID: Final = {"csv": "CSV", "xlsx": "a workbook"}


def export_of(named: Named) -> str:
    """What the files of one export have in common by name: all but the endings."""
    path = named.name.removesuffix(".gz").removesuffix(".GZ")
    return path[: -len(path.rpartition(".")[2]) - 1] if cast("str | None", format_by_name(named)) else path
