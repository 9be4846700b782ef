"""What is on its way out, what merely goes by another name, and numbers and values that sentences tell in words."""

import json

import pytest
from tests.unit.drift import layouts, pages

from export_contracts.catalogue import contract as contracts
from export_contracts.drift import compare_pages, documents, knowledge, promises, publications
from export_contracts.drift.change import Change
from export_contracts.drift.report import Report

BRAZE = contracts.load("braze")
MONTH = "2021-12"
START = "exportUsersBySegment"

SENTENCES = (
    "This endpoint is deprecated and will be removed in March.",
    "**This API endpoint has been deprecated.**",
    "Cet endpoint est désormais obsolète.",
    "Dieser Endpunkt ist veraltet.",
)
INNOCENT = (
    "This endpoint replaces the deprecated one below /v1.",
    "Requests with deprecated parameters are taken by this endpoint.",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_an_operation_that_a_sentence_calls_deprecated_is_told(changes, sentence):
    page = pages.markdown(BRAZE, MONTH).replace("## A", f"{sentence}\n\n## A")
    assert changes("braze", page, MONTH)[0] == [("operation", "deprecated", START)]


@pytest.mark.parametrize("sentence", INNOCENT)
def test_what_is_said_of_others_is_not(changes, sentence):
    assert changes("braze", pages.markdown(BRAZE, MONTH).replace("## A", f"{sentence}\n\n## A"), MONTH)[0] == []


MARKED = {
    "row": ("| … `gzip`, `zip` |", "| Deprecated. `gzip`, `zip` |", ("request", "output_format")),
    "name": ("|`callback_endpoint` |", "|`callback_endpoint` (deprecated) |", ("request", "callback_endpoint")),
    "item": ("* `dob`", "* `dob` (deprecated)", ("field", "dob")),
}


@pytest.mark.parametrize("place", MARKED)
def test_a_name_marked_as_deprecated_is_told(changes, place):
    before, after, (area, at) = MARKED[place]
    page = pages.markdown(BRAZE, MONTH).replace("| … |", "|…|").replace("…", "… ").replace("|… |", "| … |")
    page = page.replace("| …  `gzip`", "| … `gzip`")
    assert before in page
    assert changes("braze", page.replace(before, after), MONTH)[0] == [(area, "deprecated", at)]


def test_descriptions_mark_operations_parameters_and_members(changes):
    document = json.loads(json.dumps(contracts.load("adobe").openapi))
    path = next(one for one in document["paths"] if "{" in one)
    document["paths"][path]["delete"]["deprecated"] = True
    assert changes("adobe", json.dumps(document))[0] == [("operation", "deprecated", "cancelExportJob")]


def test_another_name_of_what_stands_in_a_path_breaks_nobody():
    contract = contracts.load("bloomreach")
    page = layouts.bloomreach(layouts.Markdown(), contract).replace("projectToken", "projectId")
    found = documents.compare(contract, publications.parse(page, "page.md"))
    assert isinstance(found, compare_pages.Comparison)
    (one,) = found.changes
    assert (one.kind, one.was, one.now, one.level) == ("placeholder-renamed", "projectToken", "projectId", "cosmetic")
    assert Report("bloomreach", "a", "b", found.changes, (), "any").exit_code == 0


def test_what_is_deprecated_breaks_nobody_yet():
    assert Change("field", "deprecated", "dob").level == Change("operation", "deprecated", "x").level == "compatible"


SAID = {
    "a number in words": (
        "At most one export per segment runs at a time.",
        "At most two exports per segment run at a time.",
        ("limit", "limit-raised", "exports at once of a segment"),
    ),
    "the layout of keys": (
        "`segment-export/SEGMENT_ID/YYYY-MM-dd/RANDOM_UUID-TIMESTAMP_WHEN_EXPORT_STARTED/filename.zip`",
        "`segment-export/SEGMENT_ID/RANDOM_UUID-TIMESTAMP_WHEN_EXPORT_STARTED/filename.zip`",
        ("wording", "wording-changed", "layout of object keys"),
    ),
    "the callback's address": (
        "It holds the attribute `url` with the address.",
        "It holds the attribute `download_url` with the address.",
        ("wording", "wording-changed", "address in the callback"),
    ),
}


@pytest.mark.parametrize("what", SAID)
def test_a_sentence_that_says_something_else_is_told(changes, what):
    before, after, expected = SAID[what]
    page = pages.markdown(BRAZE, MONTH)
    assert changes("braze", page.replace("## A", f"{before}\n\n## A"), MONTH)[0] == []
    assert changes("braze", page.replace("## A", f"{after}\n\n## A"), MONTH)[0] == [expected]


def test_values_behind_the_word_allowed_are_an_enumeration(changes):
    contract = contracts.load("bloomreach")

    def with_values(values):
        def change(rows):
            told = f"How. Allowed values: {values}"
            return [(name, kind, need, told if name == "format" else about) for name, kind, need, about in rows]

        return layouts.bloomreach(layouts.Markdown(), contract, change)

    assert changes("bloomreach", with_values("csv, table_json"))[0] == []
    assert changes("bloomreach", with_values("csv, table_json and parquet"))[0] == [
        ("request", "enumeration-grew", "format")
    ]


def test_a_limit_where_none_was_told_is_new(changes):
    page = layouts.bloomreach(layouts.Markdown(), contracts.load("bloomreach"))
    limited = page.replace("Private access", "No more than 5 requests per minute. Private access")
    assert changes("bloomreach", limited)[0] == [("limit", "limit-new", "requests in a time")]


@pytest.mark.parametrize("slug", ["adobe", "apsis", "bloomreach", "braze"])
def test_promises_name_clauses_that_exist(slug):
    contract = contracts.load(slug)
    named = {clause for one in promises.of(contract) for clause in one.clauses}
    assert named <= {one.id for one in contract.clauses}


@pytest.mark.parametrize(
    ("slug", "operation", "area", "at", "expected"),
    [
        ("braze", START, "limit", "users in a file", "BRZ-086"),
        ("braze", START, "wording", "layout of object keys", "BRZ-087"),
        ("apsis", "", "limit", "life of the poll URL", "APS-005"),
        ("bloomreach", "exportCustomers", "path", "/data/v2/projects/{projectToken}/customers/export", "BLR-063"),
    ],
)
def test_a_change_in_a_sentence_or_path_names_the_clauses_it_touches(slug, operation, area, at, expected):
    assert expected in knowledge.touched(contracts.load(slug), operation, area, at)
