"""`drift VENDOR --document`: publications against the contract of a month. Opens and fetches; compares nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from export_contracts.catalogue.contract import Contract
from export_contracts.drift import compare_pages, fetching, knowledge, publications
from export_contracts.drift.change import Change
from export_contracts.drift.report import Report
from export_contracts.drift.said import Publication, Unread


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
    return Report(
        contract.manifest.slug,
        f"contract as of {contract.as_of or 'today'}",
        ", ".join(map(_short, files)),
        tuple(_touching(contract, _distinct(changes))),
        tuple(dict.fromkeys(unread)),
        fail_on,
    )


def compare(contract: Contract, page: Publication) -> compare_pages.Comparison:
    """One publication against the contract; a copy of the contract's own OpenAPI file against that file."""
    own = page.title and page.title == contract.openapi.get("info", {}).get("title")
    promises = knowledge.itself(contract) if own else knowledge.promised(contract)
    return compare_pages.compare(page, promises, knowledge.operations(contract), contract.as_of)


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
