"""Which parts of a publication are about the contract's operations: as they are, moved elsewhere, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from export_contracts.drift.change import Change
from export_contracts.drift.said import Operation, Publication, Unread

ALIKE: Final = 0.8
"""Share of an operation's names that the contract has to know before another path counts as its new one."""
_TOLD: Final = frozenset({"query", "request", "response"})


@dataclass(frozen=True)
class Settled:
    """The publication with the contract's own operations in it, and what came out on the way."""

    page: Publication
    changes: tuple[Change, ...]
    unread: tuple[Unread, ...]
    found: frozenset[str]
    """Ids of the operations that the publication has."""


def settle(
    page: Publication,
    operations: Mapping[str, Operation],
    names: Mapping[str, frozenset[str]],
    expected: frozenset[str],
) -> Settled:
    """Sort a publication's operations. `names`: what the contract names by id; `expected`: whose path is looked for."""
    printed = tuple(dict.fromkeys(_printed(page)))
    known = {one: match for one in printed if (match := _known(one, operations))}
    changes: list[Change] = []
    taken = set(known.values())
    for name in operations:
        if name not in expected:
            continue
        free = [one for one in printed if one not in known]
        if name in taken:  # printed as it was in one place, and with a segment more in front in another
            free = [one for one in free if one[0] == operations[name][0] and _longer(one, operations[name])]
        moved = next((one for one in free if _moved(page, one, operations[name], names[name])), None)
        if moved is not None:
            known[moved] = name
            changes.append(_path(name, operations[name], moved))
    sorted_out = bool(known) or page.form in {"openapi", "postman"}
    foreign = [one for one in printed if one not in known and one[0]] if sorted_out else []
    keys = {one: operations[name] for one, name in known.items()}
    kept = _kept(page, keys, frozenset(foreign))
    return Settled(kept, tuple(changes), _others(page, foreign), frozenset(known.values()))


def _printed(page: Publication) -> Iterable[Operation]:
    yield from page.operations
    yield from (one.operation for one in page.places if one.operation)
    yield from (one for one, _, _ in page.statuses if one)
    yield from (one for one, _ in page.passages if one)


def _known(printed: Operation, operations: Mapping[str, Operation]) -> str | None:
    """The id of the operation that this is; a path without a method counts where only one operation has it."""
    fits = [name for name, one in operations.items() if printed[0] in {"", one[0]} and same_path(printed[1], one[1])]
    return fits[0] if len(fits) == 1 or (fits and printed[0]) else None


def same_path(printed: str, known: str) -> bool:
    """Whether both are one path: hosts, a base path left out and names of path parameters do not count."""
    one, other = re.sub(r"^(?:\{\}/)+", "", shape(printed)), shape(known)
    return bool(one) and (other == one or other.endswith(f"/{one}"))


def shape(path: str) -> str:
    """A path with `{}` for every parameter and without its host."""
    path = re.sub(r"^https?://[^/]+|^/?\{\{[^}]+\}\}", "", path).split("?")[0]
    return re.sub(r"(?<!\{)\{++[^{}]*+\}++|:[A-Za-z]\w*", "{}", path).strip("/")


def _moved(page: Publication, printed: Operation, known: Operation, names: frozenset[str]) -> bool:
    """Whether a printed operation is a known one with another method, one other segment, or a segment more in front."""
    alike = same_path(printed[1], known[1])
    if not alike and (printed[0] not in {"", known[0]} or not _near(shape(printed[1]), shape(known[1]))):
        return False
    told = {part for place in page.places if place.operation == printed and (place.area or "") in _TOLD
            for one in place.entries for part in re.split(r"\.|\[\]\.?", one.at) if part}  # fmt: skip
    if page.form not in {"openapi", "postman"}:
        return True
    return len(told & names) >= ALIKE * len(told) if told else alike or len(page.operations) == 1


def _longer(printed: Operation, known: Operation) -> bool:
    return shape(printed[1]).endswith(f"/{shape(known[1])}")


def _near(one: str, other: str) -> bool:
    if one.endswith(f"/{other}"):
        return True
    ours, theirs = one.split("/"), other.split("/")
    size = min(len(ours), len(theirs))
    pairs = list(zip(ours[-size:], theirs[-size:], strict=True))
    common = [a for a, b in pairs if a == b]
    return len(common) == size - 1 and any(one != "{}" for one in common)


def _path(name: str, known: Operation, printed: Operation) -> Change:
    if printed[0] and printed[0] != known[0]:
        return Change("path", "method-changed", known[1], name, known[0], printed[0], "the operations")
    return Change("path", "path-changed", known[1], name, known[1], printed[1], "the operations")


def _kept(page: Publication, keys: Mapping[Operation, Operation], foreign: frozenset[Operation]) -> Publication:
    """Without the parts on other operations; what stays bears the contract's own method and path."""
    return replace(
        page,
        places=tuple(
            replace(one, operation=keys.get(one.operation)) if one.operation else one
            for one in page.places
            if one.operation not in foreign
        ),
        statuses=tuple(
            (keys.get(one) if one else None, status, where)
            for one, status, where in page.statuses
            if one not in foreign
        ),
        passages=tuple((keys.get(one) if one else None, text) for one, text in page.passages if one not in foreign),
    )


def _others(page: Publication, foreign: list[Operation]) -> tuple[Unread, ...]:
    if not foreign:
        return ()
    more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
    first = " ".join(foreign[0])
    return (Unread(page.name.rpartition("/")[2], f"{first}{more}: operations that the contract does not cover"),)
