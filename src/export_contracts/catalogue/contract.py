"""A vendor's whole contract at a date: manifest, operations, schemas, clauses, documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from export_contracts import resources
from export_contracts.catalogue import dated, plugins, strict_yaml
from export_contracts.catalogue import manifest as manifest_file
from export_contracts.catalogue.manifest import Manifest
from export_contracts.errors import ContractError, UsageError
from export_contracts.model import Clause, Json
from export_contracts.schema import openapi
from export_contracts.schema.openapi import Operation

if TYPE_CHECKING:  # whoever only serves a vendor validates nothing
    from export_contracts.schema.validation import Validator


@dataclass(frozen=True)
class Contract:
    """Everything under `specs/<slug>/`, each file read when first asked for: a gate opens before it can judge.

    `as_of` (`YYYY-MM`) picks the edition; None is the newest. Raises ContractError where a file breaks its format.
    """

    manifest: Manifest
    folder: Path
    as_of: str | None = None
    _validators: dict[str, Validator] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses that bind every vendor (GEN), then the vendor's own, in the order of their files."""
        return tuple(_clauses(self.folder, self.manifest.prefix))

    @cached_property
    def openapi(self) -> Mapping[str, Json]:
        """The vendor's OpenAPI document, at a date without what that date did not have."""
        document: Mapping[str, Json] = self._dated(strict_yaml.load(self.folder / "openapi.yaml"))
        return document

    def _dated(self, value: Json) -> Json:
        return value if self.as_of is None else dated.as_of(value, self.as_of)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The operations of the OpenAPI document."""
        return tuple(openapi.operations(self.openapi, self.manifest.legacy))

    @cached_property
    def schemas(self) -> Mapping[str, Mapping[str, Json]]:
        """Each file under `schemas/`, by the name clauses refer to it (`schemas/user.json`)."""
        return {
            f"schemas/{path.name}": self._dated(json.loads(path.read_text(encoding="utf-8")))
            for path in sorted((self.folder / "schemas").glob("*.json"))
        }

    @cached_property
    def documents(self) -> Mapping[str, Mapping[str, Json]]:
        """`documents.yaml`: every document relied on, by id."""
        return {one["id"]: one for one in strict_yaml.load(self.folder / "documents.yaml")}

    def validator(self, schema: str | Mapping[str, Json]) -> Validator:
        """The compiled form of a schema given whole or as `schemas/x.json#/pointer`."""
        from export_contracts.schema.validation import Validator, uri

        key = schema if isinstance(schema, str) else json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            body = {"$ref": uri(schema)} if isinstance(schema, str) else schema
            self._validators[key] = Validator(body, self.schemas)
        return self._validators[key]

    def is_active(self, clause: Clause) -> bool:
        """Whether the clause binds at this contract's date."""
        if self.as_of is None:
            return clause.until is None
        return (clause.since or "") <= self.as_of and (clause.until is None or self.as_of < clause.until)

    def clause(self, wanted: str) -> Clause:
        """The clause with that id."""
        for clause in self.clauses:
            if clause.id == wanted.upper():
                return clause
        raise UsageError(
            f"There is no clause {wanted} in {self.manifest.slug}.",
            hint=f"export-contracts show {self.manifest.slug} lists them.",
        )


@cache
def load(slug: str, as_of: str | None = None) -> Contract:
    """The contract of vendor `slug`."""
    folder = plugins.specs_folder(slug)
    if not (folder / "vendor.yaml").is_file():
        raise ContractError(f"{folder} holds no vendor.yaml.")
    return Contract(manifest_file.load(folder), folder, as_of)


def _clauses(folder: Path, prefix: str) -> Iterator[Clause]:
    from export_contracts.catalogue import clauses as clause_files

    for clause in (*clause_files.load(_general()), *clause_files.load(folder)):
        if clause.vendor_prefix not in {prefix, "GEN"}:
            raise ContractError(f"{clause.id} does not begin with {prefix}-.")
        yield clause


def _general() -> Path:
    return resources.specs() / "general"


def general_documents() -> Mapping[str, Mapping[str, Json]]:
    """The documents behind the clauses that bind every vendor, by id."""
    return {one["id"]: one for one in strict_yaml.load(_general() / "documents.yaml")}


def vendor_of(clause_id: str) -> str:
    """The slug of the vendor whose clauses carry this id's prefix."""
    prefix = clause_id.split("-", 1)[0].upper()
    for slug in plugins.slugs():
        if manifest_file.load(plugins.specs_folder(slug)).prefix == prefix:
            return slug
    raise UsageError(f"No vendor has clauses that begin with {prefix}-.", hint="export-contracts show lists all.")
