"""A folder that a run has for itself and that goes with it, however it ends: a copy of standard input lies there."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from export_contracts.errors import UsageError
from export_contracts.verify.disk_errors import explained


@contextlib.contextmanager
def folder(place: Path) -> Iterator[Path]:
    """The folder; `UsageError` while another run has it, for the two would take each other's journal for their own."""
    with explained(place):
        place.mkdir(parents=True, exist_ok=True)
        lock = (place / "lock").open("wb")
    with lock:
        _hold(lock, place)
        _locks.append(lock)
        try:
            yield place
        finally:
            _locks.remove(lock)
            shutil.rmtree(place, ignore_errors=True)


_locks: list[BinaryIO] = []


def _let_go() -> None:
    """In a process that was forked: the lock is not its own, and would outlive the run that has it."""
    for one in _locks:
        one.close()
    _locks.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def _hold(lock: BinaryIO, place: Path) -> None:
    try:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(
            f"Another run is at work in {place.parent}.", hint="Wait for it, or name another place with --report."
        ) from None
    except (ImportError, OSError):
        return  # neither every system nor every file system has such locks
