"""The shape of traffic as small committable data: statuses, headers that matter, paths with types. No customer's value.

Values are kept only where the contract enumerates them; names only where the contract declares their surroundings.
Sizes, times, counts and URLs are no part of a shape.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.catalogue.operations import resolve_operations
from export_contracts.checks import registry
from export_contracts.checks.talk import Talk
from export_contracts.drift.declared import Declared
from export_contracts.drift.table_shapes import Tables
from export_contracts.drift.text_forms import form
from export_contracts.model import Exchange, Json, Transcript, Unreadable

FORMAT: Final = "export-contracts/shape/1"
HEADERS: Final = ("content-encoding", "location", "x-location", "retry-after", "x-ratelimit-limit",
                  "x-ratelimit-remaining", "x-ratelimit-reset", "www-authenticate")  # fmt: skip
LIMITS: Final = ("x-ratelimit-limit",)
"""Headers whose number is a promise to everybody, and no customer's."""
ASKED_HEADERS: Final = ("authorization", "content-type", "accept", "accept-encoding")
_PLAIN_NAME: Final = re.compile(r"[a-z][A-Za-z_-]{0,39}")
_MEDIA: Final = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,80}")
MOST_ROWS: Final = 20_000
SOME_ROWS: Final = 1_000
"""Rows that results are made to tell of beside their verdicts."""
DEEPEST: Final = 12
MOST_NEW: Final = 100
"""Names in one object that no contract has; of more, each is a customer rather than a new member."""


def infer(contract: Contract, transcripts: Iterable[Transcript], most: int = MOST_ROWS) -> dict[str, Json]:
    """The shape document of some transcripts, by `most` delivered rows of each at most."""
    declared = Declared.of(contract)
    operations: dict[str, dict[str, Json]] = {}
    rows: dict[str, _Paths] = {}
    limits: dict[str, set[int]] = defaultdict(set)
    tables = Tables()
    for transcript in transcripts:
        resolved = resolve_operations(contract, transcript)
        for one in resolved.exchanges:
            if one.operation is not None and one.response is not None:
                _exchange(declared, operations.setdefault(one.operation, {}), one)
                _limits(one, limits)
                tables.see(one)
        for name, row in _rows(contract, resolved, most):
            rows.setdefault(name, _Paths(declared, "", "object" if name == "users" else "response")).see(row)
        for callback in resolved.callbacks:
            body = callback.request.json
            if not isinstance(body, Unreadable):
                rows.setdefault("callback", _Paths(declared, "", "callback")).see(body)
    return {
        "format": FORMAT,
        "vendor": contract.manifest.slug,
        "operations": {name: _closed(one) for name, one in sorted(operations.items())},
        "objects": {**{name: one.as_json() for name, one in sorted(rows.items())}, **tables.as_json()},
        "limits": {name: sorted(many) for name, many in sorted(limits.items())},
    }


class _Paths:
    """Everything seen at each path below one root."""

    def __init__(self, declared: Declared, operation: str, area: str) -> None:
        self.declared, self.operation, self.area = declared, operation, area
        self.types: dict[str, set[str]] = defaultdict(set)
        self.formats: dict[str, set[str]] = defaultdict(set)
        self.values: dict[str, set[str]] = defaultdict(set)
        self.seen: dict[str, int] = defaultdict(int)
        self.parents: dict[str, int] = defaultdict(int)

    def see(self, value: Json, at: str = "", depth: int = 0) -> None:
        """Take one value in."""
        kind = _kind(value)
        self.types[at or "."].add(kind)
        if isinstance(value, dict) and depth < DEEPEST:
            self.parents[at] += 1
            paths = self._paths(at, value)
            for path in dict.fromkeys(paths.values()):
                self.seen[path] += 1
            for key, inner in value.items():
                self.see(inner, paths[key], depth + 1)
        elif isinstance(value, list) and depth < DEEPEST:
            for inner in value:
                self.see(inner, f"{at}[]", depth + 1)
        elif isinstance(value, str):
            self.formats[at].add(form(value))
            known = self.declared.values(self.operation, self.area, at)
            if known:
                self.values[at].add(value if value in known else "(another)")

    def _paths(self, at: str, value: Mapping[str, Json]) -> dict[str, str]:
        """The path of each member; a customer's own names (attributes, discriminators) are folded to `*`."""
        inside = f"{at}." if at else ""
        unknown = [key for key in value if not self.declared.has(self.operation, self.area, f"{inside}{key}")]
        told = len(unknown) <= MOST_NEW and self.declared.closed(self.operation, self.area, at)
        folded = {key for key in unknown if not (told and _PLAIN_NAME.fullmatch(key))}
        return {key: f"{inside}*" if key in folded else f"{inside}{key}" for key in value}

    def as_json(self) -> dict[str, Json]:
        """`{path: {types, always?, formats?, values?}}`."""
        found: dict[str, Json] = {}
        for at in sorted(self.types):
            one: dict[str, Json] = {"types": sorted(self.types[at])}
            if at in self.seen:
                one["always"] = self.seen[at] == self.parents[at.rpartition(".")[0]]
            if self.formats.get(at):
                one["formats"] = sorted(self.formats[at])
            if self.values.get(at):
                one["values"] = sorted(self.values[at])
            found[at] = one
        return found


def _kind(value: Json) -> str:
    if value is None:
        return "null"
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds[type(value)]


def _exchange(declared: Declared, seen: dict[str, Json], one: Exchange) -> None:
    assert one.response is not None  # the caller's condition, for the type checker
    name = one.operation or ""
    asked = seen.setdefault("asked", _Paths(declared, name, "request"))
    body = one.request.json
    if one.request.body and not isinstance(body, Unreadable) and one.fault is None:
        asked.see(body)
        if 200 <= (one.status or 0) < 300:
            seen.setdefault("accepted", _Paths(declared, name, "request")).see(body)
    seen.setdefault("query", set()).update(
        key if declared.has(name, "query", key) else "*" for key, _ in one.request.query
    )
    seen.setdefault("asked_headers", set()).update(key for key in ASKED_HEADERS if key in one.request.headers)
    seen.setdefault("cases", defaultdict(set))[_signature(declared, one)].add(str(one.status))
    answer = seen.setdefault("answers", {}).setdefault(str(one.status), {"count": 0, "headers": defaultdict(int)})
    answer["count"] += 1
    for header in HEADERS:
        answer["headers"][header] += header in one.response.headers
    answer.setdefault("media", set()).add(_media(one))
    content = one.response.json
    if one.response.body and not isinstance(content, Unreadable):
        area = "response" if 200 <= (one.status or 0) < 300 else "refusal"
        answer.setdefault("body", _Paths(declared, name, area)).see(content)


def _media(one: Exchange) -> str:
    assert one.response is not None
    if not one.response.body:
        return "empty"
    said = (one.response.headers.get("content-type") or "unsaid").split(";")[0].strip().lower()
    return said if _MEDIA.fullmatch(said) else "unsaid"


def _signature(declared: Declared, one: Exchange) -> str:
    """Requests alike in shape have it in common; no value can be read from it, save enumerated ones."""
    paths = _Paths(declared, one.operation or "", "request")
    body = one.request.json
    if one.request.body and not isinstance(body, Unreadable):
        paths.see(body)
    said = [
        {at: [what["types"], what.get("values")] for at, what in paths.as_json().items()},
        sorted(key for key in ASKED_HEADERS if key in one.request.headers),
        sorted({key for key, _ in one.request.query if declared.has(one.operation or "", "query", key)}),
        bool(one.request.body) and isinstance(body, Unreadable),
        one.fault or "",
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:10]


def _limits(one: Exchange, limits: dict[str, set[int]]) -> None:
    assert one.response is not None
    for name in LIMITS:
        said = one.response.headers.get(name)
        if said is not None and re.fullmatch(r"\d{1,12}", said):
            limits[name].add(int(said))


def _closed(one: dict[str, Json]) -> dict[str, Json]:
    answers = {}
    for status, answer in sorted(one.get("answers", {}).items()):
        always = sorted(name for name, count in answer["headers"].items() if count == answer["count"])
        often = sorted(name for name, count in answer["headers"].items() if 0 < count < answer["count"])
        answers[status] = {"media": sorted(answer["media"]), "headers": always, "sometimes": often}
        if "body" in answer:
            answers[status]["body"] = answer["body"].as_json()
    return {
        "asked": one["asked"].as_json(),
        "accepted": one["accepted"].as_json() if "accepted" in one else {},
        "query": sorted(one["query"]),
        "headers": sorted(one["asked_headers"]),
        "answers": answers,
        "cases": {key: sorted(many) for key, many in sorted(one["cases"].items())},
    }


def _rows(contract: Contract, transcript: Transcript, most: int) -> Iterator[tuple[str, Json]]:
    readers: Mapping[str, registry.Rows] = registry.rows_in(plugins.module(contract.manifest.slug, "checks"))
    talk = Talk(transcript, (), contract.validator, readers)
    for name in sorted(readers):
        if name == "users":
            for number, (_, row) in enumerate(talk.rows(name)):
                if number >= most:
                    break
                yield name, row
