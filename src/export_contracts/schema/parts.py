"""A schema within a schema, and where it leads. Compiles nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from export_contracts.model import MISSING, Json
from export_contracts.schema.pointer import join, resolve
from export_contracts.schema.validation import uri

REMARKS: Final = frozenset({"description", "title", "$schema", "$defs", "$id", "examples"})
"""Keywords that say nothing of what is valid."""


@dataclass(frozen=True)
class Part:
    """A schema and what refers to it."""

    schema: Json
    ref: str | None = None

    def inside(self, *keys: str | int) -> Part:
        """A schema within this one."""
        return Part(resolve(self.schema, join("", *keys)), None if self.ref is None else join(self.ref, *keys))

    @property
    def as_schema(self) -> Json:
        """What a validator is compiled of: a reference, where there is one, for the references within."""
        return self.schema if self.ref is None else {"$ref": self.ref}


def followed(part: Part, schemas: Mapping[str, Mapping[str, Json]]) -> Part:
    """The schema that this one refers to and says nothing beside."""
    while said(part) == {"$ref"}:
        target: str = part.schema["$ref"]
        name, _, pointer = target.partition("#")
        base = name or (part.ref or "").partition("#")[0]
        document = next((body for known, body in schemas.items() if uri(known) == base), None)
        found = MISSING if document is None else resolve(document, pointer)
        if found is MISSING:
            break
        part = Part(found, f"{base}#{pointer}")
    return part


def said(part: Part) -> set[str]:
    """The keywords of a schema that count."""
    return counting(part.schema)


def counting(schema: Json) -> set[str]:
    """Keywords of which validity depends: neither remarks nor our own, which tell since when a member stands."""
    words = schema if isinstance(schema, dict) else ()
    return {one for one in words if one not in REMARKS and not one.startswith("x-")}


def kinds_of(schema: Json) -> frozenset[str] | None:
    """The JSON types that a schema names; None where it names none."""
    named = schema.get("type") if isinstance(schema, dict) else None
    return frozenset([named] if isinstance(named, str) else named) if named else None
