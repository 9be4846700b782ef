"""The members of a zip archive that is to be written again with other contents: read whole, within bounds.

Delivered archives are judged by the readers of `files`, which stream; what is rewritten has to be at hand.
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Callable
from typing import Final

MOST: Final = 10_000
"""Members of an archive that is read."""
_READ: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The other methods are inflated in steps that no bound reaches."""
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, IndexError)

Members = list[tuple[zipfile.ZipInfo, bytes]]


class Damaged(Exception):
    """It is no archive that can be read."""


class Vast(Exception):
    """It holds more than is read."""


def members(body: bytes, largest: int) -> Members:
    """Each member with its bytes: at most `largest` in all, whatever its header says of its size."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            listed = archive.infolist()
            if len(listed) > MOST or sum(one.file_size for one in listed) > largest:
                raise Vast
            if any(one.compress_type not in _READ for one in listed):
                raise Damaged
            return [(one, _content(archive, one)) for one in listed]
    except _BROKEN:
        raise Damaged from None


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as member:
        return member.read(info.file_size)  # without a size, it would inflate all there is in one step


def rewritten(read: Members, change: Callable[[str, bytes], bytes]) -> bytes:
    """The archive with each member changed."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")  # a name that stands twice is kept twice
        for info, data in read:
            archive.writestr(info, change(info.filename, data))
    return out.getvalue()
