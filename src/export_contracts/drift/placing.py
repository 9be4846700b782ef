"""Decides which group of promises a place on a page talks about, by the names that both have, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from export_contracts.drift.promises import Group, Promise
from export_contracts.drift.said import Place

_FORM: Final = frozenset({"openapi"})
ENOUGH: Final = 0.5
"""Share of a place's names that the group must know."""
_HINTS: Final = {
    "path": r"\bpath param|chemin|パスパラメ",
    "query": r"\bquery|requête d|クエリ",
    "header": r"\bheaders?\b|en-tête|ヘッダー?",
    "response": r"\bresponse\b|réponse|レスポンス|応答|antwort|respuesta|resposta|risposta|antwoord|svar|"
    r"응답|响应|回應",
    "request": r"\brequest\b|\bbody\b|demande|リクエスト|anfrage|solicitud|solicitação|"
    r"richiesta|verzoek|begäran|요청|请求|請求",
    "field": r"fields to export|champs à exporter|エクスポートするフィールド",
}
_LIKELY: Final = {
    "list": {"field"},
    "table": {"field", "request", "query", "header", "path"},
    "template": {"object", "response", "request"},
    "sample": {"object", "response", "request"},
}


FEWEST: Final = 2
"""Members by which an object is known again."""


@dataclass(frozen=True)
class Spot:
    """A group, and the path in it under which the names of the place hang."""

    group: Group
    root: str


def spot(
    place: Place, groups: Mapping[Group, Sequence[Promise]], operations: Mapping[str, tuple[str, str]]
) -> Spot | None:
    """Where the place belongs; None where its names are nobody's."""
    if place.area is not None and place.kind in {"schema", "excerpt"}:
        fitting = [one for one in groups if one.area == place.area and _same(place, one, operations)]
        if fitting:
            return Spot(fitting[0], "")
        return next(
            (Spot(Group(name, place.area, _FORM), "") for name, key in operations.items() if key == place.operation),
            None,
        )
    every = {one.at for one in place.entries}
    if place.kind == "sample" and (moved := _renamed(every, groups)) is not None:
        return moved
    best: Spot | None = None
    highest = 0.0
    for candidate, known in _candidates(groups):
        if place.area is not None and candidate.group.area != place.area:
            continue
        names = {one for one in every if one in known or not _below_unknown(one, every - known)}
        share = len(names & known) / len(names)
        bonus = _bonus(place, candidate, operations)
        if share < ENOUGH and not (share == 0 and bonus >= 0.6 and len(names) <= 2 and not candidate.root):
            continue
        score = share + bonus
        if score > highest:
            best, highest = candidate, score
    return best


def _renamed(every: set[str], groups: Mapping[Group, Sequence[Promise]]) -> Spot | None:
    """Where a sample of a single object belongs whose own name nobody knows, and its members' names do."""
    roots = {one.split(".")[0].removesuffix("[]") for one in every}
    inside = {one.partition(".")[2] for one in every if "." in one}
    if len(roots) != 1 or len(inside) < FEWEST or any(one.at in roots for many in groups.values() for one in many):
        return None
    for candidate, known in _candidates(groups):
        if (
            candidate.root
            and "." not in candidate.root
            and candidate.group.area == "request"
            and _share(inside, known) > ENOUGH
        ):
            return Spot(candidate.group, "")
    return None


def _share(names: set[str], known: set[str]) -> float:
    direct = {one for one in names if "." not in one}
    return len(direct & known) / len(direct) if direct else 0.0


def _below_unknown(at: str, unknown: set[str]) -> bool:
    """Members of something unknown say nothing more about where a place belongs."""
    parts = at.split(".")
    above = {".".join(parts[:number]) for number in range(1, len(parts))}
    return bool((above | {one.removesuffix("[]") for one in above}) & unknown)


def _candidates(groups: Mapping[Group, Sequence[Promise]]) -> Iterator[tuple[Spot, set[str]]]:
    for group, promises in groups.items():
        if group.area in {"status", "limit", "format", "wording"}:
            continue
        paths = {one.at for one in promises}
        yield Spot(group, ""), paths
        for root in sorted({path.rpartition(".")[0] for path in paths if "." in path}):
            inside = {path.removeprefix(f"{root}.") for path in paths if path.startswith(f"{root}.")}
            yield Spot(group, root), inside


def _bonus(place: Place, candidate: Spot, operations: Mapping[str, tuple[str, str]]) -> float:
    area = candidate.group.area
    score = 0.2 if area in _LIKELY.get(place.kind, ()) else 0.0
    score += 0.2 if place.area == area else 0.0
    score += 0.4 if place.operation and _same(place, candidate.group, operations) else 0.0
    if candidate.root:
        last = re.split(r"\.|\[\]", candidate.root.removesuffix("[]"))[-1]
        score += 0.3 if re.search(rf"\b{re.escape(last)}\b", place.heading, re.IGNORECASE) else -0.15
    if area in _HINTS and re.search(_HINTS[area], place.heading, re.IGNORECASE):
        score += 0.4
    return score


def _same(place: Place, group: Group, operations: Mapping[str, tuple[str, str]]) -> bool:
    key = operations.get(group.operation)
    return key is not None and place.operation == key
