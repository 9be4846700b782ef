"""Every line of every source document is cited by a clause, or said to promise nothing."""

from __future__ import annotations

import hashlib

import pytest

from export_contracts.catalogue import citations, contract, plugins

GIVEN = [
    (slug, one["id"]) for slug in plugins.slugs() for one in contract.load(slug).documents.values() if "file" in one
]


def test_every_vendor_relies_on_a_document_we_have():
    assert {slug for slug, _ in GIVEN} == set(plugins.slugs())


@pytest.mark.parametrize(("slug", "document"), GIVEN)
def test_no_line_of_a_document_is_forgotten(slug, document, documents):
    book = contract.load(slug)
    text = (documents / book.documents[document]["file"]).read_text(encoding="utf-8")
    assert citations.forgotten(book, document, text) == []


@pytest.mark.parametrize(("slug", "document"), GIVEN)
def test_every_cited_line_exists(slug, document, documents):
    book = contract.load(slug)
    text = (documents / book.documents[document]["file"]).read_text(encoding="utf-8")
    assert citations.beyond(book, document, text) == []


@pytest.mark.parametrize(("slug", "document"), GIVEN)
def test_the_document_is_the_one_that_was_read(slug, document, documents):
    entry = contract.load(slug).documents[document]
    assert hashlib.sha256((documents / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def test_a_forgotten_line_is_named():
    book = contract.load("braze")
    text = "\n".join(f"line {number}" for number in range(1, 400))
    forgotten = citations.forgotten(book, "001_60869d07b3563bbc", text)
    assert "399: line 399" in forgotten


@pytest.mark.parametrize(
    ("written", "lines"),
    [("7", [(7, 0)]), ("40-41, 47", [(40, 0), (41, 0), (47, 0)]), ("89#12-13", [(89, 12), (89, 13)])],
)
def test_line_notation(written, lines):
    assert list(citations.parse_lines(written)) == lines
