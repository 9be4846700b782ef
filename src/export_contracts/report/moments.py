"""Moments and lengths of time, read and said."""

from __future__ import annotations

from datetime import datetime


def epoch(moment: str) -> float:
    """Seconds since 1970 of a moment in ISO 8601."""
    return datetime.fromisoformat(moment).timestamp()


def duration(seconds: float) -> str:
    """`0 s`, `250 ms`, `45 s`, `2 min 5 s`, `3 h`, `1 d 4 h`: at most two units."""
    if seconds < 1:
        return f"{round(seconds * 1000)} ms" if seconds else "0 s"
    whole, parts = round(seconds), []
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        count, whole = divmod(whole, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])
