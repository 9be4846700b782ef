"""Checks of what becomes of files in own storage after they have come."""

from __future__ import annotations

from collections.abc import Iterator

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Finding, Kept, Where
from export_contracts.vendors.braze.exports import exports


@check("file_keeps_content")
def file_keeps_content(talk: Talk) -> Iterator[Evidence]:
    """No file in own storage is written over."""
    for one in (file for export in exports(talk) for file in export.files):
        at = Where(file=one.key)
        yield Kept(at) if one.changed is None else Finding(at, "the content it had before", "another")


@check("export_stays_whole")
def export_stays_whole(talk: Talk) -> Iterator[Evidence]:
    """No file of an export is taken from own storage again."""
    for one in (file for export in exports(talk) for file in export.files):
        at = Where(file=one.key)
        yield Kept(at) if one.gone is None else Finding(at, "there still", "gone")
