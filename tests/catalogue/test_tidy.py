"""The catalogue audited: every clause is sourced, checked, proved and exercised; nothing lies about unused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from export_contracts.catalogue import contract, plugins
from export_contracts.check.conduct import exercised_by
from export_contracts.checks import builtin, registry

SLUGS = plugins.slugs()
LOCK = Path(__file__).with_name("clause-ids.lock.json")


def active(slug):
    book = contract.load(slug)
    return [one for one in book.clauses if book.is_active(one)]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_source_exists(slug):
    book = contract.load(slug)
    general = contract.general_documents()
    unknown = {
        (one.id, source.document)
        for one in book.clauses
        for source in one.source
        if source.document not in book.documents and source.document not in general
    }
    assert unknown == set()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_document_is_used(slug):
    book = contract.load(slug)
    used = {source.document for one in book.clauses for source in one.source}
    assert set(book.documents) - used == set()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_check_exists_and_is_used(slug):
    own = registry.checks_in(plugins.module(slug, "checks"))
    named = {one.check for one in contract.load(slug).clauses}
    assert named - set(own) - set(registry.checks_in(builtin)) == set()
    assert set(own) - named - set(registry.checks_in(builtin)) == set()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_active_clause_has_a_mutant(slug):
    assert [one.id for one in active(slug) if not one.mutants] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_active_clause_is_exercised(slug):
    exercised = exercised_by(slug)
    assert [one.id for one in active(slug) if not exercised.get(one.id)] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_scenario_exercises_something(slug):
    from export_contracts.check.run import scenarios_of

    useful = {name for names in exercised_by(slug).values() for name in names}
    assert {one.name for one in scenarios_of(slug)} - useful == set()


@pytest.mark.parametrize("slug", SLUGS)
def test_titles_are_unique_and_in_the_present_tense(slug):
    titles = [one.title for one in contract.load(slug).clauses]
    assert len(titles) == len(set(titles))
    assert [one for one in titles if one.endswith(".") or " will be " in one] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_no_file_holds_more_clauses_than_can_be_overlooked(slug):
    sections = [one.section for one in contract.load(slug).clauses]
    assert {one for one in sections if sections.count(one) > 25} == set()


def test_clause_ids_are_locked():
    """An id once given is never reused: run with UPDATE_SNAPSHOTS=1 to add new ones."""
    titles = {one.id: one.title for slug in SLUGS for one in contract.load(slug).clauses}
    if os.environ.get("UPDATE_SNAPSHOTS"):
        LOCK.write_text(json.dumps(dict(sorted(titles.items())), indent=1, ensure_ascii=False) + "\n", "utf-8")
    locked = json.loads(LOCK.read_text(encoding="utf-8"))
    assert titles == locked


def test_every_cassette_belongs_to_a_vendor():
    from export_contracts import resources

    folders = {path.name for path in resources.cassettes().iterdir() if path.is_dir()}
    assert folders <= set(SLUGS)
