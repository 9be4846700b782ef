"""What a page says outside tables and code, against the promises: statuses, limits, media types, names in sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from export_contracts.drift import vocabulary
from export_contracts.drift.change import Change
from export_contracts.drift.promises import Group, Promise, finder
from export_contracts.drift.said import Operation, Publication, Unread
from export_contracts.drift.whose import same_path, shape

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


def statuses(page: Publication, groups: Groups, operations: Mapping[str, Operation]) -> Iterator[Change]:
    """Statuses by operation; one that replaced another is one change. Samples of a collection are never all of them."""
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
        gone = [at for at, one in known.items() if at not in found and not one.rare and page.form != "postman"]
        if len(new) == len(gone) == 1:
            yield Change("status", "status-changed", gone[0], operation, gone[0], new[0], found[new[0]])
            continue
        yield from (Change("status", "status-new", one, operation, None, one, found[one]) for one in new)
        yield from (Change("status", "status-gone", one, operation, one, None, "the whole page") for one in gone)


def _spoken_of(printed: Operation | None, promised: Mapping[str, object], operations: Mapping[str, Operation]) -> str:
    """The operation a status is told of; the page as a whole (an empty id) where it promises statuses as a whole."""
    if "" in promised:
        return ""
    return next((name for name, key in operations.items() if printed == key), next(iter(promised), ""))


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


def paths(page: Publication, operations: Mapping[str, Operation]) -> Iterator[Change]:
    """A path like an operation's that sentences print where the operation's own is not."""
    printed = list(dict.fromkeys(one.rstrip("/.") for one in _PATH.findall(page.text)))
    for name, (_, path) in operations.items():
        if any(same_path(one, path) or same_path(path, one) for one in printed):
            continue
        known = {shape(other) for _, other in operations.values()}
        near = [one for one in printed if shape(one) not in known and _like(shape(one), shape(path))]
        if near:
            yield Change("path", "path-changed", path, name, path, near[0], "prose")


def undescribed(found: frozenset[str], operations: Mapping[str, Operation], strict: frozenset[str]) -> Iterator[Change]:
    """Operations that a machine-readable publication had and has no more. `strict`: ids it had."""
    for name in sorted(strict - found) if found else ():
        yield Change(
            "operation", "operation-undescribed", name, name, " ".join(operations[name]), None, "the operations"
        )


def _like(one: str, other: str) -> bool:
    """Whether two paths differ in one segment of several, or one has a segment more within."""
    ours, theirs = one.split("/"), other.split("/")
    if len(ours) == len(theirs):
        return len(ours) >= 3 and sum(a != b for a, b in zip(ours, theirs, strict=True)) == 1
    short, long = sorted((ours, theirs), key=len)
    within = (long[:n] + long[n + 1 :] for n in range(len(long) - 1))
    return len(short) >= 3 and len(long) == len(short) + 1 and any(short == rest for rest in within)


def limits(page: Publication, groups: Groups) -> tuple[list[Change], list[Unread]]:
    """Numbers in the sentences that tell a limit; a sentence that is not found is unread and not a change."""
    changes, missing = [], []
    text = re.sub(r"[ \t\u00a0\u202f]+", " ", page.text)
    for promise in (one for group, many in groups.items() if group.area == "limit" for one in many):
        found = list(_told(promise, text))
        if not found:
            if text and not promise.rare:
                missing.append(
                    Unread("the page", f"the limit {promise.at!r} ({promise.value}): no sentence like it found")
                )
            continue
        value = promise.value if isinstance(promise.value, int) else 0
        own = value * (vocabulary.hours(promise.unit) or 1)
        other = [(size, words) for size, words in found if size != own]
        if other and promise.value is None:  # no page told one until now
            changes.append(
                Change("limit", "limit-new", promise.at, promise.group.operation, None, other[0][1], "prose")
            )
        elif other:
            kind = "limit-lowered" if other[0][0] < own else "limit-raised"
            was = f"{value} {promise.unit}".strip()
            changes.append(Change("limit", kind, promise.at, promise.group.operation, was, other[0][1], "prose"))
    return changes, missing


def _told(promise: Promise, text: str) -> Iterator[tuple[float, str]]:
    """(size in the smallest unit, as told) of each number in the sentences that tell a limit."""
    for pattern in promise.find:
        for match in re.finditer(finder(pattern), text, re.IGNORECASE):
            number = vocabulary.NUMERALS.get(match[1].lower()) or int(_DIGITS.sub("", match[1])[:15] or 0)
            unit = match.groupdict().get("unit") or promise.unit
            length = vocabulary.hours(unit)
            if length is not None:
                yield number * length, f"{number} {unit}".strip()
