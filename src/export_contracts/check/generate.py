"""Generated cases: schemathesis draws requests from `openapi.yaml`; the clauses judge what comes of them.

A generated case has no opinion of its own. Each invalid request is an accepted one with exactly one
change grafted on, labelled `keyword:/pointer`, so that a refusal proves something. Request objects are
closed while drawing: an undeclared field is legal variety that the documents say nothing about.
"""

from __future__ import annotations

import copy
import json
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from export_contracts.model import MISSING, Exchange, Intent, Json
from export_contracts.schema.pointer import join, resolve
from export_contracts.targets.stage import Stage

AtRest = Callable[[Stage, Exchange], None]
"""A vendor's way of bringing the target back to rest after an accepted request."""

DRAWN_VALID = 12
DRAWN_INVALID = 60


@dataclass(frozen=True)
class Fault:
    """One change to a valid body: the value at `path` replaced, or removed where it is MISSING."""

    label: str
    path: tuple[str | int, ...]
    value: Json = MISSING
    raw: bytes | None = None


@dataclass(frozen=True)
class Cases:
    """What was drawn for one operation: valid bodies and single faults."""

    operation: str
    valid: tuple[Json, ...] = ()
    faults: tuple[Fault, ...] = field(default=())


def play(stage: Stage, at_rest: AtRest | None) -> None:
    """Send what was drawn for each operation, within the target's budget of generated requests."""
    for cases in drawn(stage):
        accepted: list[tuple[Json, int]] = []
        for body in cases.valid[: max(1, stage.target.pace.generated // 8)]:
            sent = stage.send(cases.operation, json=body, intent=Intent("generated"))
            if at_rest is not None:
                at_rest(stage, sent)
            if sent.status is not None and sent.status < 300:
                accepted.append((body, sent.index))
        for fault in cases.faults[: stage.target.pace.generated]:
            twin = next((one for one in accepted if fits(one[0], fault)), None)
            if twin is None:
                continue
            sent = _send_faulty(stage, cases.operation, twin[0], fault, twin[1])
            if at_rest is not None:
                at_rest(stage, sent)


def _send_faulty(stage: Stage, operation: str, base: Json, fault: Fault, twin: int) -> Exchange:
    intent = Intent("generated", fault.label, twin)
    if fault.raw is not None:
        return stage.send(
            operation, body=fault.raw, headers={"Content-Type": "application/json"}, intent=intent, patient=False
        )
    return stage.send(operation, json=graft(base, fault), intent=intent, patient=False)


def fits(base: Json, fault: Fault) -> bool:
    """Whether `base` has the place that `fault` changes; a drawn fault may belong to another drawn body."""
    if not fault.path:
        return True
    holder = resolve(base, join("", *fault.path[:-1]))
    if isinstance(holder, list):
        return isinstance(fault.path[-1], int) and fault.path[-1] < len(holder)
    return isinstance(holder, dict) and (fault.value is not MISSING or fault.path[-1] in holder)


def graft(base: Json, fault: Fault) -> Json:
    """`base` with the one change of `fault`."""
    if not fault.path:
        return fault.value
    body = copy.deepcopy(base)
    holder = body
    for part in fault.path[:-1]:
        holder = holder[part]
    if fault.value is MISSING:
        del holder[fault.path[-1]]
    else:
        holder[fault.path[-1]] = fault.value
    return body


def drawn(stage: Stage) -> Iterator[Cases]:
    """The cases of each operation of the stage's contract that is meant to be generated."""
    document = stage.contract.openapi
    for operation in stage.contract.operations:
        definition = operation.definition or {}
        if definition.get("x-generate", True) and "requestBody" in definition:
            closed = _for_generation(document, operation.path, operation.method.lower(), stage.target.settings)
            yield _draw(json.dumps(closed), operation.path, operation.method, operation.id, stage.seed)


def _for_generation(document: Mapping[str, Json], path: str, method: str, settings: Mapping[str, Json]) -> Json:
    one = copy.deepcopy(dict(document))
    one["paths"] = {path: {method: {**one["paths"][path][method], "parameters": []}}}
    one["paths"][path][method].pop("security", None)
    one.pop("security", None)
    return _pinned(_flattened(one, one), settings)


def _flattened(node: Json, document: Json, depth: int = 0) -> Json:
    """Local references replaced by what they refer to; the request schemas are small and not recursive."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str) and node["$ref"].startswith("#/") and depth < 20:
            rest = {key: value for key, value in node.items() if key != "$ref"}
            return _flattened({**resolve(document, node["$ref"][1:]), **rest}, document, depth + 1)
        return {key: _flattened(value, document, depth) for key, value in node.items() if key != "components"}
    if isinstance(node, list):
        return [_flattened(value, document, depth) for value in node]
    return node


def _pinned(node: Json, settings: Mapping[str, Json]) -> Json:
    if isinstance(node, list):
        return [_pinned(one, settings) for one in node]
    if not isinstance(node, dict):
        return node
    if "x-generate-as" in node:
        return _pinned(node["x-generate-as"], settings)
    if "x-target" in node:
        value = settings.get(node["x-target"], node.get("x-target-default"))
        return {"type": "string", "enum": [value if value is not None else "unknown"]}
    copied = {key: _pinned(value, settings) for key, value in node.items()}
    properties = copied.get("properties")
    if isinstance(properties, dict):
        absent = [name for name, one in node["properties"].items() if _left_out(one, settings)]
        copied["properties"] = {name: one for name, one in properties.items() if name not in absent}
        copied["required"] = [name for name in node.get("required", []) if name not in absent]
        copied.setdefault("additionalProperties", False)
    return copied


def _left_out(schema: Json, settings: Mapping[str, Json]) -> bool:
    if not isinstance(schema, dict):
        return False
    undeclared = "x-target" in schema and settings.get(schema["x-target"], schema.get("x-target-default")) is None
    return schema.get("x-generate") is False or undeclared


@cache
def _draw(document: str, path: str, method: str, operation: str, seed: int) -> Cases:
    """Draw once for each document and seed; proofs replay the same cases many times."""
    with warnings.catch_warnings(), _cached_elsewhere():
        warnings.simplefilter("ignore")  # schemathesis warns about its own optional parts
        import schemathesis
        from schemathesis import GenerationMode

        schema = schemathesis.openapi.from_dict(json.loads(document))[path][method]
        valid = _collect(schema.as_strategy(generation_mode=GenerationMode.POSITIVE), DRAWN_VALID, seed)
        invalid = _collect(schema.as_strategy(generation_mode=GenerationMode.NEGATIVE), DRAWN_INVALID, seed)
    bodies = {json.dumps(one.body, sort_keys=True): one.body for one in valid if isinstance(one.body, dict)}
    faults = {one.label: one for one in (_fault(case) for case in reversed(invalid)) if one is not None}
    return Cases(operation, tuple(bodies.values()), tuple(faults[label] for label in sorted(faults)))


@contextmanager
def _cached_elsewhere() -> Iterator[None]:
    """Hypothesis keeps tables that take seconds to make: in the user's cache, not in a folder where the user stands."""
    from hypothesis import configuration

    before = vars(configuration).get("__hypothesis_home_directory")
    if before is None and "HYPOTHESIS_STORAGE_DIRECTORY" not in os.environ:
        configuration.set_hypothesis_home_dir(_cache() / "export-contracts" / "hypothesis")
    try:
        yield
    finally:
        configuration.set_hypothesis_home_dir(before)


def _cache() -> Path:
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    except RuntimeError:  # nobody's home is known
        return Path(tempfile.gettempdir())


def _collect(strategy: Any, count: int, seed: int) -> list[Any]:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    cases: list[Any] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(case=strategy)
    def take(case: Any) -> None:
        cases.append(case)

    take()
    return cases


def _fault(case: Any) -> Fault | None:
    """The single fault of a drawn case, or None where it has several or none that can be named."""
    mutations: list[Any] = list(getattr(case.meta.phase.data, "mutations", ())) if case.meta else []
    if len(mutations) != 1:
        return None
    mutation = mutations[0]
    operator = mutation.operator.value
    if operator == "syntax_fuzzing":
        return Fault("syntax:/", (), raw=case.body) if isinstance(case.body, bytes) and case.body.strip() else None
    if len(mutation.keywords) != 1 or not isinstance(case.body, dict):
        return None
    keyword = mutation.keywords[0]
    path: tuple[str | int, ...] = tuple(mutation.path)
    if keyword == "required":
        path = (*path, mutation.parameter)
        return Fault(f"required:{join('', *path)}", path)
    value = resolve(case.body, join("", *path))
    if value is None:
        return None  # many servers take null as absent, and no document says that they must not
    return None if value is MISSING or not path else Fault(f"{keyword}:{join('', *path)}", path, value)
