"""A contract of a month has the members and values of that month; without a month it has all editions at once."""

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import dated
from export_contracts.cli.main import main
from export_contracts.drift import documents, publications

SCHEMA = {
    "properties": {"a": {"type": "string"}, "b": {"x-since": "2021-04"}, "c": {"x-until": "2022-07"}},
    "required": ["a", "b", "c"],
    "parameters": [{"name": "d", "x-since": "2022-01", "x-until": "2023-01"}],
    "of": {"enum": ["x", "y", None], "x-dates": {"y": {"since": "2021-04"}, "*": {"since": "2019-01"}}},
    "with": {"required": ["e", "f"], "x-dates": {"f": {"since": "2021-04"}}},
}


@pytest.mark.parametrize(
    ("month", "names", "parameters", "values"),
    [
        ("2020-01", ["a", "c"], 0, ["x", None]),
        ("2021-04", ["a", "b", "c"], 0, ["x", "y", None]),
        ("2022-06", ["a", "b", "c"], 1, ["x", "y", None]),
        ("2022-07", ["a", "b"], 1, ["x", "y", None]),
        ("2023-01", ["a", "b"], 0, ["x", "y", None]),
    ],
)
def test_members_and_values_of_a_month(month, names, parameters, values):
    found = dated.as_of(SCHEMA, month)
    assert list(found["properties"]) == found["required"] == names
    assert len(found["parameters"]) == parameters
    assert found["of"]["enum"] == values
    assert found["with"]["required"] == (["e", "f"] if "y" in values else ["e"])


def request(month):
    schemas = contracts.load("braze", month).openapi["components"]["schemas"]
    return schemas["ExportRequest"]["properties"], schemas["FieldName"]["enum"]


def test_a_contract_of_a_month_is_that_months():
    old, new = request("2023-05"), request("2023-06")
    assert set(new[0]) - set(old[0]) == {"custom_attributes_to_export"}
    assert "created_from" not in request("2026-04")[1]
    assert "created_from" in request("2026-05")[1]
    assert "created_from" in request(None)[1]
    assert "created_from" not in contracts.load("braze", "2026-04").schemas["schemas/field-name.json"]["enum"]


def test_a_page_that_runs_ahead_of_its_month_is_drift():
    page = publications.parse(
        "POST /users/export/segment\n\n| Name | Needed | Type |\n|---|---|---|\n| `segment_id` | Required | String |\n"
        "| `callback_endpoint` | Optional | String |\n| `fields_to_export` | Required | Array |\n"
        "| `output_format` | Optional | String |\n| `custom_attributes_to_export` | Optional | Array |\n",
        "page",
    )
    told = {
        month: [(one.kind, one.at) for one in documents.compare(contracts.load("braze", month), page).changes]
        for month in ("2022-08", "2023-06")
    }
    assert told == {"2022-08": [("new", "custom_attributes_to_export")], "2023-06": []}


def test_nothing_is_sent_for_clauses_that_did_not_bind(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("export_contracts.cli.venues.venue", None)
    assert main(["check", "braze", "--as-of", "2020-01", "--only", "BRZ-031"]) == 2
    assert "BRZ-031 did not bind in 2020-01" in capsys.readouterr().err
