"""What a list happens to hold when it is asked for is no drift; what nobody has shown before is."""

from __future__ import annotations

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.drift import compare_shapes
from export_contracts.drift.declared import Declared


def shape(listed, read):
    answers = {"listExportJobs": ("records[].status", listed), "retrieveExportJob": ("status", read)}
    bare = {"media": ["application/json"], "headers": [], "sometimes": []}
    return {
        "operations": {
            name: {
                "cases": {},
                "asked": {},
                "answers": {"200": {**bare, "body": {at: {"types": ["string"], "values": values}}}},
            }
            for name, (at, values) in answers.items()
        },
        "objects": {},
        "limits": {},
    }


@pytest.mark.parametrize(
    ("listed", "read", "told"),
    [
        (["NEW", "PROCESSING"], ["NEW", "PROCESSING"], []),
        (["NEW", "(another)"], ["NEW", "PROCESSING"], ["records[].status"]),
        (["NEW", "FAILED"], ["NEW", "PROCESSING"], ["records[].status"]),
        (["NEW"], ["NEW", "PROCESSING", "FAILED"], ["status"]),
    ],
)
def test_a_state_shown_elsewhere_is_new_in_no_list(listed, read, told):
    before = shape(["NEW"], ["NEW", "PROCESSING"])
    found = compare_shapes.compare(Declared.of(contracts.load("adobe")), before, shape(listed, read))
    assert [one.at for one in found if one.kind == "enumeration-grew"] == told
