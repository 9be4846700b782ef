"""One place of a publication against the promises it talks about: names, types, needs, enumerations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from export_contracts.drift.change import Change
from export_contracts.drift.placing import Spot
from export_contracts.drift.promises import Group, Promise
from export_contracts.drift.said import Entry, Place


@dataclass(frozen=True)
class Said:
    """What the rest of the page says: needs that it confirms, and names, which are no values of an enumeration."""

    confirmed: set[tuple[Group, str, str]]
    names: frozenset[str]


def under(where: Spot, at: str) -> str:
    """A path of a place as one of its group."""
    return f"{where.root}.{at}" if where.root else at


def compare(place: Place, where: Spot, promises: Sequence[Promise], said: Said) -> Iterator[Change]:
    """Every difference of a place; what a sample leaves out is none."""
    known = {one.at: one for one in promises}
    entries = {under(where, one.at): one for one in place.entries}
    listed = dict(_listed_values(entries, known)) if place.kind == "members" else {}
    for above, words in listed.items():
        yield from _enumeration(place, where, known[above], Entry(above, words=words), said.names)
    for at, entry in entries.items():
        promise = known.get(at)
        if promise is None and (at.rpartition(".")[0] in listed or (place.kind == "members" and _adrift(at, known))):
            continue
        if promise is None:
            if not _parent_among(at, set(entries) - set(known)) and not _open(at, known) and not _scalar(at, known):
                kind = "new-required" if entry.need == "required" else "new"
                yield _change(where, kind, at, None, _told(entry), place)
        else:
            yield from _entry(place, where, promise, entry, said)
    if place.kind == "members":
        yield from _gone_members(place, where, known, set(entries))
    elif place.whole or (where.group.sampled and place.kind == "sample"):
        yield from _gone(place, where, known, set(entries))


def _adrift(at: str, known: Mapping[str, Promise]) -> bool:
    """Whether nothing is known that it could be a member of: that this is new is told where it stands itself."""
    above = at.rpartition(".")[0]
    return not any(one == above or one.startswith(f"{above}.") or f"{one}[]" == above for one in known)


def _listed_values(entries: Mapping[str, Entry], known: Mapping[str, Promise]) -> Iterator[tuple[str, frozenset[str]]]:
    """What a cell lists below something that the contract enumerates: values, and no members."""
    for above in dict.fromkeys(at.rpartition(".")[0] for at in entries if at not in known):
        promise = known.get(above)
        words = frozenset(at.removeprefix(f"{above}.") for at in entries if at.rpartition(".")[0] == above)
        if promise is not None and words & promise.enum:
            yield above, words


def _gone_members(place: Place, where: Spot, known: Mapping[str, Promise], printed: set[str]) -> Iterator[Change]:
    above = {at.rpartition(".")[0] for at in printed}
    for at, promise in known.items():
        if promise.listed and at not in printed and at.rpartition(".")[0] in above:
            yield _change(where, "gone", at, _promised(promise), None, place)


def _gone(place: Place, where: Spot, known: Mapping[str, Promise], printed: set[str]) -> Iterator[Change]:
    nested = place.kind not in {"table", "list"} or any("." in one.at for one in place.entries)
    missing = set()
    for at, promise in known.items():
        inside = at.removeprefix(f"{where.root}.") if where.root else at
        if (where.root and inside == at) or (not nested and "." in inside) or promise.rare:
            continue
        if at not in printed:
            missing.add(at)
    for at in sorted(missing):
        if not _parent_among(at, missing):
            yield _change(where, "gone", at, _promised(known[at]), None, place)


def _parent_among(at: str, others: set[str]) -> bool:
    parts = at.split(".")
    return any(
        one in others
        for number in range(1, len(parts))
        for one in (".".join(parts[:number]), ".".join(parts[:number]).removesuffix("[]"))
    )


def _open(at: str, known: Mapping[str, Promise]) -> bool:
    """Whether it lies in an object whose names are the client's own (`segment_discriminators.women`)."""
    parts = at.split(".")
    return any("*" in known[one].enum for n in range(1, len(parts)) if (one := ".".join(parts[:n])) in known)


def _scalar(at: str, known: Mapping[str, Promise]) -> bool:
    """Whether it lies below something that has no members: that this changed its type is told already."""
    parts = at.split(".")
    above = [known[one] for n in range(1, len(parts)) if (one := ".".join(parts[:n])) in known]
    return any(one.types and not one.types & {"object", "array"} for one in above)


def _entry(place: Place, where: Spot, promise: Promise, entry: Entry, said: Said) -> Iterator[Change]:
    if place.kind == "sample":
        yield from _sample(place, where, promise, entry)
        return
    yield from _types(place, where, promise, entry)
    if (
        entry.need
        and entry.need != promise.need
        and not (place.kind == "members" and not promise.listed)
        and not _same_need(where, promise, entry, said, machine=place.kind in {"schema", "excerpt"})
    ):
        kind = {"required": "now-required", "optional": "now-optional"}.get(entry.need, "need-changed")
        yield _change(where, kind, promise.at, promise.need or "not said", entry.need, place)
    if entry.retired:
        yield _change(where, "deprecated", promise.at, None, "deprecated", place)
    if entry.silent and promise.need and not promise.rare:
        yield _change(where, "need-changed", promise.at, promise.need, "not said", place)
    yield from _enumeration(place, where, promise, entry, said.names)


def _same_need(where: Spot, promise: Promise, entry: Entry, said: Said, *, machine: bool) -> bool:
    if promise.need is None:
        return entry.need == "optional"
    if entry.need == "conditional" and promise.starred:
        return True
    if promise.need == "conditional" and machine:  # no schema of OpenAPI can say it
        return True
    return entry.need == "conditional" and (where.group, promise.at, promise.need) in said.confirmed


def _types(place: Place, where: Spot, promise: Promise, entry: Entry) -> Iterator[Change]:
    if entry.types and promise.types and not entry.types <= promise.types:
        extra = entry.types - promise.types
        kind = "became-null" if extra == {"null"} and len(entry.types) > 1 else "type-changed"
        yield _change(where, kind, promise.at, _listed(promise.types), _listed(entry.types), place)
    elif entry.items and promise.items and not entry.items <= promise.items:
        was, now = (f"array of {_listed(one.items)}" for one in (promise, entry))
        yield _change(where, "type-changed", promise.at, was, now, place)


def _sample(place: Place, where: Spot, promise: Promise, entry: Entry) -> Iterator[Change]:
    """A value that no type of the promise allows (a number may be whole), or a word that its enumeration lacks."""
    if promise.rare:
        return
    allowed = promise.types | ({"integer"} if "number" in promise.types else set())
    if entry.types and allowed and not entry.types & (allowed | {"null"}):
        yield _change(where, "type-changed", promise.at, _listed(promise.types), _listed(entry.types), place)
    elif promise.enum and "*" not in promise.enum and (more := entry.words - promise.enum):
        yield _change(where, "enumeration-grew", promise.at, None, _listed(more), place)


def _enumeration(place: Place, where: Spot, promise: Promise, entry: Entry, names: frozenset[str]) -> Iterator[Change]:
    words = entry.words if entry.certain else frozenset(one for one in entry.words if one.lower() not in names)
    if not words or not promise.enum or "*" in promise.enum:
        return
    if not entry.certain and (len(words) < 2 or not words & promise.enum):
        return
    if more := words - promise.enum:
        yield _change(where, "enumeration-grew", promise.at, None, _listed(more), place)
    if less := promise.enum - words:
        yield _change(where, "enumeration-shrank", promise.at, _listed(less), None, place)


def _change(  # noqa: PLR0917 - was and now are told apart by their order, as everywhere
    where: Spot, kind: str, at: str, was: str | None, now: str | None, place: Place
) -> Change:
    return Change(where.group.area, kind, at, where.group.operation, was, now, place.where)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _told(entry: Entry) -> str:
    said = [*([entry.need] if entry.need else []), *([_listed(entry.types)] if entry.types else [])]
    return ", ".join(said) or "present"


def _promised(promise: Promise) -> str:
    said = [*([promise.need] if promise.need else []), *([_listed(promise.types)] if promise.types else [])]
    return ", ".join(said) or "present"
