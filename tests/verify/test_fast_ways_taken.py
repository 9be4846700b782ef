"""The fastest way takes ordinary deliveries; it being silent would go unnoticed but for the time it takes."""

from __future__ import annotations

import io

import pytest
from tests.verify.conftest import NOW, PREFIX, text, users

from export_contracts.checks.delivered import Asked, Named
from export_contracts.files.streams import Limits
from export_contracts.schema.narrow import Narrow
from export_contracts.schema.proved import Proved
from export_contracts.schema.spelled import Spelled
from export_contracts.vendors.braze import verify as braze


@pytest.mark.parametrize("as_of", [None, "2021-04", "2023-01"])
@pytest.mark.parametrize("attributes", [[], sorted({name for row in users(40) for name in row["custom_attributes"]})])
def test_an_ordinary_delivery_is_matched_as_text(monkeypatch, as_of, attributes):
    taken = []
    monkeypatch.setattr(Narrow, "take", lambda *_: None)
    fastest = Spelled if attributes else Proved
    real = fastest.take
    monkeypatch.setattr(fastest, "take", lambda *given: taken.append(real(*given)) or taken[-1])
    body = text(users(40)) * 2
    named = Named("a.json", f"/b/segment-export/s/2026-09-22/{PREFIX}/a.json", len(body), float(NOW))
    asked = Asked({"custom_attributes_to_export": attributes} if attributes else {})
    reader = braze.reader(as_of, asked, [named])
    for _ in range(2):
        result = reader.examine(named, io.BytesIO(body), Limits(), lambda *_: None)
    assert result.rows == 80
    assert taken
    assert taken[-1] is not None
