"""What the contract's own OpenAPI file knows beyond the printed promises, so that a fuller page is no drift."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from export_contracts.catalogue.contract import Contract
from export_contracts.drift import page_openapi
from export_contracts.drift.promises import Group, Promise, of
from export_contracts.drift.said import Entry


def operations(contract: Contract) -> Mapping[str, tuple[str, str]]:
    """Method and path of every operation of a contract, by its id."""
    return {
        operation["operationId"]: key
        for key, operation, _ in page_openapi.operations(contract.openapi)
        if "operationId" in operation
    }


def promised(contract: Contract) -> tuple[Promise, ...]:
    """The dated promises, and beside them, as rare ones, names and statuses that only the OpenAPI file has."""
    dated = of(contract)
    known = {(form, one.group.operation, one.group.area, one.at) for one in dated for form in one.group.forms}
    groups = {(form, one.group.operation, one.group.area): one.group for one in dated for form in one.group.forms}
    extra = []
    for operation, area, entry in (*_known(contract), *_elsewhere(dated)):
        for form in ("openapi",) if area == "status" else ("page", "openapi"):
            if (form, operation, area, entry.at) not in known and not _dated(dated, operation, area, entry.at):
                group = groups.get((form, operation, area)) or Group(operation, area, frozenset({form}))
                extra.append(Promise(group, entry.at, entry.types, entry.items, entry.need, entry.words, rare=True))
    return (*dated, *dict.fromkeys(extra))


def _elsewhere(dated: tuple[Promise, ...]) -> Iterator[tuple[str, str, Entry]]:
    """Names of bodies and parameters that one kind of publication prints, for those that do not."""
    for one in dated:
        if one.group.area in {"request", "response", "query", "header", "path"}:
            need = one.need if one.need in {"required", "optional"} else None
            entry = Entry(one.at, one.types, one.items, need, one.enum)  # type: ignore[arg-type]  # a need
            yield one.group.operation, one.group.area, entry


def _dated(dated: tuple[Promise, ...], operation: str, area: str, at: str) -> bool:
    """Whether dates say when the name came or went, so that it is not known at all times."""
    return any(
        (one.since or one.until) and (one.group.operation, one.group.area, one.at) == (operation, area, at)
        for one in dated
    )


def itself(contract: Contract) -> tuple[Promise, ...]:
    """The contract's OpenAPI file as promises: what a copy of that very file is compared with."""
    form = frozenset({"openapi"})
    return tuple(
        dict.fromkeys(
            Promise(Group(operation, area, form), one.at, one.types, one.items, one.need, one.words)
            for operation, area, one in _known(contract)
        )
    )


def _known(contract: Contract) -> Iterator[tuple[str, str, Entry]]:
    for key, operation, parameters in page_openapi.operations(contract.openapi):
        name = str(operation.get("operationId", ""))
        for place in page_openapi.places(contract.openapi, key, operation, parameters):
            yield from ((name, str(place.area), one) for one in place.entries)
        yield from ((name, "status", Entry(str(one).upper())) for one in operation.get("responses") or ())


def touched(contract: Contract, operation: str, area: str, at: str) -> tuple[str, ...]:
    """Clauses, in force or not, that speak of this name: in what they select, check or spoil, or by declaration."""
    last = re.split(r"\.|\[\]", at.removesuffix("[]"))[-1]
    name = re.compile(rf"(?<![\w-]){re.escape(last)}(?![\w-])", re.IGNORECASE)
    if area == "path":  # of the whole, or of what stands in it
        name = re.compile(rf"{name.pattern}|documented methods? and paths?", re.IGNORECASE)
    if area == "request":  # what is new there may be against the clause that knows all of them
        name = re.compile(rf"{name.pattern}|documented members only", re.IGNORECASE)
    mates = [one for one in of(contract) if one.group.area == area]
    mates = [one for one in mates if one.at == at] or (mates if area == "format" else [])
    declared = (id_ for one in mates for id_ in one.clauses)
    found = list(dict.fromkeys(declared))
    for clause in contract.clauses:
        selected = clause.when.get("operation") if clause.when else None
        listed = [selected] if isinstance(selected, str) else selected or []
        if operation and listed and operation not in listed and area != "object":
            continue
        said = " ".join([clause.title, str(dict(clause.parameters)), str(dict(clause.when)), str(clause.mutants)])
        if name.search(said):
            found.append(clause.id)
    return tuple(dict.fromkeys(found))
