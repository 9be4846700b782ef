"""What Braze's reference refuses, with which status and which words."""

from __future__ import annotations

import pytest
from braze_desk import CANCEL, EXPORT, START, desk, told

from export_contracts.vendors.braze.reference_requests import FIELDS
from export_contracts.vendors.braze.reference_service import Braze

GOOD = {"fields_to_export": ["email"]}


@pytest.fixture
def braze():
    return desk()


@pytest.mark.parametrize("fields", [[name] for name in FIELDS] + [list(FIELDS), ["email", "email"]])
def test_every_documented_field_may_be_asked_for(braze, fields):
    assert braze.export(fields=fields).status == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"segment_id": None}, "segment_id must"),
        ({"segment_id": ""}, "segment_id must"),
        ({"segment_id": "unknown"}, "segment_id is not"),
        ({"fields_to_export": "email"}, "fields_to_export must be an array"),
        ({"fields_to_export": [1]}, "fields_to_export must be an array"),
        ({"fields_to_export": []}, "fields_to_export must name"),
        ({"fields_to_export": ["emial"]}, "'emial'"),
        ({"output_format": "rar"}, "output_format"),
        ({"callback_endpoint": 7}, "callback_endpoint"),
        ({"custom_attributes_to_export": "a"}, "custom_attributes_to_export must be"),
        ({"custom_attributes_to_export": [str(number) for number in range(501)]}, "more than 500"),
    ],
)
def test_one_fault_is_refused_and_named(braze, change, words):
    answer = braze.send("POST", EXPORT, {"segment_id": braze.facts["segment_id"], **GOOD, **change})
    assert answer.status == 400
    assert len(told(answer)["errors"]) == 1
    assert words in told(answer)["errors"][0]


@pytest.mark.parametrize("name", ["output_format", "callback_endpoint", "custom_attributes_to_export"])
def test_null_counts_as_absent(braze, name):
    body = {"segment_id": braze.facts["segment_id"], **GOOD, name: None}
    assert braze.send("POST", EXPORT, body).status == 200


@pytest.mark.parametrize("name", ["segment_id", "fields_to_export"])
def test_required_parameters_are_required(braze, name):
    body = {"segment_id": braze.facts["segment_id"], **GOOD}
    del body[name]
    assert told(braze.send("POST", EXPORT, body)) == {"message": "Bad Request", "errors": [f"{name} is required"]}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(braze, body):
    assert braze.send("POST", EXPORT, body).status == 400
    assert braze.send("POST", CANCEL, body).status == 400


@pytest.mark.parametrize("key", [None, "unknown", '"quoted"'])
def test_a_key_that_opens_nothing_is_refused(braze, key):
    assert braze.export(key=key).status == 401


def test_a_key_in_the_body_does_not_count(braze):
    assert braze.export(key=None, api_key=braze.facts["token"]).status == 401


def test_another_scheme_is_refused(braze):
    answer = braze.send("POST", EXPORT, GOOD, Authorization=f"Basic {braze.facts['token']}")
    assert answer.status == 401


@pytest.mark.parametrize("path", [EXPORT, CANCEL])
def test_a_key_without_permission_is_refused(braze, path):
    answer = braze.send("POST", path, {"segment_id": braze.facts["segment_id"], **GOOD}, key="token_without_permission")
    assert (answer.status, told(answer)["message"]) == (403, "Access Denied")


@pytest.mark.parametrize(("method", "path"), [("GET", EXPORT), ("POST", EXPORT + "s"), ("POST", "/"), ("PUT", CANCEL)])
def test_what_is_not_there_is_an_invalid_url(braze, method, path):
    answer = braze.send(method, path)
    assert (answer.status, told(answer)) == (404, {"message": "Invalid URL"})


def test_a_slash_at_the_end_is_passed_over(braze):
    assert braze.send("POST", EXPORT + "/", {"segment_id": braze.facts["segment_id"], **GOOD}).status == 200


def test_a_body_of_more_than_four_megabytes_is_refused(braze):
    body = {"segment_id": braze.facts["segment_id"], **GOOD, "padding": ""}
    assert braze.send("POST", EXPORT, {**body, "padding": "x" * (5 * 1024 * 1024)}).status == 413
    assert braze.send("POST", EXPORT, {**body, "padding": "x" * (3 * 1024 * 1024)}).status == 200


@pytest.mark.parametrize(
    ("media", "status"), [(None, 415), ("text/plain", 415), ("Application/JSON; charset=utf-8", 200)]
)
def test_a_body_calls_itself_json(braze, media, status):
    body = {"segment_id": braze.facts["segment_id"], **GOOD}
    assert braze.send("POST", EXPORT, body, Content_Type=media).status == status


def test_unknown_parameters_are_overlooked(braze):
    assert braze.export(api_key="x", whatever=[]).status == 200


def test_a_second_export_of_a_running_segment_is_refused(braze):
    assert braze.export().status == 200
    assert braze.export().status == 429
    assert braze.export(key="storage_token").status == 429
    assert braze.export("second_segment_id").status == 200
    braze.wait()
    assert braze.export().status == 200


def test_a_hundred_exports_run_at_once_and_no_more(braze):
    statuses = [braze.export(segment).status for segment in braze.facts["many_segments"]]
    assert statuses == [200] * 100 + [429]


def test_the_allowance_is_told_with_every_answer(braze):
    for left, answer in enumerate([braze.export(), braze.export(fields=[]), braze.send("POST", "/x")], 1):
        assert answer.headers["X-RateLimit-Limit"] == "250000"
        assert answer.headers["X-RateLimit-Remaining"] == str(250_000 - left)
        assert answer.headers["X-RateLimit-Reset"] == str(int(START) + 3600)


def test_the_allowance_returns_on_the_hour():
    class Small(Braze):
        hourly = 2

    braze = desk(server=Small)
    assert [braze.send("POST", CANCEL, {}).status for _ in range(3)] == [400, 400, 429]
    assert braze.send("POST", CANCEL, {}, key="storage_token").status == 400
    braze.wait(3600.0)
    assert braze.send("POST", CANCEL, {}).headers["X-RateLimit-Remaining"] == "1"


def test_everything_is_found_below_the_path_of_its_own_address():
    braze = desk()
    braze.reference.world.base_url = "http://braze.test/below"
    answer = braze.export()
    assert answer.status == 200
    braze.wait()
    assert braze.get(told(answer)["url"]).status == 200
