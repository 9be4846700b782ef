"""The operations of an OpenAPI document: names, path templates, documented statuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from export_contracts.model import Json
from export_contracts.model.http import unescaped
from export_contracts.schema.pointer import resolve

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Operation:
    """One operation: `path` is the template, `legacy` further templates that older clients used.

    `members` are those that its JSON body may have, `needed` those that it must have.
    """

    id: str
    method: str
    path: str
    statuses: tuple[str, ...] = ()
    legacy: tuple[str, ...] = ()
    definition: Mapping[str, Json] | None = None
    members: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches a URL path ending in the template, whatever prefix a mock or proxy puts before it."""
        return _pattern(self.path)

    @cached_property
    def legacy_patterns(self) -> tuple[re.Pattern[str], ...]:
        """Patterns of the legacy templates."""
        return tuple(_pattern(one) for one in self.legacy)

    def matches(self, method: str, path: str) -> bool:
        """Whether a request addresses this operation, by the documented or a legacy path."""
        if method.upper() != self.method:
            return False
        path = unescaped(path)
        return any(pattern.match(path) for pattern in (self.pattern, *self.legacy_patterns))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    pieces = [re.escape(part) if position % 2 == 0 else f"(?P<{part}>[^/]+)" for position, part in enumerate(parts)]
    return re.compile(r"^(?P<prefix_>.*?)" + "".join(pieces) + r"(?P<slash_>/?)$")


def operations(
    document: Mapping[str, Json], legacy: Mapping[str, tuple[str, ...]] | None = None
) -> Iterator[Operation]:
    """Each operation of an OpenAPI document, in its order."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                body = item[method]
                name = body["operationId"]
                asked = _body_schema(document, body)
                yield Operation(
                    id=name,
                    method=method.upper(),
                    path=path,
                    statuses=tuple(str(status) for status in body.get("responses", {})),
                    legacy=(legacy or {}).get(name, ()),
                    definition=body,
                    members=frozenset(asked.get("properties", {})),
                    needed=frozenset(asked.get("required", ())),
                )


def _body_schema(document: Mapping[str, Json], operation: Mapping[str, Json]) -> Mapping[str, Json]:
    node: Json = operation.get("requestBody", {})
    for name in ("content", "application/json", "schema"):
        node = _resolved(document, node).get(name, {})
    return _resolved(document, node)


def _resolved(document: Mapping[str, Json], node: Json) -> Mapping[str, Json]:
    while isinstance(node, dict) and "$ref" in node:
        node = resolve(document, str(node["$ref"]).lstrip("#"))
    return node if isinstance(node, dict) else {}
