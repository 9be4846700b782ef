"""Two shapes of the same vendor's traffic: each difference once, milder where the contract allows both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from export_contracts.drift.change import Change
from export_contracts.drift.declared import Declared
from export_contracts.model import Json

Shape = Mapping[str, Json]
PASSING: Final = frozenset({"408", "429"})
"""Statuses that come and go with the load, as those from 500 do."""


def compare(declared: Declared, before: Shape, after: Shape) -> tuple[Change, ...]:
    """Every difference, in the order of operations and paths."""
    found: list[Change] = []
    for name in sorted({*before["operations"], *after["operations"]}):
        old, new = before["operations"].get(name), after["operations"].get(name)
        if old is None or new is None:
            kind = "operation-new" if old is None else "operation-gone"
            found.append(Change("operation", kind, name, name, None if old is None else "asked", None))
            continue
        found += _operation(declared, name, old, new)
    for name in sorted({*before["objects"], *after["objects"]}):
        area = {"users": "object", "callback": "callback"}.get(name, "table")
        old, new = before["objects"].get(name), after["objects"].get(name)
        if old is None or new is None:
            found.append(Change(area, "new" if old is None else "gone", name, softened="compatible"))
        elif area == "table":  # no document says how tables are cut
            changed = paths(declared, "", area, old, new)
            found += [
                replace(one, at=f"{name.removeprefix('table ')} {one.at}", softened="compatible") for one in changed
            ]
        else:
            found += paths(declared, "", area, old, new)
    found += _limits(before, after)
    return tuple(one for one in dict.fromkeys(found) if not _is_sampling(one, before))


def _is_sampling(change: Change, before: Shape) -> bool:
    """Whether a list only happened to hold what the other traffic showed too, under the same name elsewhere.

    What items of a list are in at the moment when it is asked for (jobs that are PROCESSING, say) is a matter of time.
    """
    if change.kind != "enumeration-grew" or change.area != "response" or "[]" not in change.at:
        return False
    return {*(change.now or "").split(", ")} <= _shown(before, change.at.rpartition(".")[2])


def _shown(shape: Shape, member: str) -> set[str]:
    """Values that answers held in members of a name, in whichever operation."""
    answers = (answer for one in shape["operations"].values() for answer in one["answers"].values())
    trees = (answer["body"].items() for answer in answers if "body" in answer)
    found = (one.get("values", ()) for tree in trees for at, one in tree if at.rpartition(".")[2] == member)
    return {value for values in found for value in values if value != "(another)"}


def _operation(declared: Declared, name: str, old: Json, new: Json) -> Iterator[Change]:
    yield from _cases(declared, name, old["cases"], new["cases"])
    yield from (
        replace(one, softened="compatible") for one in paths(declared, name, "request", old["asked"], new["asked"])
    )
    for status in sorted({*old["answers"], *new["answers"]}):
        if status in old["answers"] and status in new["answers"]:
            yield from _answer(declared, name, status, old["answers"][status], new["answers"][status])


def _cases(
    declared: Declared, name: str, old: Mapping[str, list[str]], new: Mapping[str, list[str]]
) -> Iterator[Change]:
    """The same kind of request, answered otherwise. What comes with the load is no answer to a kind of request."""
    told: set[tuple[str, ...]] = set()
    for case in sorted(set(old) & set(new)):
        was, now = (sorted(_lasting(one[case])) for one in (old, new))
        grown, lost = [one for one in now if one not in was], [one for one in was if one not in now]
        if not grown or (key := (*grown, ">", *lost)) in told:
            continue
        told.add(key)
        yield _status(declared, name, was, grown, lost)


def _lasting(statuses: list[str]) -> list[str]:
    return [one for one in statuses if one not in PASSING and not one.startswith("5")]


def _status(declared: Declared, name: str, was: list[str], grown: list[str], lost: list[str]) -> Change:
    legal = all(declared.documented(name, one) for one in grown)
    alike = {one[0] for one in grown} <= {one[0] for one in was}
    change = Change("status", "status-new", grown[0], name, ", ".join(was) or None, ", ".join(grown))
    if legal and alike:
        return replace(change, kind="reading-changed")
    if lost:
        return replace(change, kind="status-changed")
    return replace(change, softened="compatible") if legal else change


def _answer(declared: Declared, name: str, status: str, old: Json, new: Json) -> Iterator[Change]:
    at = f"{status} "
    for header in old["headers"]:
        if header not in new["headers"]:
            kind = "presence-changed" if header in new["sometimes"] else "header-gone"
            softened = None if kind == "header-gone" and header.startswith("x-ratelimit") else "compatible"
            yield Change("header-of-answer", kind, at + header, name, "always", None, softened=softened)  # type: ignore[arg-type]  # a level
    for header in new["headers"]:
        if header not in old["headers"] and header not in old["sometimes"]:
            yield Change("header-of-answer", "header-new", at + header, name, None, "always")
    grown, lost = sorted(set(new["media"]) - set(old["media"])), sorted(set(old["media"]) - set(new["media"]))
    if grown:
        softened = None if lost else "compatible"
        was, now = ", ".join(old["media"]), ", ".join(grown)
        yield Change("media-type", "media-type-changed", at.strip(), name, was, now, softened=softened)  # type: ignore[arg-type]  # a level
    area = "response" if status.startswith("2") else "refusal"
    if "body" in old and "body" in new:
        for one in paths(declared, name, area, old["body"], new["body"]):
            yield replace(one, at=one.at if area == "response" else at + one.at)


def paths(declared: Declared, operation: str, area: str, old: Json, new: Json) -> Iterator[Change]:
    """Differences of two trees of paths; below something new or gone nothing is told again."""
    for at in sorted({*old, *new}):
        if at not in old or at not in new:
            side = new if at in new else old
            other = old if at in new else new
            if _parent(at) in side and _parent(at) not in other:
                continue
            yield _presence(declared, operation, area, at, old, new)
            continue
        yield from _same_path(declared, operation, area, at, old[at], new[at])


def _parent(at: str) -> str:
    above = at.rpartition(".")[0] if "." in at else ""
    return (at.removesuffix("[]") if at.endswith("[]") else above) or "."


def _presence(  # noqa: PLR0917 - both sides of one path
    declared: Declared, operation: str, area: str, at: str, old: Json, new: Json
) -> Change:
    entry = declared.get(operation, area, at)
    if at in new:
        now = ", ".join(new[at]["types"])
        return Change(area, "new" if entry else "undeclared", at, operation, None, now)
    was = ", ".join(old[at]["types"])
    needed = entry is not None and entry.need == "required" and old[at].get("always", True)
    return Change(area, "gone", at, operation, was, None, softened=None if needed else "compatible")


def _same_path(  # noqa: PLR0917 - both sides of one path
    declared: Declared, operation: str, area: str, at: str, old: Json, new: Json
) -> Iterator[Change]:
    entry = declared.get(operation, area, at)
    grown = set(new["types"]) - set(old["types"])
    if grown - ({"integer"} if "number" in old["types"] else set()):
        kind = "became-null" if grown == {"null"} else "type-changed"
        open_to_all = entry is None or not entry.types  # no document says what it is
        legal = open_to_all or (entry is not None and grown <= _allowed(entry.types))
        was, now = ", ".join(old["types"]), ", ".join(new["types"])
        yield Change(area, kind, at, operation, was, now, softened="compatible" if legal else None)
    if old.get("always") and new.get("always") is False and entry is not None and entry.need == "required":
        yield Change(area, "now-optional", at, operation, "always", "sometimes")
    values = set(new.get("values", ())) - set(old.get("values", ()))
    if values:
        softened = None if "(another)" in values else "compatible"
        yield Change(area, "enumeration-grew", at, operation, None, ", ".join(sorted(values)), softened=softened)  # type: ignore[arg-type]  # a level
    formats = (set(old.get("formats", ())), set(new.get("formats", ())))
    if all(formats) and not formats[0] & formats[1] and not values:
        was, now = (", ".join(sorted(one)) for one in formats)
        yield Change(area, "format-changed", at, operation, was, now, softened="compatible")


def _allowed(types: frozenset[str]) -> frozenset[str]:
    return types | {"integer"} if "number" in types else types


def _limits(before: Shape, after: Shape) -> Iterator[Change]:
    for name in sorted({*before["limits"], *after["limits"]}):
        old, new = before["limits"].get(name), after["limits"].get(name)
        if old and new and old != new:
            kind = "limit-lowered" if min(new) < min(old) else "limit-raised"
            yield Change("limit", kind, name, "", str(min(old)), str(min(new)))
