"""Which well-known form a text has, in place of the text itself."""

from __future__ import annotations

import re
from typing import Final

_FORMS: Final = (
    ("uuid", re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")),
    ("date-time", re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d.*")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("digits", re.compile(r"-?\d+")),
    ("url", re.compile(r"https?://.*", re.DOTALL)),
    ("path", re.compile(r"/.*", re.DOTALL)),
    ("blank", re.compile(r"\s*")),
)


def form(text: str) -> str:
    """`uuid`, `date-time`, `date`, `digits`, `url`, `path`, `blank` or `text`."""
    return next((name for name, one in _FORMS if one.fullmatch(text)), "text")
