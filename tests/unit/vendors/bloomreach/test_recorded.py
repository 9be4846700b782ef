"""Traffic that others recorded: nothing is known of the project, and what cannot be seen is not judged."""

import base64
import json

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.judge import judge
from export_contracts.model import UNKNOWN_TIME, Exchange, Headers, Request, Response, Transcript, Verdict

URL = "https://api.exponea.com/data/v2/projects/12345678-1234-1234-1234-123456789abc/customers/export"
BASIC = "Basic " + base64.b64encode(b"key:secret").decode()
FIXTURE = {
    "success": True,
    "fields": [
        {"type": "id", "id": "registered"},
        {"type": "id", "id": "cookie"},
        {"type": "property", "property": "first_name"},
        {"type": "property", "property": "last_name"},
    ],
    "data": [["test", ["cookie"], "Lukas", "Cerny"]],
}


def verdicts(body, answer, *, status=200, headers=None, url=URL):
    fields = {"Content-Type": "application/json", "Authorization": BASIC, **(headers or {})}
    sent = {name: value for name, value in fields.items() if value is not None}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = Response(status, Headers.of({"Content-Type": "application/json"}), json.dumps(answer).encode())
    exchange = Exchange(0, Request("POST", url, Headers.of(sent), raw), response)
    judged = judge(contracts.load("bloomreach"), [Transcript("bloomreach", "recorded", "live", (exchange,))])
    return {one.clause.id: one for one in judged.verdicts}


def broken(found):
    return {name for name, one in found.items() if one.findings}


def test_the_vendors_python_client_is_a_reading_and_no_breach():
    found = verdicts({"format": "native_json"}, FIXTURE)
    assert broken(found) == set()
    assert found["BLR-047"].verdict is Verdict.PASS
    assert list(found["BLR-047"].readings) == ["native_json, sent since 2018-04 and never documented"]
    assert dict(found["BLR-005"].readings) == {"fields and data": 1}


@pytest.mark.parametrize("shift", [{"type": "property", "property": "age"}, {"type": "event", "id": "x"}])
def test_native_columns_tell_their_kind_so_that_their_order_is_judged(shift):
    answer = {**FIXTURE, "fields": [shift, *FIXTURE["fields"]], "data": [[1, "test", [], "Lukas", "Cerny"]]}
    assert broken(verdicts({"format": "native_json"}, answer)) == ({"BLR-027"} if "property" in shift else set())


def test_a_failure_under_200_is_a_failure():
    assert broken(verdicts({"format": "csv"}, {"success": False, "errors": ["no permission"]})) == {"BLR-002"}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_says_nothing_of_a_project_that_nobody_declared(status):
    assert broken(verdicts({"format": "csv"}, {"success": False, "error": "no"}, status=status)) == set()


@pytest.mark.parametrize("header", [None, "REDACTED", "Basic REDACTED", "[redacted]", "Basic ***"])
def test_a_blotted_out_credential_is_no_breach(header):
    assert broken(verdicts({"format": "native_json"}, FIXTURE, headers={"Authorization": header})) == set()


def test_a_missing_credential_shows_where_it_was_missed():
    found = verdicts({"format": "csv"}, {"success": False, "error": "x"}, status=401, headers={"Authorization": None})
    assert broken(found) == {"BLR-042"}


def test_the_path_of_2018_and_a_slash_at_the_end_are_named():
    legacy = "https://api.exponea.com/data/v2/12345678-1234-1234-1234-123456789abc/customers/export"
    assert broken(verdicts({"format": "native_json"}, FIXTURE, url=legacy)) == {"BLR-040"}
    assert broken(verdicts({"format": "native_json"}, FIXTURE, url=URL + "/")) == {"BLR-041"}


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        ({"format": "xml"}, "BLR-047"),
        ({}, "BLR-046"),
        ([], "BLR-045"),
        (b"\x1f\x8b\x08\x00", "BLR-044"),
        ({"format": "csv", "attributes": {"type": "id", "id": "registered"}}, "BLR-048"),
        ({"format": "csv", "execution_time": 1_700_000_000_000}, "BLR-055"),
        ({"format": "csv", "timezone": "GMT+2 "}, "BLR-056"),
    ],
)
def test_a_clients_slips_are_named(body, clause):
    assert clause in broken(verdicts(body, {"success": False, "message": "x"}, status=400))


def test_a_number_with_a_fraction_is_a_reading():
    found = verdicts({"format": "native_json", "execution_time": 1_700_000_000.5}, FIXTURE)
    assert list(found["BLR-055"].readings) == ["seconds with a fraction"]
    assert broken(found) == set()


@pytest.mark.parametrize("zone", ["UTC", "Africa/Lagos", "America/Argentina/Buenos_Aires", "Etc/GMT-2", "CET", "GMT+0"])
def test_names_of_the_tz_database_are_taken(zone):
    assert broken(verdicts({"format": "native_json", "timezone": zone}, FIXTURE)) == set()


def two_exports(second_at, *, started=1e9, moment=None):
    """Everybody, and a segment with a customer who is not among them, asked for later."""
    rows = (["test", [], "Lukas", "Cerny"], ["new", [], "Eva", "Nova"])
    narrowed = {"filter": {"type": "segment", "segmentation_id": "5a", "segment_index": 0}}
    for place, (body, at) in enumerate(((narrowed, second_at), ({}, started))):
        answer = json.dumps({**FIXTURE, "data": [rows[1 - place]]}).encode()
        sent = {"format": "native_json", **body, **({} if moment is None else {"execution_time": moment})}
        fields = Headers.of({"Content-Type": "application/json", "Authorization": BASIC})
        request = Request("POST", URL, fields, json.dumps(sent).encode())
        yield Exchange(1 - place, request, Response(200, fields, answer), at, at + 1)


@pytest.mark.parametrize(("later", "verdict"), [(60.0, Verdict.FAIL), (90_000.0, Verdict.UNEXERCISED)])
def test_customers_who_came_in_the_meantime_are_no_strangers(later, verdict):
    exchanges = tuple(reversed([*two_exports(1e9 + later)]))
    talk = Transcript("bloomreach", "recorded", "live", exchanges)
    strangers = next(one for one in contracts.load("bloomreach").clauses if one.check == "within")
    (judged,) = judge(contracts.load("bloomreach"), [talk], only={strangers.id}).verdicts
    assert judged.verdict is verdict


@pytest.mark.parametrize(("before", "kept"), [(3600.0, False), (10.0, True), (None, True)])
def test_a_moment_just_past_may_be_to_come_for_the_target(before, kept):
    started = 1.7e9 if before is not None else UNKNOWN_TIME
    body = {"format": "csv", "execution_time": int(1.7e9 - (before or 0.0))}
    fields = Headers.of({"Content-Type": "application/json", "Authorization": BASIC})
    sent = Request("POST", URL, fields, json.dumps(body).encode())
    exchange = Exchange(0, sent, Response(400, fields, b"{}"), started, started)
    talk = Transcript("bloomreach", "recorded", "live", (exchange,), facts={"project_token": "p"})
    judged = judge(contracts.load("bloomreach"), [talk]).verdicts
    refused = {one.clause.id for one in judged if one.clause.check == "exported" and one.findings}
    assert (refused == set()) is kept


@pytest.mark.parametrize(
    ("statuses", "broken"),
    [([500, 500], True), ([500], False), ([500, 503], False), ([500, 200], False)],
)
def test_a_breakdown_counts_where_nothing_else_came(statuses, broken):
    fields = Headers.of({"Content-Type": "application/json", "Authorization": BASIC})
    bodies = [({"format": "table_json"}, 200), *(({"format": "csv"}, status) for status in statuses)]
    exchanges = tuple(
        Exchange(
            place, Request("POST", URL, fields, json.dumps(body).encode()), Response(status, fields, b"{}"), at, at
        )
        for place, (body, status) in enumerate(bodies)
        for at in (1e9 + place,)
    )
    talk = Transcript("bloomreach", "recorded", "live", exchanges, facts={"project_token": "p"})
    judged = judge(contracts.load("bloomreach"), [talk], parties=("provider",)).verdicts
    refused = [one for one in judged if one.clause.check == "exported" and one.findings]
    assert bool(refused) is broken
