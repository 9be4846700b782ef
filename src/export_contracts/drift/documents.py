"""`drift VENDOR --document`: publications against the contract of a month. Opens and fetches; compares nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from export_contracts.catalogue.contract import Contract
from export_contracts.drift import compare_pages, fetching, knowledge, publications, relevance
from export_contracts.drift.change import Change
from export_contracts.drift.report import Report
from export_contracts.drift.said import Publication, Unread
from export_contracts.errors import UsageError

DRAWN_FROM: Final = 3
"""How many times fewer changes it takes to say which file a description was drawn from."""


def against_contract(contract: Contract, files: Sequence[str], *, fail_on: str) -> Report:
    """One report on all files; a change that several of them show stands once."""
    changes: list[Change] = []
    unread: list[Unread] = []
    for file in files:
        page = publications.content(fetching.fetch(file), file) if fetching.is_url(file) else publications.read(file)
        found = compare(contract, page)
        several = len(files) > 1
        short = _short(page.name)
        changes += [replace(one, where=f"{short}: {one.where}") if several else one for one in found.changes]
        unread += [replace(one, where=f"{short}: {one.where}") if several else one for one in found.unread]
    if sum(one.what == relevance.NOTHING for one in unread) == len(files):
        raise UsageError(
            f"{', '.join(map(_short, files))}: {relevance.NOTHING}.",
            hint=f"Give {contract.manifest.title}'s page on its exports, its collection or its OpenAPI file.",
        )
    return Report(
        contract.manifest.slug,
        f"contract as of {contract.as_of or 'today'}",
        ", ".join(map(_short, files)),
        tuple(_touching(contract, _distinct(changes))),
        tuple(dict.fromkeys(unread)),
        fail_on,
    )


def compare(contract: Contract, page: Publication) -> compare_pages.Comparison:
    """One publication against the contract.

    An API description may follow the vendor's own or the contract's file: what one of them says is no drift. A copy
    of the contract's file is compared with that file alone.
    """
    operations = knowledge.operations(contract)
    if page.form != "openapi":
        return compare_pages.compare(page, knowledge.promised(contract), operations, contract.as_of)
    ours = compare_pages.compare(page, knowledge.itself(contract), operations, contract.as_of)
    if page.title and page.title == contract.openapi.get("info", {}).get("title"):
        return ours
    theirs = compare_pages.compare(page, knowledge.promised(contract), operations, contract.as_of)
    if len(ours.changes) <= len(theirs.changes):  # it was drawn from the contract's file
        return ours
    if len(theirs.changes) * DRAWN_FROM <= len(ours.changes):  # it is the vendor's own file, of one date or another
        return theirs
    both = {key for one in ours.changes for key in _touched(one)}
    known = {(one.group.area, one.group.operation, one.at) for one in knowledge.itself(contract)}
    lost = [one for one in theirs.changes if one.kind == "gone" and not known & _touched(one)]  # never in our file
    return replace(theirs, changes=tuple(one for one in theirs.changes if one in lost or both & _touched(one)))


def _touched(one: Change) -> set[tuple[str | None, ...]]:
    """What a change is about; of one status that took another's place, both."""
    about: set[tuple[str | None, ...]] = {(one.area, one.operation, one.at)}
    if one.area == "status":
        about |= {(one.area, one.operation, one.was), (one.area, one.operation, one.now)}
    return about


def _short(file: str) -> str:
    return file if fetching.is_url(file) else file.rpartition("/")[2]


def _distinct(changes: Iterable[Change]) -> list[Change]:
    found: dict[str, Change] = {}
    for one in changes:
        found.setdefault(one.fingerprint(""), one)
    return list(found.values())


def _touching(contract: Contract, changes: Iterable[Change]) -> Iterable[Change]:
    for one in changes:
        yield one.touching(knowledge.touched(contract, one.operation, one.area, one.at))
