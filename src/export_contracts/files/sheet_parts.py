"""The parts of a workbook beside its sheets: which sheet is the first, which styles are moments, the shared texts."""

from __future__ import annotations

import posixpath
import re
import tempfile
import zipfile
from array import array
from dataclasses import dataclass, field
from typing import IO, Final, Self

from export_contracts.files.xml_events import Broken, Events, parse

IN_MEMORY: Final = 16 * 1024 * 1024
LONGEST: Final = 1024 * 1024
"""Characters of one text that are held; the format allows 32,767."""
CACHED: Final = 20_000
"""Shared texts kept at hand."""
MOMENTS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Numbers of built-in formats that show a date or a time."""
_LITERAL: Final = re.compile(r'"[^"]*"|\[(?!(?:h+|m+|s+)\])[^\]]*\]|\\.|_.|\*.', re.IGNORECASE)
_MOMENT: Final = re.compile(r"[dmyhs]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Workbook:
    """Names of members, as the archive spells them; `strings` and `styles` may be missing."""

    sheet: str
    strings: str | None
    styles: str | None
    since_1904: bool


@dataclass
class Styles:
    """Whether the cells of a style show moments, and in which calendar they are counted."""

    moments: list[bool] = field(default_factory=list)
    since_1904: bool = False

    def of(self, number: int) -> bool | None:
        """None where the style shows no moment, else whether its days are counted from 1904."""
        return self.since_1904 if 0 <= number < len(self.moments) and self.moments[number] else None


class _Sheets(Events):
    """The first sheet's relation, and the calendar."""

    first: str | None = None
    since_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and self.first is None:
            ids = [value for key, value in attributes.items() if key.rpartition(":")[2] == "id"]
            self.first = ids[0] if ids else ""
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904", "0") in {"1", "true"}


class _Relations(Events):
    """Targets by id, and by the last word of their type."""

    def __init__(self) -> None:
        self.by_id: dict[str, str] = {}
        self.by_kind: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            self.by_id[attributes.get("Id", "")] = target
            self.by_kind.setdefault(attributes.get("Type", "").rpartition("/")[2], target)


def read_workbook(archive: zipfile.ZipFile) -> Workbook:
    """Find the first sheet as the workbook lists it."""
    names = {one.lower(): one for one in archive.namelist()}
    if "xl/workbook.xml" not in names:
        raise Broken("not-xlsx", "the file is no XLSX workbook: it has no xl/workbook.xml")
    sheets, relations = _Sheets(), _Relations()
    _drain(archive, names["xl/workbook.xml"], sheets)
    if "xl/_rels/workbook.xml.rels" in names:
        _drain(archive, names["xl/_rels/workbook.xml.rels"], relations)

    def member(target: str | None) -> str | None:
        if not target:
            return None
        return names.get(posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower())

    sheet = member(relations.by_id.get(sheets.first or "")) or names.get("xl/worksheets/sheet1.xml")
    if sheets.first is None or sheet is None:
        raise Broken("not-xlsx", "the workbook has no sheet")
    strings, styles = (member(relations.by_kind.get(one)) for one in ("sharedStrings", "styles"))
    return Workbook(sheet, strings or names.get("xl/sharedstrings.xml"), styles, sheets.since_1904)


def _drain(archive: zipfile.ZipFile, member: str, events: Events) -> None:
    for _ in parse(archive, member, events):
        pass


class _Formats(Events):
    """Which formats of cells are moments."""

    def __init__(self) -> None:
        self.moments: list[bool] = []
        self._own: dict[int, bool] = {}
        self._within = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            code = _LITERAL.sub("", attributes.get("formatCode", ""))
            self._own[int(attributes.get("numFmtId", 0))] = bool(_MOMENT.search(code.split(";")[0]))
        elif name == "cellXfs":
            self._within = True
        elif name == "xf" and self._within:
            number = int(attributes.get("numFmtId", 0))
            self.moments.append(self._own.get(number, number in MOMENTS))

    def end(self, name: str) -> None:
        self._within = self._within and name != "cellXfs"


def read_styles(archive: zipfile.ZipFile, workbook: Workbook) -> Styles:
    """The styles; none where the workbook has none."""
    formats = _Formats()
    if workbook.styles is not None:
        _drain(archive, workbook.styles, formats)
    return Styles(formats.moments, workbook.since_1904)


class Strings(Events):
    """Shared texts by number, on disk where they are many."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._ends = array("Q", (0,))
        self._cache: dict[int, str] = {}
        self._parts: list[str] = []
        self._open = False
        self._phonetic = False
        self._size = 0

    @classmethod
    def read(cls, archive: zipfile.ZipFile, workbook: Workbook) -> Self:
        """All of a workbook's."""
        strings = cls()
        try:
            if workbook.strings is not None:
                _drain(archive, workbook.strings, strings)
        except BaseException:
            strings.close()
            raise
        return strings

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        del attributes
        if name == "t":
            self._open = not self._phonetic
        elif name == "si":
            self._parts.clear()
            self._size = 0
        elif name == "rPh":
            self._phonetic = True

    def text(self, data: str) -> None:
        """Text within an element."""
        if self._open:
            self._size += len(data)
            if self._size > LONGEST:
                raise Broken("damaged", f"a shared text is longer than {LONGEST} characters")
            self._parts.append(data)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "t":
            self._open = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            written = self._file.write("".join(self._parts).encode("utf-8", "surrogatepass"))
            self._ends.append(self._ends[-1] + written)

    def __getitem__(self, number: int) -> str:
        found = self._cache.get(number)
        if found is None:
            if not 0 <= number < len(self._ends) - 1:
                raise Broken("damaged", f"there is no shared text {number}")
            self._file.seek(self._ends[number])
            found = self._file.read(self._ends[number + 1] - self._ends[number]).decode("utf-8", "surrogatepass")
            if len(self._cache) >= CACHED:
                self._cache.clear()
            self._cache[number] = found
        return found
