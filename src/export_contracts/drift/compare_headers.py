"""Headers of a collection's requests against one another: one that a single request lacks is gone from it.

A collection may leave headers to its settings, and older ones lack some altogether; then all requests do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from export_contracts.drift.change import Change
from export_contracts.drift.promises import Group, Promise
from export_contracts.drift.said import Operation, Publication

FEWEST: Final = 3
"""Requests of the contract that a collection has, before one is measured by the others."""


def left_out(
    page: Publication, every: Mapping[Group, Sequence[Promise]], operations: Mapping[str, Operation]
) -> Iterator[Change]:
    """Required headers that every request of the contract sends but one."""
    sent: dict[Operation, set[str]] = defaultdict(set)
    for place in page.places:
        if place.area == "header" and place.operation is not None and place.operation in operations.values():
            sent[place.operation] |= {one.at.lower() for one in place.entries}
    if page.form != "postman" or len(sent) < FEWEST:
        return
    for group, many in every.items():
        own = operations.get(group.operation)
        if group.area != "header" or own is None or own not in sent:
            continue
        others = [names for key, names in sent.items() if key != own]
        for name in dict.fromkeys(one.at for one in many if one.need == "required"):
            if name.lower() not in sent[own] and all(name.lower() in names for names in others):
                yield Change(group.area, "gone", name, group.operation, "required", None, f"headers of {' '.join(own)}")
