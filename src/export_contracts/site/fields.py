"""The members of delivered rows and payloads, each with its dates and the clauses that speak of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Clause, Json
from export_contracts.site.operations import Member, Resolver, members


@dataclass(frozen=True)
class Field:
    """One member of one schema; `dates` are phrases such as `since 2026-05`, `anchor` is its place on the page."""

    anchor: str
    member: Member
    dates: tuple[str, ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Table:
    """The fields of one schema file."""

    file: str
    title: str
    about: str
    fields: tuple[Field, ...]


def tables(contract: Contract) -> Iterator[Table]:
    """A table for each schema that has members."""
    resolve = Resolver(contract)
    dates = _dates(contract)
    for file, schema in contract.schemas.items():
        found = tuple(
            Field(
                _anchor(file, one),
                one,
                dates.get(one.place.rpartition("/")[2], ()),
                tuple(_speaking(contract, file, one.place)),
            )
            for one in _once(members({"$ref": f"{file.rpartition('/')[2]}#"}, resolve))
        )
        if found:
            yield Table(file, schema.get("title", file), schema.get("description", ""), found)


def _anchor(file: str, member: Member) -> str:
    stem = file.rpartition("/")[2].removesuffix(".json")
    return stem + member.place.replace("/", "-").replace("*", "each")


def _once(found: Iterator[Member]) -> Iterator[Member]:
    seen: set[str] = set()
    for one in found:
        if one.place not in seen:
            seen.add(one.place)
            yield one


def _speaking(contract: Contract, file: str, place: str) -> Iterator[Clause]:
    """Clauses whose schema is this member's, or whose pointer or defects lead to it."""
    name = f"/{place.strip('/').split('/')[0]}"
    for clause in contract.clauses:
        reference = str(clause.parameters.get("ref", ""))
        pointers = [str(clause.parameters.get("pointer", "")), *_patched(clause)]
        of_file = reference.startswith(file) or "rows" in clause.parameters
        if of_file and any(one.endswith(place) or one == name for one in pointers if one):
            yield clause


def _patched(clause: Clause) -> Iterator[str]:
    for mutant in clause.mutants:
        for step in mutant.patch:
            yield str(step.get("path", "")).removesuffix("/-")


def _dates(contract: Contract) -> Mapping[str, tuple[str, ...]]:
    """Member name to phrases, from the `x-dates` of any schema: since when known, in which months listed."""
    found: dict[str, tuple[str, ...]] = {}
    for schema in contract.schemas.values():
        for name, one in schema.get("x-dates", {}).items():
            if name != "*":
                found[name] = tuple(_phrases(one))
    return found


def _phrases(dates: Mapping[str, Json]) -> Iterator[str]:
    yield f"since {dates['since']}"
    for first, without in dates.get("listed", ()):
        if without is not None or first != dates["since"]:
            yield f"listed from {first}" + (f" until {without}" if without else "")
    if "note" in dates:
        yield dates["note"]
