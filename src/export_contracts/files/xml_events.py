"""Members of an archive as XML events, in steps. No document type is ever read, so that no entity is either."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Final
from xml.parsers import expat

from isal import isal_zlib

from export_contracts.files.problem import Problem

STEP: Final = 64 * 1024


class Broken(Exception):
    """The workbook cannot be read on."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(code, message)


class Events:
    """What is told of each element, by its name without a prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text within an element."""


def parse(archive: zipfile.ZipFile, member: str, events: Events) -> Iterator[None]:
    """Tell the events of a member; pauses after each step, so that what was gathered can be taken."""
    with opened(archive, member) as stream:
        yield from parse_parts(iter(lambda: stream.read(STEP), b""), events)


def opened(archive: zipfile.ZipFile, member: str) -> IO[bytes]:
    """A member to be read from its beginning."""
    stream = archive.open(member)
    if archive.getinfo(member).compress_type == zipfile.ZIP_DEFLATED:
        # As in `zip_members`: the standard reader has no door for another inflater.
        stream._decompressor = isal_zlib.decompressobj(-15)  # type: ignore[attr-defined] # noqa: SLF001
    return stream


def parse_parts(parts: Iterable[bytes], events: Events) -> Iterator[None]:
    """Tell the events of a document that comes in parts, pausing after each."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: events.start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: events.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = events.text
    for part in parts:
        parser.Parse(part, False)
        yield
    parser.Parse(b"", True)
    yield


def _refuse(*_: object) -> None:
    raise Broken("doctype", "the workbook's XML has a document type, which no workbook has")
