"""Names put in order in bounded memory: few are sorted here, many in parts on disk which are then merged."""

from __future__ import annotations

import heapq
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import BinaryIO, Final, cast

MOST: Final = 50_000
"""Names sorted at once; about 5 MB."""
END: Final = b"\0"
"""What no name holds."""
STEP: Final = 64 * 1024


def in_order(names: Iterable[str]) -> Iterator[str]:
    """Every name, the smallest first."""
    rest = iter(names)
    part = sorted(islice(rest, MOST))
    if len(part) < MOST:
        yield from part
        return
    with ExitStack() as stack:
        parts: list[Iterator[str]] = []
        while part:
            file = cast("BinaryIO", stack.enter_context(tempfile.TemporaryFile(prefix="export-contracts-")))
            file.writelines(os.fsencode(one) + END for one in part)
            file.seek(0)
            parts.append(_read(file))
            part = sorted(islice(rest, MOST))
        yield from heapq.merge(*parts)


def _read(file: BinaryIO) -> Iterator[str]:
    held = b""
    while part := file.read(STEP):
        *whole, held = (held + part).split(END)
        yield from map(os.fsdecode, whole)
