"""Whether a publication is about the contract's operations at all. Compares nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from export_contracts.drift.promises import Group, Promise
from export_contracts.drift.said import Publication
from export_contracts.drift.whose import Settled

NOTHING: Final = "nothing in it is about the operations of the contract; it is another page, or one that cannot be read"
FEWEST: Final = 2
"""Names of the contract's own making that make a page one about it, where it prints none of its paths."""
_COINED: Final = re.compile(r"[a-z]+(?:_[a-z]+|[A-Z][a-z]+)\w*")


def is_about(page: Publication, every: Mapping[Group, Sequence[Promise]], settled: Settled) -> bool:
    """Whether it prints a path of the contract as it is, or names that hardly anybody else has."""
    moved = {one.operation for one in settled.changes}
    if settled.found - moved:
        return True
    areas = {"request", "query", "path", "response", "header"}
    names = {one.at.rpartition(".")[2] for group, many in every.items() if group.area in areas for one in many}
    words = {part for place in page.places for one in place.entries for part in re.split(r"\.|\[\]\.?", one.at)}
    words |= set(re.findall(r"[A-Za-z_]\w*", page.text))
    return len({one for one in names if _COINED.fullmatch(one)} & words) >= FEWEST
