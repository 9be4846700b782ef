"""Editions: what changed between two months, and which months a recorded implementation can be of."""

import json

import pytest
from tests.unit.drift.test_shapes import ANSWER, start

from export_contracts.catalogue import contract as contracts
from export_contracts.drift import dating, editions, promises, sides

VENDORS = ("adobe", "apsis", "bloomreach", "braze")


def test_what_december_2021_brought():
    found = editions.between(contracts.load("braze"), "2021-04", "2021-12", fail_on="any").changes
    told = {(one.area, one.kind, one.at): one.level for one in found}
    assert told["request", "now-required", "fields_to_export"] == "breaking-for-consumers"
    assert told["limit", "limit-new", "days of history"] == "breaking-for-consumers"
    assert told["object", "new", "push_tokens[].device_id"] == "compatible"
    assert told["clause", "clause-new", "BRZ-031"] == "breaking-for-providers"


CAME = {
    ("adobe", "2020-03", "2022-05"): {
        ("status", "status-changed", "200"), ("request", "now-required", "schema.name"),
        ("request", "new", "evaluationInfo.segmentation"), ("request", "new", "destination.segmentPerBatch"),
        ("request", "new", "additionalFields.eventList.filter.toIngestTimestamp"),
        ("response", "new", "destination.segmentPerBatch"), ("response", "type-changed", "destination.batches"),
        ("response", "new", "totalExportedProfileCounter"),
    },
    ("adobe", "2022-05", "2023-04"): {("request", "enumeration-shrank", "filter.segments[].status")},
    ("apsis", "2021-08", "2021-09"): {
        ("request", "new", "segments"), ("request", "new", "segments.timezone"), ("request", "new", "segments.filter"),
        ("request", "new", "segments.segment_discriminators"), ("request", "new", "segments.segment_definitions"),
        ("request", "new", "consent_list_discriminator"), ("wording", "new", "method of the poll"),
    },
    ("apsis", "2021-09", "2022-10"): {
        ("request", "gone", "consent_list_discriminator"), ("wording", "new", "default format"),
        ("format", "new", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    },
    ("bloomreach", "2018-04", "2019-12"): {
        ("request", "enumeration-shrank", "format"), ("request", "type-changed", "execution_time"),
        ("wording", "wording-changed", "path"),
    },
}  # fmt: skip


@pytest.mark.parametrize("step", CAME)
def test_what_an_edition_brought_besides_clauses(step):
    slug, before, after = step
    found = editions.between(contracts.load(slug), before, after, fail_on="any").changes
    assert {(one.area, one.kind, one.at) for one in found if not one.area.startswith("clause")} == CAME[step]


@pytest.mark.parametrize("slug", VENDORS)
def test_an_edition_does_not_differ_from_itself(slug):
    for month in editions.editions(contracts.load(slug)):
        assert editions.between(contracts.load(slug), month, month, fail_on="any").changes == ()


@pytest.mark.parametrize("slug", VENDORS)
def test_promises_of_one_name_never_overlap(slug):
    by_name = {}
    for one in promises.of(contracts.load(slug)):
        by_name.setdefault((one.group, one.at), []).append(one)
    for many in by_name.values():
        for month in editions.editions(contracts.load(slug)):
            assert sum(one.holds(month) for one in many) <= 1, (many[0].at, month)


def spans(asked):
    contract = contracts.load("braze")
    side = sides.of(contract, [start(ANSWER, asked=asked)], "x")
    return dating.date(contract, side.shape, {}).spans


def test_traffic_tells_its_editions():
    assert spans({"segment_id": "x"}) == (("2020-05", "2021-12"),)
    assert spans({"segment_id": "x", "fields_to_export": ["cards_clicked"]}) == (("2020-05", "2022-07"),)
    named = {"segment_id": "x", "fields_to_export": ["email"], "custom_attributes_to_export": ["a"]}
    assert spans(named) == (("2023-06", None),)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["braze", "2021-04", "2021-12"], 1),
        (["braze", "2021-04", "2021-04"], 0),
        (["braze", "2021-04"], 2),
        (["braze"], 2),
        (["braze", "--document", "no-such-file"], 2),
        (["nobody", "2021-04", "2021-12"], 2),
        (["braze", "no-such.yaml", "neither.yaml"], 2),
    ],
)
def test_exit_codes(capsys, arguments, code):
    from export_contracts.cli.main import main

    assert main(["drift", *arguments]) == code
    capsys.readouterr()


def test_forms_of_a_report(capsys, tmp_path):
    from junitparser import JUnitXml

    from export_contracts.cli.main import main

    junit = tmp_path / "junit.xml"
    main(["drift", "braze", "2021-04", "2021-12", "--json", "--junit", str(junit)])
    found = json.loads(capsys.readouterr().out)
    assert found["exit_code"] == 1
    assert len(found["changes"]) == sum(found["summary"].values())
    suite = next(iter([JUnitXml.fromfile(str(junit))]))
    assert (suite.tests, suite.failures) == (len(found["changes"]), len(found["changes"]))
    main(["drift", "braze", "2021-04", "2021-12", "--markdown"])
    page = capsys.readouterr().out
    assert all(f"<!-- fingerprint: {one['fingerprint']} -->" in page for one in found["changes"])


def test_a_member_of_several_operations_is_told_with_its_operation():
    """`segment_id` is as old as the export; what came in 2025 is the one of the cancel."""
    braze = contracts.load("braze")
    asked = {"segment_id": {"types": ["string"], "always": True}}
    cancel = {"accepted": asked, "asked": asked, "answers": {}}
    shape = {"operations": {"cancelSegmentExport": cancel}, "objects": {}}
    reasons = dating.date(braze, shape, {}).reasons
    assert reasons["2021-12"] == ("segment_id (request of cancelSegmentExport) came in 2025-11",)
