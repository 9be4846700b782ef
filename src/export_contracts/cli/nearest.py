"""Suggestions for what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """` Did you mean 'check'?`, beginning with a space, or nothing where nothing is near."""
    from difflib import get_close_matches

    lowered = {one.lower(): one for one in known}
    padded = re.sub(r"^([a-z]+)-?(\d{1,3})$", lambda id_: f"{id_[1]}-{id_[2]:0>3}", given.lower())  # brz14 is BRZ-014
    near = [padded] if padded in lowered else get_close_matches(given.lower(), lowered, n=1)
    return f" Did you mean {lowered[near[0]]!r}?" if near else ""
