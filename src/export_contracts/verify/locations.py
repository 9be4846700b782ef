"""From a location as it is written on the command line to the place that it names. Lists nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from export_contracts.errors import UnreachableError, UsageError
from export_contracts.verify.disk_errors import explained
from export_contracts.verify.local import FilePlace, FolderPlace
from export_contracts.verify.storage import Place

AZURE: Final = frozenset({"az", "azure", "abfs", "abfss", "wasb", "wasbs"})
"""Schemes of addresses in Azure; https may be one too."""


def public(location: str) -> str:
    """A location as it may be shown: without the signature that an address may carry. Keys of S3 may hold anything."""
    if "://" not in location or location.startswith(("s3://", "file://")):
        return location
    return location.partition("?")[0].partition("#")[0]


def open_places(locations: Sequence[str], scratch: Path) -> list[Place]:
    """A place for each location; `-` is standard input, which is copied into `scratch` first."""
    if locations.count("-") > 1:
        raise UsageError("Standard input can be named once.")
    return [_place(one, scratch, alone=len(locations) == 1) for one in locations]


def _place(location: str, scratch: Path, *, alone: bool) -> Place:
    if location == "-":
        return _standard_input(scratch)
    if "://" in location and not location.startswith("file://"):
        return _remote(location)
    path = Path(location.removeprefix("file://"))
    try:
        resolved = path.resolve(strict=True)
    except FileNotFoundError:
        raise UsageError(
            f"{location} does not exist.", hint="Name a folder, a file, or - for standard input."
        ) from None
    except (OSError, RuntimeError) as error:
        raise UnreachableError(f"{location} cannot be reached: {getattr(error, 'strerror', None) or error}.") from None
    if resolved.is_dir():
        own = scratch.parent.resolve().as_posix()
        return FolderPlace(resolved, "" if alone else location.rstrip("/") + "/", own)
    if not resolved.is_file():
        raise UsageError(f"{location} is neither a folder nor a regular file.", hint="For a pipe, write - .")
    return FilePlace(resolved, path.as_posix())


def _remote(location: str) -> Place:
    split = urlsplit(location)
    if split.scheme == "s3" and split.netloc:
        from export_contracts.verify import s3

        return s3.open_s3(location)
    if split.scheme in AZURE or (split.scheme in {"http", "https"} and _is_azure(split.hostname or "")):
        from export_contracts.verify import azure

        return azure.open_azure(location)
    raise UsageError(
        f"The address {location.partition('?')[0]} is not understood.",
        hint="Write s3://bucket/prefix, az://container/prefix, or a path.",
    )


def _is_azure(host: str) -> bool:
    return ".blob." in host or ".dfs." in host


def _standard_input(scratch: Path) -> Place:
    """Archives are read from their end, so that what comes through a pipe has to be put down first."""
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("Nothing comes through standard input.", hint="Write … | export-contracts verify VENDOR -")
    path = scratch / "stdin"
    with explained(scratch), path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file, 1024 * 1024)
    return FilePlace(path, "stdin")
