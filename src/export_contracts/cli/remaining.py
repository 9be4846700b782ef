"""How far `verify` is, how fast, and how long it will take: by bytes, which files of any size have. Prints nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from export_contracts.verify.progress import Done

SOON: Final = 1.0
"""Seconds before which a rate says nothing."""
UNITS: Final = ("kB", "MB", "GB", "TB")


def telling(say: Callable[[str], None], now: Callable[[], float]) -> Callable[[Done], None]:
    """Has every `Done` said in one line; `now` tells seconds."""
    began: list[tuple[float, int]] = []

    def tell(done: Done) -> None:
        if done.step:
            say(done.step)
            return
        if not began:
            began.append((now(), done.size))
        since, before = began[0]
        passed = now() - since
        parts = [f"{done.files:,} of {done.of_files:,} files", f"{_size(done.size)} of {_size(done.of_size)}"]
        if done.rows:
            parts.append(f"{done.rows:,} users")
        # What an interrupted run had done says nothing of this one's rate.
        size = done.size - before
        if passed > SOON and size > 0:
            parts.append(
                f"{done.rows / passed:,.0f} users a second" if done.rows else f"{_size(size / passed)} a second"
            )
            parts.append(f"{_duration((done.of_size - done.size) * passed / size)} left")
        say(", ".join(parts))

    return tell


def _size(count: float) -> str:
    unit = "bytes"
    for larger in UNITS:
        if count < 1000:
            break
        count, unit = count / 1000, larger
    return f"{count:.0f} {unit}" if unit == "bytes" or count >= 100 else f"{count:.1f} {unit}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
