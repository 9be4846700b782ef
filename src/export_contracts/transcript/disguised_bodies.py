"""Delivered bodies with their values disguised: archives, lines of JSON, CSV, workbooks. Packing stays what it was."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Final
from xml.sax.saxutils import escape, unescape

from export_contracts.model import Unreadable, inflate
from export_contracts.transcript.disguise import Disguise

LARGEST: Final = 512 * 1024 * 1024
"""Bytes of an archive's members in all; one with more is not written at all."""
_CELL: Final = re.compile(r'"(?:[^"]|"")*"|[^",;\t|\r\n]+|\r\n|\n|\r')
_SHARED: Final = re.compile(r"(<t(?:\s[^>]*)?>)([^<]*)(</t>)")
_NUMERIC: Final = re.compile(r"(<c\b(?![^>]*\bt=\"(?:s|b|e)\")[^>]*>\s*<v>)([^<]*)(</v>)")


def body(disguise: Disguise, raw: bytes) -> bytes:
    """Any delivered body; nothing is left of what is neither an archive nor text."""
    if raw.startswith(b"\x1f\x8b"):
        content = inflate(raw, LARGEST)
        return raw[:0] if isinstance(content, Unreadable) else gzip.compress(body(disguise, content), mtime=0)
    if raw.startswith(b"PK"):
        return _archive(disguise, raw)
    text = raw.decode("utf-8", "replace")
    if "\0" in text:
        return b""
    return written(disguise, text).encode()


def written(disguise: Disguise, text: str) -> str:
    """Text that was delivered: JSON in lines or whole, or else a table whose first line names the columns."""
    if text.lstrip("\ufeff \r\n\t")[:1] in {"{", "["}:
        return disguise.written(text)
    head, end, rest = text.partition("\n")
    return head + end + _CELL.sub(lambda found: _cell(disguise, found[0]), rest)


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
    change = _sheets(disguise, {one.filename: data for one, data in members})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info, data in members:
            archive.writestr(info, change(info.filename, data))
    return out.getvalue()


def _sheets(disguise: Disguise, members: dict[str, bytes]) -> Callable[[str, bytes], bytes]:
    """How a member is changed: those of a workbook by their cells, whose first row names the columns."""
    if "xl/workbook.xml" not in members:
        return lambda _, data: body(disguise, data)
    heads = frozenset(_heads(members))

    def change(name: str, data: bytes) -> bytes:
        if not name.startswith(("xl/sharedStrings", "xl/worksheets/")):
            return data
        text = data.decode("utf-8", "replace")
        text = _SHARED.sub(lambda found: found[1] + _shared(disguise, found[2], heads) + found[3], text)
        return _NUMERIC.sub(lambda found: found[1] + _figure(disguise, found[2]) + found[3], text).encode()

    return change


def _shared(disguise: Disguise, text: str, heads: frozenset[str]) -> str:
    plain = unescape(text, {"&quot;": '"', "&apos;": "'"})
    return text if plain in heads else escape(disguise.text(plain))


def _figure(disguise: Disguise, text: str) -> str:
    return disguise.number(text) if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else text


def _heads(members: dict[str, bytes]) -> Iterator[str]:
    """The texts of the first row of each sheet."""
    shared = [
        "".join(part[1] for part in _SHARED.findall(one))
        for one in re.findall(
            r"<si>(.*?)</si>", members.get("xl/sharedStrings.xml", b"").decode("utf-8", "replace"), re.DOTALL
        )
    ]
    for name, data in members.items():
        if name.startswith("xl/worksheets/"):
            first = re.search(r"<row\b.*?</row>", data.decode("utf-8", "replace"), re.DOTALL)
            row = first[0] if first else ""
            yield from (unescape(found[1]) for found in _SHARED.findall(row))
            for index in re.findall(r"<c\b[^>]*\bt=\"s\"[^>]*>\s*<v>(\d+)</v>", row):
                yield from (unescape(one) for one in shared[int(index) : int(index) + 1])
