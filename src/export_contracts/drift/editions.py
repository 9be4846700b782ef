"""Contract against contract by date: what one month's edition promises and another's does not. Opens nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from export_contracts.catalogue.contract import Contract
from export_contracts.drift import knowledge
from export_contracts.drift.change import Change, Level
from export_contracts.drift.promises import Group, Promise, of
from export_contracts.drift.report import Report
from export_contracts.model import Json

MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
Key = tuple[Group, str]


def is_month(text: str) -> bool:
    """Whether a side is an edition and no file."""
    return MONTH.fullmatch(text) is not None


def between(contract: Contract, before: str, after: str, *, fail_on: str) -> Report:
    """What changed from one month's edition to another's: promises, then clauses."""
    promises = of(contract)
    old, new = _at(promises, before), _at(promises, after)
    changes = [one for key in dict.fromkeys((*old, *new)) for one in _promise(key, old.get(key), new.get(key))]
    changes = list(_replaced(changes))
    changes = [one.touching(knowledge.touched(contract, one.operation, one.area, one.at)) for one in changes]
    changes += _clauses(contract, before, after)
    name = contract.manifest.slug
    return Report(name, f"contract as of {before}", f"contract as of {after}", tuple(changes), (), fail_on)


def _at(promises: Iterable[Promise], month: str) -> dict[Key, Promise]:
    return {(one.group, one.at): one for one in promises if one.holds(month)}


def _promise(key: Key, old: Promise | None, new: Promise | None) -> Iterator[Change]:
    group, at = key
    where = "/".join(sorted(group.forms))
    if old is None or new is None:
        one = old or new
        if one is not None:
            kind = _kind(group, "new" if old is None else "gone", one)
            told = str(one.value) if one.value is not None else ", ".join(sorted(one.types)) or "present"
            yield Change(
                group.area,
                kind,
                at,
                group.operation,
                None if old is None else told,
                None if new is None else told,
                where,
            )
        return
    if old.types != new.types or old.items != new.items:
        types = ", ".join(sorted(old.types)), ", ".join(sorted(new.types))
        kind = "became-null" if new.types - old.types == {"null"} else "type-changed"
        yield Change(group.area, kind, at, group.operation, *types, where)
    if old.need != new.need:
        kind = {"required": "now-required", "optional": "now-optional"}.get(new.need or "", "need-changed")
        yield Change(group.area, kind, at, group.operation, old.need, new.need, where)
    if more := new.enum - old.enum:
        yield Change(group.area, "enumeration-grew", at, group.operation, None, ", ".join(sorted(more)), where)
    if less := old.enum - new.enum:
        yield Change(group.area, "enumeration-shrank", at, group.operation, ", ".join(sorted(less)), None, where)
    if old.value != new.value:
        yield Change(
            group.area, _limit(old.value, new.value), at, group.operation, str(old.value), str(new.value), where
        )


def _replaced(changes: list[Change]) -> Iterator[Change]:
    """A status that took another's place is one change."""
    gone, new = ([one for one in changes if one.kind == kind] for kind in ("status-gone", "status-new"))
    for one in changes:
        pair = [[other for other in many if other.operation == one.operation] for many in (gone, new)]
        if one.area != "status" or not all(len(many) == 1 for many in pair):
            yield one
        elif one is pair[0][0]:
            yield Change("status", "status-changed", one.at, one.operation, one.at, pair[1][0].at, one.where)


def _kind(group: Group, kind: str, one: Promise) -> str:
    if group.area in {"status", "limit"}:
        return f"{group.area}-{kind}"
    return "new-required" if kind == "new" and one.need == "required" else kind


def _limit(old: Json, new: Json) -> str:
    if isinstance(old, int) and isinstance(new, int):
        return "limit-lowered" if new < old else "limit-raised"
    return "wording-changed"


def _clauses(contract: Contract, before: str, after: str) -> Iterator[Change]:
    for one in contract.clauses:
        was, now = (one.since or "") <= before, (one.since or "") <= after
        was, now = (held and (one.until is None or month < one.until) for held, month in ((was, before), (now, after)))
        if was == now:
            continue
        kind = "clause-new" if now else "clause-ended"
        area = "clause" if one.party == "provider" else "clause-of-clients"
        harsh: Level = "breaking-for-providers" if one.party == "provider" else "breaking-for-consumers"
        level: Level = harsh if now and one.level == "must" else "compatible"
        before_it, after_it = (None, "in force") if now else ("in force", None)
        yield Change(area, kind, one.id, "", before_it, after_it, one.title, (one.id,), level)


def editions(contract: Contract) -> tuple[str, ...]:
    """The months in which a promise or clause begins or ends, oldest first."""
    dates = {one for promise in of(contract) for one in (promise.since, promise.until)}
    dates |= {one for clause in contract.clauses for one in (clause.since, clause.until)}
    return tuple(sorted(one for one in dates if one))
