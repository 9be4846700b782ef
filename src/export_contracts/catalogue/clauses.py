"""Clause files, `specs/<slug>/clauses/*.yaml`, read into `Clause` values.

Each is checked against `specs/meta/clause.schema.json`, so that a misspelt key is an error and never a
silently lost promise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from export_contracts import resources
from export_contracts.catalogue import strict_yaml
from export_contracts.errors import ContractError
from export_contracts.model import Clause, Json, Mutant, Source
from export_contracts.schema.validation import Validator


@cache
def meta_validator(name: str) -> Validator:
    """The validator of one of our own file formats (`clause`, `results`, `shape`, `target`)."""
    path = resources.specs() / "meta" / f"{name}.schema.json"
    return Validator(json.loads(path.read_text(encoding="utf-8")), {})


def load(folder: Path) -> Iterator[Clause]:
    """Each clause of a vendor's folder, in file and line order."""
    seen: dict[str, Path] = {}
    for path in sorted((folder / "clauses").glob("*.yaml")):
        for entry in strict_yaml.load(path) or []:
            problem = next(meta_validator("clause").violations(entry), None)
            if problem is not None:
                name = entry.get("id", "a clause") if isinstance(entry, dict) else "an entry"
                raise ContractError(
                    f"{path.name}: {name} at {problem.pointer or '/'}: expected {problem.expected}, got {problem.got}.",
                    hint="specs/meta/clause.schema.json says what a clause may hold.",
                )
            clause = parse(entry, section=path.stem)
            if clause.id in seen:
                raise ContractError(f"{clause.id} stands in {seen[clause.id].name} and again in {path.name}.")
            seen[clause.id] = path
            yield clause


def parse(entry: Mapping[str, Json], *, section: str = "") -> Clause:
    """One clause from its YAML mapping."""
    return Clause(
        id=entry["id"],
        title=entry["title"],
        party=entry["party"],
        level=entry["level"],
        basis=entry["basis"],
        source=tuple(Source(one["document"], one.get("lines")) for one in entry["source"]),
        check=entry["check"],
        when=entry.get("when", {}),
        parameters=entry.get("with", {}),
        since=entry.get("since"),
        until=entry.get("until"),
        needs=tuple(entry.get("needs", ())),
        readings=entry.get("readings", {}),
        mutants=tuple(_mutant(name, body) for name, body in entry.get("mutants", {}).items()),
        note=entry.get("note"),
        section=section,
    )


def _mutant(name: str, body: Mapping[str, Json]) -> Mutant:
    on = body.get("on", {})
    also = tuple(body.get("also", ()))
    if "server" in body:
        return Mutant(name, "server", call=body["server"], on=on, also=also)
    if "client" in body:
        script = body["client"]
        if isinstance(script, str):
            return Mutant(name, "client", call=script, on=on, also=also)
        return Mutant(name, "client", patch=tuple(script), on=on, also=also)
    return Mutant(name, "patch", patch=tuple(body["patch"]), on=on, also=also)
