"""What the contract declares at each path, for shapes: which names, types and values are its own. Reads no traffic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from export_contracts.catalogue.contract import Contract
from export_contracts.drift import knowledge, schema_members
from export_contracts.drift.promises import printed
from export_contracts.drift.said import Entry
from export_contracts.model import Json


@dataclass(frozen=True)
class Declared:
    """Entries by (operation, area, path). Areas: request, query, response, object, callback, refusal."""

    entries: Mapping[tuple[str, str, str], Entry]
    statuses: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, contract: Contract) -> Declared:
        """All that OpenAPI file, schemas and promises of a contract declare, at any date."""
        found: dict[tuple[str, str, str], Entry] = {}
        statuses: dict[str, set[str]] = {}
        for one in knowledge.promised(contract) if printed(contract) else ():
            if one.group.area == "status":
                statuses.setdefault(one.group.operation, set()).add(one.at)
                continue
            operation = "" if one.group.area == "object" else one.group.operation
            need = one.need if one.need in {"required", "optional", "conditional"} else None
            old = found.get((operation, one.group.area, one.at))
            types = one.types | (old.types if old else frozenset())
            words = one.enum | (old.words if old else frozenset())
            found[operation, one.group.area, one.at] = Entry(one.at, types, one.items, need, words)  # type: ignore[arg-type]  # a need
        for one in knowledge.itself(contract):
            key = (one.group.operation, one.group.area, one.at)
            old = found.get(key)
            types = one.types | (old.types if old else frozenset())
            words = one.enum | (old.words if old else frozenset())
            found[key] = Entry(one.at, types, one.items, one.need, words)  # type: ignore[arg-type]  # the same
        for area, file in (("object", "schemas/user.json"), ("callback", "schemas/callback.json")):
            for entry in _schema(contract, file):
                found["", area, entry.at] = entry
        for word in ("message", "errors", "error", "title", "detail", "status", "success", "error_code", "report"):
            for name in {operation for operation, _, _ in found}:
                found.setdefault((name, "refusal", word), Entry(word))
        return cls(found, {name: frozenset(many) for name, many in statuses.items()})

    def get(self, operation: str, area: str, at: str) -> Entry | None:
        """What is declared at a path."""
        return self.entries.get((operation, area, at))

    def has(self, operation: str, area: str, at: str) -> bool:
        """Whether the path is declared."""
        return (operation, area, at) in self.entries

    def values(self, operation: str, area: str, at: str) -> frozenset[str]:
        """The enumeration at a path, if there is one."""
        entry = self.entries.get((operation, area, at)) or self.entries.get((operation, area, at.removesuffix("[]")))
        if entry is None or "*" in entry.words:
            return frozenset()
        return entry.words

    def closed(self, operation: str, area: str, at: str) -> bool:
        """Whether the members of the object at a path are named by the contract, and not by customers."""
        if not at:
            return True
        prefix = f"{at}."
        if (entry := self.get(operation, area, at.removesuffix("[]"))) and "*" in entry.words:
            return False
        return any(key[:2] == (operation, area) and key[2].startswith(prefix) for key in self.entries)

    def documented(self, operation: str, status: str) -> bool:
        """Whether the contract has this answer of the operation."""
        known = self.statuses.get(operation, frozenset())
        return status in known or f"{status[0]}XX" in known


def _schema(contract: Contract, file: str) -> tuple[Entry, ...]:
    schema = contract.schemas.get(file)
    if schema is None:
        return ()
    document: dict[str, Json] = {**schema, "paths": {}}
    return schema_members.members(document, dict(schema))
