"""Names of what stands in a path: no client sends them, so that another name alone breaks nobody."""

from __future__ import annotations

from collections.abc import Sequence

from export_contracts.drift.change import Change


def renamed(changes: Sequence[Change]) -> list[Change]:
    """The changes, with the one name of an operation's path that took another's place told as one."""
    kept = list(changes)
    for operation in dict.fromkeys(one.operation for one in changes if one.area == "path"):
        mine = [one for one in changes if one.area == "path" and one.operation == operation]
        gone = [one for one in mine if one.kind == "gone"]
        new = [one for one in mine if one.kind in {"new", "new-required"}]
        if len(gone) == len(new) == 1:
            told = Change("path", "placeholder-renamed", gone[0].at, operation, gone[0].at, new[0].at, new[0].where)
            kept = [told if one is gone[0] else one for one in kept if one is not new[0]]
    return kept
