"""What of the documented surface a run has met: answers, request members, links. Pure counting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Exchange, Json, Transcript, Unreadable
from export_contracts.schema.pointer import resolve


@dataclass(frozen=True)
class Coverage:
    """Documented things by whether they were seen. Names: `exportUsersBySegment 200`, `… /segment_id`."""

    answers: Mapping[str, bool]
    members: Mapping[str, bool]
    links: Mapping[str, bool]

    def as_json(self) -> dict[str, dict[str, list[str]]]:
        """`{"answers": {"met": […], "missed": […]}, …}`."""
        return {
            kind: {
                "met": sorted(name for name, met in seen.items() if met),
                "missed": sorted(name for name, met in seen.items() if not met),
            }
            for kind, seen in (("answers", self.answers), ("members", self.members), ("links", self.links))
        }


def measure(contract: Contract, transcripts: Iterable[Transcript]) -> Coverage:
    """Coverage of `contract` by `transcripts`, whose operations must be resolved."""
    exchanges = [one for talk in transcripts for one in talk.exchanges if one.response is not None]
    answered = {(one.operation, one.status) for one in exchanges}
    answers = {
        f"{operation.id} {status}": any(
            name == operation.id and code is not None and _documented(status, code) for name, code in answered
        )
        for operation in contract.operations
        for status in operation.statuses
        if status != "default"
    }
    sent = {member for one in exchanges for member in _sent(one)}
    members = {name: name in sent for name in _documented_members(contract)}
    followed = {one.operation for one in exchanges}
    links = {f"{link.source} → {link.operation}": link.operation in followed for link in contract.manifest.links}
    return Coverage(answers, members, links)


def _documented(status: str, code: int) -> bool:
    return status == str(code) or status.upper() == f"{code // 100}XX"


def _sent(exchange: Exchange) -> Iterator[str]:
    body = exchange.request.json
    if not isinstance(body, Unreadable) and isinstance(body, dict):
        for name, value in body.items():
            yield f"{exchange.operation} /{name}"
            if isinstance(value, dict):
                yield from (f"{exchange.operation} /{name}/{inner}" for inner in value)
    for name, _ in exchange.request.query:
        yield f"{exchange.operation} ?{name}"


def _documented_members(contract: Contract) -> Iterator[str]:
    for operation in contract.operations:
        definition = operation.definition or {}
        for parameter in definition.get("parameters", []):
            known = _resolved(contract, parameter)
            if known.get("in") == "query":
                yield f"{operation.id} ?{known['name']}"
        media = _resolved(contract, definition.get("requestBody", {})).get("content", {})
        schema = _resolved(contract, media.get("application/json", {}).get("schema", {}))
        for name, inner in schema.get("properties", {}).items():
            yield f"{operation.id} /{name}"
            for nested in _resolved(contract, inner).get("properties", {}):
                yield f"{operation.id} /{name}/{nested}"


def _resolved(contract: Contract, node: Json) -> Json:
    while isinstance(node, dict) and "$ref" in node:
        node = resolve(contract.openapi, str(node["$ref"]).lstrip("#"))
    return node if isinstance(node, dict) else {}
