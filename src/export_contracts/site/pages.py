"""Every page of the site as a path and a text, from contracts alone. Writes no file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from export_contracts.catalogue.contract import Contract, general_documents
from export_contracts.model import Clause, Json
from export_contracts.report import reading, words
from export_contracts.report.templating import environment, look
from export_contracts.site import editions, fields, history, life_cycle, operations, search_index, viewer
from export_contracts.site.links import clause_folder, clause_path
from export_contracts.site.prose import phrase, prose

TEMPLATES = Path(__file__).with_name("templates")
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; form-action 'self'"

Page = tuple[str, str]
"""A path relative to the site's folder, with `/`, and its text."""


def pages(contracts: Sequence[Contract]) -> Iterator[Page]:
    """The whole site."""
    yield "style.css", look() + (TEMPLATES / "site.css").read_text(encoding="utf-8")
    yield "site.js", (TEMPLATES / "site.js").read_text(encoding="utf-8")
    yield "search-index.js", search_index.script(contracts)
    bundle = viewer.bundle()
    shared: dict[str, Json] = {
        "vendors": [one.manifest for one in contracts],
        "viewed": bundle is not None,
        "as_of": next((one.as_of for one in contracts), None),
    }
    if bundle is not None:
        yield from viewer.files(bundle)
        for name in ("viewer.js", "viewer.css"):
            yield name, (TEMPLATES / name).read_text(encoding="utf-8")
    counts = {one.manifest.slug: sum(one.is_active(clause) for clause in one.clauses) for one in contracts}
    documents = {one.manifest.slug: len(one.documents) for one in contracts}
    mutants = sum(
        len(clause.mutants) for clause in {clause.id: clause for x in contracts for clause in x.clauses}.values()
    )
    yield _page("index.html", "index.html", **shared, counts=counts, documents=documents, mutants=mutants)
    yield _page("search.html", "search.html", **shared)
    yield _page("matrix.html", "matrix.html", **shared, rows=reading.matrix_json(contracts))
    for contract in contracts:
        yield from _vendor(contract, shared)
    yield from _clauses(contracts, shared)


def _vendor(contract: Contract, shared: dict[str, Json]) -> Iterator[Page]:
    slug = contract.manifest.slug
    cycle = life_cycle.load(contract.folder)
    known = {one.id: clause_path(contract, one) for one in contract.clauses}
    common = {
        **shared,
        "manifest": contract.manifest,
        "contract": contract,
        "paths": known,
        **_parts(contract),
    }
    months = editions.months(contract)
    yield _page(
        f"{slug}/index.html",
        "vendor.html",
        **common,
        sections=_sections(contract),
        months=months,
        documents=list(contract.documents.values()),
        opened=[words for one in contract.documents.values() for words in one.get("open", ())],
        cycle=cycle,
    )
    yield _page(f"{slug}/operations.html", "operations.html", **common, operations=list(operations.pages(contract)))
    yield _page(f"{slug}/fields.html", "fields.html", **common, tables=list(fields.tables(contract)))
    if shared["viewed"]:
        yield f"{slug}/openapi.js", viewer.description(contract)
        yield _page(f"{slug}/openapi.html", "viewer.html", **common, policy=viewer.POLICY)
    printed = list(editions.groups(contract))
    if printed:
        yield _page(f"{slug}/editions.html", "editions.html", **common, groups=printed, months=months)
    if cycle is not None:
        yield _page(f"{slug}/life-cycle.html", "life-cycle.html", **common, cycle=cycle)


def _parts(contract: Contract) -> dict[str, Json]:
    """Which pages the vendor has besides those that every vendor has."""
    return {
        "cycled": (contract.folder / "life-cycle.yaml").is_file(),
        "printed": (contract.folder / "promises.yaml").is_file(),
    }


def _sections(contract: Contract) -> dict[str, list[Clause]]:
    sections: dict[str, list[Clause]] = {}
    for one in contract.clauses:
        sections.setdefault(one.section, []).append(one)
    return sections


def _clauses(contracts: Sequence[Contract], shared: dict[str, Json]) -> Iterator[Page]:
    """A page for each clause; one that binds every vendor has one page for all of them."""
    written: set[str] = set()
    for contract in contracts:
        known = {one.id: clause_path(contract, one) for one in contract.clauses}
        for before, one, after in zip(
            (None, *contract.clauses), contract.clauses, (*contract.clauses[1:], None), strict=False
        ):
            folder = clause_folder(contract, one)
            if folder in written:
                continue
            written.add(folder)
            general = folder.startswith("general/")
            documents = general_documents() if general else contract.documents
            yield _page(
                f"{folder}/index.html",
                "clause.html",
                **shared,
                manifest=None if general else contract.manifest,
                clause=one,
                entry=reading.clause_json(contract, one),
                documents=documents,
                folder=folder,
                before=before,
                after=after,
                paths=known,
                history=list(history.events(one, documents)),
                **_parts(contract),
            )


def _page(path: str, template: str, **values: Json) -> Page:
    jinja = environment(TEMPLATES)
    jinja.filters.update(prose=prose, phrase=phrase, lines=words.lines)
    root = "../" * path.count("/")
    text = jinja.get_template(template).render(
        root=root,
        tool=version("export-contracts"),
        **{"manifest": None, "cycled": False, "printed": False, "viewed": False, "policy": POLICY, **values},
    )
    return path, text
