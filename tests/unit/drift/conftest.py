"""What the tests of drift share."""

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.drift import documents, publications


@pytest.fixture
def changes():
    """(area, kind, at) of every change that a text shows against a contract, and what could not be read."""

    def compare(slug, text, month=None):
        contract = contracts.load(slug, month)
        page = publications.parse(text, "page")
        found = documents.compare(contract, page)
        return [(one.area, one.kind, one.at) for one in found.changes], [one.what for one in found.unread]

    return compare
