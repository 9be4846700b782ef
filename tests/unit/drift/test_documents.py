"""Pages drawn from the promises are clean; each mutation of one shows once, by its kind, and nothing else does."""

import json
import re

import pytest
from tests.unit.drift import pages

from export_contracts.catalogue import contract as contracts
from export_contracts.drift import documents, editions, publications
from export_contracts.errors import UsageError

BRAZE = contracts.load("braze")
MONTHS = [one for one in editions.editions(BRAZE) if one >= "2020-09"]


@pytest.mark.parametrize("form", pages.FORMS)
@pytest.mark.parametrize("month", MONTHS)
def test_a_page_of_an_edition_is_clean_against_that_edition(changes, form, month):
    found, unread = changes("braze", pages.FORMS[form](BRAZE, month), month)
    assert found == []
    assert [one for one in unread if "a limit" in one or "nothing was read" in one] == []


MUTATIONS = {
    "name added": ("* `apps`", "* `apps`\n* `shoe_size`", [("field", "new", "shoe_size")]),
    "name removed": ("* `dob`\n", "", [("field", "gone", "dob")]),
    "name renamed": ("* `dob`", "* `birthday`", [("field", "gone", "dob"), ("field", "new", "birthday")]),
    "now required": (
        "|`output_format` | Optional", "|`output_format` | Required", [("request", "now-required", "output_format")]
    ),
    "now optional": (
        "|`segment_id` | Required", "|`segment_id` | Optional", [("request", "now-optional", "segment_id")]
    ),
    "need no longer said": (
        "|`segment_id` | Required", "|`segment_id` |  ", [("request", "need-changed", "segment_id")]
    ),
    "parameter's type": (
        "|`segment_id` | Required | String", "|`segment_id` | Required | Integer",
        [("request", "type-changed", "segment_id")],
    ),
    "value added": ("`gzip`, `zip`", "`gzip`, `zip`, `zstd`", [("request", "enumeration-grew", "output_format")]),
    "parameter added": (
        "|`output_format`", "|`dry_run` | Optional | Boolean | … |\n|`output_format`", [("request", "new", "dry_run")]
    ),
    "parameter needed from now on": (
        "|`output_format`", "|`region` | Required | String | … |\n|`output_format`",
        [("request", "new-required", "region")],
    ),
    "number lowered": (
        "no more than 100", "no more than 50", [("limit", "limit-lowered", "exports at once in a company")]
    ),
    "number raised": ("5,000", "7,500", [("limit", "limit-raised", "users in a file")]),
    "status added": ("# Title", "# Title\n\nThe answer may be HTTP 418.", [("status", "status-new", "418")]),
    "member gone": ('"carrier" : (string) ,', "", [("object", "gone", "devices[].carrier")]),
    "member's type": ('"model" : (string)', '"model" : (int)', [("object", "type-changed", "devices[].model")]),
    "list renamed": (
        '"devices" : [', '"machines" : [', [("object", "gone", "devices"), ("object", "new", "machines")]
    ),
    "answer's member gone": (
        '  "object_prefix" : (required, string) text,\n', "", [("response", "gone", "object_prefix")]
    ),
    "answer's member may be missing": (
        '"object_prefix" : (required', '"object_prefix" : (optional', [("response", "now-optional", "object_prefix")]
    ),
    "path": (
        "POST /users/export/segment", "POST /v2/export/segment", [("path", "path-changed", "/users/export/segment")]
    ),
}  # fmt: skip


CASES = [(form, one) for one in MUTATIONS for form in ("markdown", "postman") if (form, one) != ("postman", "path")]
"""A collection keeps its path beside the page."""


@pytest.mark.parametrize(("form", "mutation"), CASES)
def test_each_mutation_shows_once_and_nothing_else_does(changes, form, mutation):
    before, after, expected = MUTATIONS[mutation]
    text = pages.FORMS[form](BRAZE, "2021-12")
    if form == "postman":
        before, after = (json.dumps(one)[1:-1] for one in (before, after))
    assert before in text
    found, _ = changes("braze", text.replace(before, after), "2021-12")
    assert found == sorted(expected, key=lambda one: (one[0], one[2], one[1]))


def test_an_older_page_shows_what_came_since(changes):
    found, _ = changes("braze", pages.markdown(BRAZE, "2021-04"), "2021-12")
    assert found == [
        ("object", "gone", "created_at"),
        ("object", "gone", "push_tokens[].device_id"),
        ("object", "gone", "push_tokens[].notifications_enabled"),
        ("object", "gone", "random_bucket"),
        ("request", "need-changed", "fields_to_export"),
    ]


def test_a_footnoted_need_that_another_place_confirms_is_no_change(changes):
    starred = pages.markdown(BRAZE, "2021-12").replace(
        "`fields_to_export` | Required ", "`fields_to_export` | Required* "
    )
    members = [f' "{name}" : ({need}, string) x,' for name, need in NEEDS.items()]
    body = "## E\n\n```json\n{\n" + "\n".join(members) + "\n}\n```\n"
    body = body.replace('"fields_to_export" : (required, string)', '"fields_to_export" : (required, array of string)')
    assert changes("braze", starred + body, "2021-12")[0] == []


NEEDS = {
    "segment_id": "required",
    "callback_endpoint": "optional",
    "fields_to_export": "required",
    "output_format": "optional",
}


def test_what_cannot_be_read_is_named_and_not_taken_for_gone(changes):
    page = pages.markdown(BRAZE, "2021-12")
    found, unread = changes("braze", page.replace("| Optional |", "| Fakultativno |"), "2021-12")
    assert found == []
    assert any("Fakultativno" in one for one in unread)
    without = re.sub(r"## B.*?## C", "## C", page, flags=re.DOTALL)
    found, unread = changes("braze", without, "2021-12")
    assert found == []
    assert any("nothing was read as field" in one for one in unread)


def test_a_page_that_breaks_off_in_a_block_has_lost_nothing(changes):
    page = pages.markdown(BRAZE, "2021-12")
    cut = page[: page.index('"devices" : [') + 40]
    found, unread = changes("braze", cut, "2021-12")
    assert found == []
    assert "the block ends in the middle" in unread


@pytest.mark.parametrize("slug", ["adobe", "apsis", "bloomreach", "braze"])
def test_the_contracts_own_openapi_file_is_clean_and_its_mutants_are_not(changes, slug):
    contract = contracts.load(slug)
    document = json.loads(json.dumps(contract.openapi))
    assert changes(slug, json.dumps(document)) == ([], [])
    path = next(iter(document["paths"]))
    operation = next(one for one in document["paths"][path].values() if isinstance(one, dict) and "responses" in one)
    operation["responses"]["418"] = {"description": "new"}
    assert changes(slug, json.dumps(document))[0] == [("status", "status-new", "418")]


UNSOUND = (
    '{"paths":{"/export/jobs":{"get":{"parameters":5,"responses":[]}}}}',
    '{"item":5}',
    '{"item":[{"request":{"method":"POST","url":5,"body":{"raw":5},"description":7}}]}',
)


@pytest.mark.parametrize("text", UNSOUND)
def test_an_unsound_collection_or_description_is_refused_in_one_sentence(changes, text):
    with pytest.raises(UsageError, match="no sound"):
        changes("adobe", text)


def test_swagger_with_a_reference_that_leads_nowhere_is_no_removal(changes):
    answer = {"200": {"description": "x"}, "403": {"description": "x"}, "503": {"description": "x"}}
    operation = {"operationId": "a", "parameters": [{"$ref": "#/parameters/none"}], "responses": answer}
    document = {"swagger": "2.0", "paths": {"/export/jobs": {"get": operation}}}
    found, unread = changes("adobe", json.dumps(document))
    assert {one[:2] for one in found} == {("operation", "operation-undescribed")}
    assert any("leads nowhere" in one for one in unread)


BROKEN = {
    "a collection": '{"info": {"name": "x"}, "item": [{"name": "a", "request": {"method": "GET", "url": "https://x/y',
    "a collection in a text": 'Some words\n"name": "x",\n"request": {\n"method": "POST",\n"description": "An export',
    "nested deeply": "[" * 100_000,
    "another document": '{"a": 1}',
}


@pytest.mark.parametrize("kind", BROKEN)
def test_json_that_cannot_be_read_is_an_error_and_no_drift(kind):
    with pytest.raises(UsageError, match=r"no sound JSON|neither a collection"):
        publications.parse(BROKEN[kind], "x.json")


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5, 0.65, 0.8, 0.95])
def test_what_stood_behind_the_end_of_a_page_is_not_gone(share, changes):
    whole = pages.markdown(BRAZE, "2022-08").rstrip()
    place = int(len(whole) * share)
    while not whole[place - 1].isalpha():
        place += 1
    found, unread = changes("braze", whole[:place], "2022-08")
    assert found == []
    assert any("breaks off" in one for one in unread)


def test_a_page_of_something_else_is_told_and_no_drift(tmp_path):
    other = tmp_path / "other.md"
    other.write_text("# Shops\n\nGET /shops/list\n\n| Name | Type |\n|---|---|\n| `id` | string |\n", encoding="utf-8")
    with pytest.raises(UsageError, match="nothing in it is about the operations"):
        documents.against_contract(contracts.load("adobe"), [str(other)], fail_on="any")
