"""What a page says outside tables and code, against the promises: statuses, limits, media types, names in sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from export_contracts.drift.change import Change
from export_contracts.drift.promises import Group, Promise, finder
from export_contracts.drift.publications import same_operation
from export_contracts.drift.said import Publication, Unread

Groups = Mapping[Group, Sequence[Promise]]
_DIGITS: Final = re.compile(r"\D")
_MEDIA: Final = re.compile(r"\b((?:text|application)/[A-Za-z0-9][\w.+-]*(?:;[\w-]+=[\w.-]+)*)")
_PLAIN_JSON: Final = frozenset({"application/json"})
_PATH: Final = re.compile(r"(?:(?<=[\s`'\"(|>])|(?<=\.com)|(?<=\.eu)|(?<=\.io)|^)((?:/[\w{}:.-]+){2,})", re.MULTILINE)
_SNAKE: Final = re.compile(r"(?<![\w./$%-])([a-z]+(?:_[a-z0-9]+)+)(?![\w/(-])")


def mentions(page: Publication, sampled: Groups) -> Iterator[Change]:
    """Names of bodies that a page shows in samples and sentences only: gone where nothing mentions them any more."""
    shown = {part for place in page.places for one in place.entries for part in re.split(r"\.|\[\]\.?", one.at)}
    words = shown | set(re.findall(r"[A-Za-z_][\w-]*", page.text))
    known = {part for many in sampled.values() for one in many for part in re.split(r"\.|\[\]\.?", one.at)}
    for group, many in sampled.items():
        for one in many:
            if not one.rare and one.at.rpartition(".")[2] not in words:
                yield Change(group.area, "gone", one.at, group.operation, "present", None, "the whole page")
    for group in [one for one in sampled if one.area == "request"][:1]:
        for name in dict.fromkeys(_SNAKE.findall(page.text)):
            if name not in known | shown:
                yield Change(group.area, "new", name, group.operation, None, "mentioned", "prose")


def media_types(page: Publication, groups: Groups) -> Iterator[Change]:
    """Formats by their media types; one that replaced another is one change."""
    for group, many in groups.items():
        if group.area != "format":
            continue
        said = set(_MEDIA.findall(page.text)) - _PLAIN_JSON
        said = {one.rstrip(".") for one in said}
        known = {one.at for one in many}
        new, gone = sorted(said - known), sorted(one.at for one in many if one.at not in said and not one.rare)
        if len(new) == len(gone) == 1:
            yield Change("format", "media-type-changed", gone[0], group.operation, gone[0], new[0], "prose")
            continue
        if said:
            yield from (Change("format", "gone", one, group.operation, one, None, "prose") for one in gone)
            yield from (Change("format", "new", one, group.operation, None, one, "prose") for one in new)


def statuses(page: Publication, groups: Groups, operations: Mapping[str, tuple[str, str]]) -> Iterator[Change]:
    """Statuses by operation; one that replaced another is one change."""
    promised: dict[str, dict[str, Promise]] = defaultdict(dict)
    for group, many in groups.items():
        if group.area == "status":
            promised[group.operation].update({one.at: one for one in many})
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for printed, status, where in page.statuses:
        said[_spoken_of(printed, promised, operations)].setdefault(status, where)
    for operation, found in said.items():
        known = promised[operation]
        new = [one for one in found if one not in known and f"{one[0]}XX" not in known]
        gone = [at for at, one in known.items() if at not in found and not one.rare]
        if len(new) == len(gone) == 1:
            yield Change("status", "status-changed", gone[0], operation, gone[0], new[0], found[new[0]])
            continue
        yield from (Change("status", "status-new", one, operation, None, one, found[one]) for one in new)
        yield from (Change("status", "status-gone", one, operation, one, None, "the whole page") for one in gone)


def _spoken_of(
    printed: tuple[str, str] | None, promised: Mapping[str, object], operations: Mapping[str, tuple[str, str]]
) -> str:
    """The operation a status is told of; the page as a whole (an empty id) where it promises statuses as a whole."""
    if "" in promised:
        return ""
    for name, key in operations.items():
        if printed is not None and same_operation(printed, key):
            return name
    return next(iter(promised), "")


def wordings(page: Publication, groups: Groups) -> Iterator[Change]:
    """Words that stand at a known place of a sentence or table: a permission, a coding."""
    text = re.sub(r"[ \t\u00a0\u202f]+", " ", page.text)
    for promise in (one for group, many in groups.items() if group.area == "wording" for one in many):
        said = [found[1].strip() for pattern in promise.find for found in re.finditer(pattern, text)]
        other = [one for one in said if one != promise.value]
        if other:
            yield Change(
                "wording", "wording-changed", promise.at, promise.group.operation, str(promise.value), other[0], "prose"
            )


def paths(page: Publication, operations: Mapping[str, tuple[str, str]]) -> Iterator[Change]:
    """A path like an operation's that is printed where the operation's own is not."""
    printed = list(dict.fromkeys(one.rstrip("/.") for one in _PATH.findall(page.text)))
    shapes = {_shape(one) for one in printed}
    for name, (_, path) in operations.items():
        wanted = _shape(path)
        if any(wanted == one or wanted.endswith(f"/{one}") or one.endswith(f"/{wanted}") for one in shapes):
            continue
        known = {_shape(other) for _, other in operations.values()}
        near = [one for one in printed if _shape(one) not in known and _like(_shape(one), wanted)]
        if near:
            yield Change("path", "path-changed", path, name, path, near[0], "prose")


def operations_gone(
    page: Publication, operations: Mapping[str, tuple[str, str]], strict: frozenset[str]
) -> Iterator[Change]:
    """Operations that an API description had and has no more, or has at another path. `strict`: ids it had."""
    free = [one for one in page.operations if not any(same_operation(one, known) for known in operations.values())]
    found = [name for name, key in operations.items() if any(same_operation(one, key) for one in page.operations)]
    for name in sorted(strict - set(found)):
        method, path = operations[name]
        near = [one[1] for one in free if one[0] == method and _near(_shape(one[1]), _shape(path))]
        if near:
            yield Change("path", "path-changed", path, name, path, near[0], "the paths")
        elif found:
            yield Change("operation", "operation-undescribed", name, name, f"{method} {path}", None, "the paths")


def _near(one: str, other: str) -> bool:
    """Whether the ends of two paths, of which one may lack a base path, differ in one segment."""
    ours, theirs = one.split("/"), other.split("/")
    size = min(len(ours), len(theirs))
    return size >= 2 and sum(a != b for a, b in zip(ours[-size:], theirs[-size:], strict=True)) == 1


def _shape(path: str) -> str:
    return re.sub(r"\{+[^}]*\}+|:[A-Za-z]\w*", "{}", path).strip("/")


def _like(one: str, other: str) -> bool:
    """Whether two paths differ in one segment of several."""
    ours, theirs = one.split("/"), other.split("/")
    return len(ours) == len(theirs) >= 3 and sum(a != b for a, b in zip(ours, theirs, strict=True)) == 1


def limits(page: Publication, groups: Groups) -> tuple[list[Change], list[Unread]]:
    """Numbers in the sentences that tell a limit; a sentence that is not found is unread and not a change."""
    changes, missing = [], []
    text = re.sub(r"[ \t\u00a0\u202f]+", " ", page.text)
    for promise in (one for group, many in groups.items() if group.area == "limit" for one in many):
        numbers = _numbers(promise, text)
        if not numbers:
            if text and not promise.rare:
                missing.append(
                    Unread("the page", f"the limit {promise.at!r} ({promise.value}): no sentence like it found")
                )
            continue
        other = [one for one in numbers if one != promise.value]
        if isinstance(promise.value, int) and other:
            kind = "limit-lowered" if other[0] < promise.value else "limit-raised"
            changes.append(
                Change("limit", kind, promise.at, promise.group.operation, str(promise.value), str(other[0]), "prose")
            )
    return changes, missing


def _numbers(promise: Promise, text: str) -> list[int]:
    found = []
    for pattern in promise.find:
        for match in re.finditer(finder(pattern), text, re.IGNORECASE):
            digits = _DIGITS.sub("", match[1])
            found.append(int(digits[:15]))
    return found
