"""Remembers that the user pressed Ctrl-C, even where a library in between swallowed the exception."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Interruption:
    """`seen` once SIGINT has come."""

    seen: bool = False


@contextmanager
def watched() -> Iterator[Interruption]:
    """KeyboardInterrupt is raised as ever, and remembered: a run that was interrupted is never a whole one."""
    interruption = Interruption()

    def stop(_number: int, _frame: object) -> None:
        interruption.seen = True
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:  # not in the main thread, where no signal arrives
        yield interruption
        return
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, before)
