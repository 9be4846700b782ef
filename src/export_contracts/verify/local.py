"""Delivered files on this machine: folders and single files. Lists and opens; looks into none of them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from export_contracts.checks.delivered import Named
from export_contracts.errors import UnreachableError
from export_contracts.verify.external_sort import in_order
from export_contracts.verify.storage import UNFINISHED, Skipped

OURS: Final = ("results.json", "report.html", "junit.xml", "summary.md", "verified-files.", "verify-journal")
"""Beginnings of the names of all that a run puts into the folder of its report."""
RESULTS: Final = b"export-contracts/results/"
"""What results documents have within their first `HEAD` bytes."""
HEAD: Final = 200
JOURNALS: Final = {"verify-journal": "journal.ndjson", "verify-journal-input": "lock"}
"""Folders of a run, each with a file that it holds."""


@dataclass(frozen=True)
class FilePlace:
    """One file."""

    path: Path
    shown: str

    def files(self, skipped: Skipped) -> Iterator[Named]:  # noqa: ARG002 - the protocol's signature
        """The file itself."""
        found = self.path.stat()
        yield Named(self.shown, self.path.as_posix(), found.st_size, found.st_mtime)

    def open(self, named: Named) -> BinaryIO:  # noqa: ARG002 - there is only one
        """Open it."""
        return self.path.open("rb")


@dataclass(frozen=True)
class FolderPlace:
    """A folder with all that lies beneath it; no link is followed. `own` is the folder of this run's report."""

    root: Path
    before: str = ""
    own: str = ""

    def files(self, skipped: Skipped) -> Iterator[Named]:
        """Files folder by folder, each in the order of names; hidden, linked, special and unfinished ones are left out.

        However many there are in a folder, their names do not all lie in memory.
        """
        start = len(self.root.as_posix().rstrip("/")) + 1
        waiting = [iter((self.root.as_posix(),))]
        while waiting:
            folder = next(waiting[-1], None)
            if folder is None:
                waiting.pop()
                continue
            for name in in_order(_names(folder, skipped, self.own, folders=False)):
                path = f"{folder.rstrip('/')}/{name}"
                with contextlib.suppress(FileNotFoundError):
                    found = os.lstat(path)
                    yield Named(self.before + path[start:], path, found.st_size, found.st_mtime)
            waiting.append(_inner(folder, skipped, self.own))

    def open(self, named: Named) -> BinaryIO:
        """Open it."""
        return Path(named.path).open("rb")


def _inner(folder: str, skipped: Skipped, own: str) -> Iterator[str]:
    for name in in_order(_names(folder, skipped, own, folders=True)):
        yield f"{folder.rstrip('/')}/{name}"


def _names(folder: str, skipped: Skipped, own: str, *, folders: bool) -> Iterator[str]:
    """Names of files to read in a folder, or of folders in it; none of what runs of ours have put there."""
    try:
        reported = _holds_report(folder)
        with os.scandir(folder) as entries:
            for one in entries:
                if own in {folder, f"{folder.rstrip('/')}/{one.name}"} and (folder != own or one.name.startswith(OURS)):
                    continue
                if one.is_dir(follow_symlinks=False):
                    if folders and not one.name.startswith(".") and not _is_journal(folder, one.name):
                        yield one.name
                    continue
                reason = "of an earlier report" if reported and one.name.startswith(OURS) else _left_out(one)
                if reason is not None:
                    skipped.add(reason) if not folders else None
                elif not folders:
                    yield one.name
    except OSError as error:
        raise UnreachableError(f"{error.filename or folder} cannot be listed: {error.strerror}.") from None


def _holds_report(folder: str) -> bool:
    """Whether a command of ours has put its report there, another time."""
    try:
        with Path(folder, "results.json").open("rb") as file:
            return RESULTS in file.read(HEAD)
    except OSError:
        return False


def _is_journal(folder: str, name: str) -> bool:
    """Whether a run that was interrupted has left this folder."""
    sign = JOURNALS.get(name)
    return sign is not None and Path(folder, name, sign).is_file()


def _left_out(entry: os.DirEntry[str]) -> str | None:
    if entry.name.startswith("."):
        return "hidden"
    if entry.is_symlink():
        return "links are not followed"
    if not entry.is_file(follow_symlinks=False):
        return "no regular file"
    return "the name says that it is unfinished" if entry.name.endswith(UNFINISHED) else None
