"""Part of a document as it stood in a month: members with `x-since` and `x-until`, words by `x-dates`. Reads no files.

A published schema is the union over all editions; only a contract of a date leaves out what that date did not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from export_contracts.model import Json

_SINCE: Final = "x-since"
_UNTIL: Final = "x-until"
_DATES: Final = "x-dates"
_WORDS: Final = ("enum", "required", "type")


def as_of(value: Json, month: str) -> Json:
    """`value` without members, items of lists and enumerated values that the month (`YYYY-MM`) did not have.

    `x-dates` dates words of the `enum`, the `required` or the `type` beside it. A required member that is left out is
    required no more.
    """
    if isinstance(value, list):
        return [as_of(one, month) for one in value if _stands(one, month)]
    if not isinstance(value, Mapping):
        return value
    kept = {key: as_of(one, month) for key, one in value.items() if _stands(one, month)}
    dates = kept.get(_DATES)
    if isinstance(dates, Mapping):
        for name in (one for one in _WORDS if isinstance(kept.get(one), list)):
            kept[name] = [one for one in kept[name] if holds(dates.get(str(one)), month)]
    required, properties = kept.get("required"), value.get("properties")
    if isinstance(required, list) and isinstance(properties, Mapping):
        kept["required"] = [one for one in required if one not in properties or one in kept["properties"]]
    return kept


def holds(dates: Json, month: str) -> bool:
    """Whether `{since?, until?}` covers a month; what has no dates holds always."""
    if not isinstance(dates, Mapping):
        return True
    since, until = dates.get("since") or "", dates.get("until")
    return str(since) <= month and (until is None or month < str(until))


def _stands(one: Json, month: str) -> bool:
    if not isinstance(one, Mapping) or not (_SINCE in one or _UNTIL in one):
        return True
    return holds({"since": one.get(_SINCE), "until": one.get(_UNTIL)}, month)
