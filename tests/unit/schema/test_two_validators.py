"""jsonschema decides, jsonschema-rs answers: they agree on what our schemas see in a run, whole and spoilt."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from export_contracts.catalogue import contract, plugins
from export_contracts.catalogue.operations import resolve_operations
from export_contracts.check import proof
from export_contracts.judge import selects
from export_contracts.model import MISSING
from export_contracts.schema.pointer import resolve
from export_contracts.targets.venue import embedded_venue

STRANGERS = (None, True, 0, -1, 1.0, 7.5, 10**20, "", "x", "2026-02-30", [], [None], {}, {"x": 1})
SEEN_OF_EACH = 4


def spoilt(value: object) -> Iterator[object]:
    """The value itself, each stranger in its place, and itself with one member taken out, added or exchanged."""
    yield value
    yield from STRANGERS
    if isinstance(value, dict):
        yield {**value, "surplus": 1}
        for name in value:
            yield {key: one for key, one in value.items() if key != name}
            yield from ({**value, name: stranger} for stranger in STRANGERS)
    if isinstance(value, list) and value:
        yield value + value
        yield from ([stranger, *value[1:]] for stranger in STRANGERS)


def subjects(slug):
    """(clause id, validator, value) for what the schema clauses of a vendor look at in an innocent run."""
    book = contract.load(slug)
    talks = [resolve_operations(book, one) for one in proof.transcripts(book, embedded_venue(slug))]
    for clause in book.clauses:
        if clause.check != "schema" or "rows" in clause.parameters:
            continue
        validator = book.validator(clause.parameters.get("ref") or clause.parameters.get("schema", {}))
        found = 0
        for exchange in (one for talk in talks for one in talk.exchanges if selects(clause, one)):
            value = resolve(exchange.view, clause.parameters.get("pointer", ""))
            if value is not MISSING and found < SEEN_OF_EACH:
                found += 1
                yield clause.id, validator, value


@pytest.mark.parametrize("slug", plugins.slugs())
def test_both_validators_agree(slug):
    compared = 0
    for clause_id, validator, value in subjects(slug):
        for one in spoilt(value):
            compared += 1
            assert validator.is_valid(one) == validator.is_valid_by_the_book(one), (clause_id, one)
    assert compared > 200


@pytest.mark.parametrize("slug", plugins.slugs())
def test_every_schema_file_compiles_alike(slug):
    book = contract.load(slug)
    for name in book.schemas:
        validator = book.validator(name)
        assert [validator.is_valid(one) for one in STRANGERS] == [
            validator.is_valid_by_the_book(one) for one in STRANGERS
        ]
