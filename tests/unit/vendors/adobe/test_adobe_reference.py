"""The reference server by itself, strict and awkward."""

from __future__ import annotations

import json

import pytest

from export_contracts.catalogue import contract
from export_contracts.check.run import play_all, scenarios_of
from export_contracts.judge import judge
from export_contracts.model import Headers, Request
from export_contracts.reference.world import Clock, World
from export_contracts.targets.venue import embedded_venue
from export_contracts.vendors.adobe.reference import build
from export_contracts.vendors.adobe.reference_requests import Listing, Refused, listing, moment, order

ROOT = "http://adobe.invalid/data/core/ups/export/jobs"
ORDER = {"destination": {"datasetId": "d"}, "schema": {"name": "_xdm.context.profile"}}


@pytest.fixture
def server():
    return build(World(clock=Clock(start=1_767_225_600.0, frozen=True)))


def ask(server, method, url, body=None, **headers):
    facts = server.facts()
    sent = {
        "Authorization": f"Bearer {facts['token']}",
        "x-api-key": facts["api_key"],
        "x-gw-ims-org-id": facts["org_id"],
        "x-sandbox-name": facts["sandbox"],
        "Content-Type": "application/json",
        **headers,
    }
    content = b"" if body is None else json.dumps(body).encode()
    answer = server.answer(Request(method, url, Headers.of(sent), content))
    return answer.status, json.loads(answer.body or b"null")


def test_a_job_is_new_works_and_ends(server):
    _, job = ask(server, "POST", ROOT, ORDER)
    seen = []
    for _ in range(4):
        seen.append(ask(server, "GET", f"{ROOT}/{job['id']}")[1]["status"])
        server.world.clock.advance(25)
    assert seen == ["NEW", "PROCESSING", "PROCESSING", "SUCCEEDED"]


def test_a_cancelled_job_stops_a_little_later(server):
    _, job = ask(server, "POST", ROOT, ORDER)
    assert ask(server, "DELETE", f"{ROOT}/{job['id']}")[0] == 200
    assert ask(server, "GET", f"{ROOT}/{job['id']}")[1]["status"] == "NEW"
    server.world.clock.advance(15)
    stopped = ask(server, "GET", f"{ROOT}/{job['id']}")[1]
    assert stopped["status"] == "FAILED"
    assert stopped["errors"]


def test_jobs_belong_to_a_sandbox(server):
    _, job = ask(server, "POST", ROOT, ORDER)
    assert ask(server, "GET", f"{ROOT}/{job['id']}", None, **{"x-sandbox-name": "dev"})[0] == 404
    assert ask(server, "GET", ROOT, None, **{"x-sandbox-name": "dev"})[1]["records"] == []


def test_any_client_gets_a_token_and_its_id_becomes_a_key(server):
    form = b"grant_type=client_credentials&client_id=mine&client_secret=s"
    assert ask(server, "GET", ROOT, None, **{"x-api-key": "mine"})[0] == 403
    request = Request("POST", "http://adobe.invalid/ims/token/v3", Headers.of({}), form)
    token = json.loads(server.answer(request).body)["access_token"]
    bearer = {"x-api-key": "mine", "Authorization": f"Bearer {token}"}
    assert ask(server, "GET", ROOT, None, **bearer)[0] == 200


@pytest.mark.parametrize("path", ["/ims/token/v2", "/ims/exchange/jwt", "/ims/exchange/jwt/"])
def test_older_token_services_answer_too(server, path):
    request = Request("POST", "http://adobe.invalid" + path, Headers.of({}), b"client_id=mine&jwt_token=t")
    answer = server.answer(request)
    assert (answer.status, answer.operation) == (200, None)


def test_a_token_needs_a_client(server):
    assert server.answer(Request("POST", "http://adobe.invalid/ims/token/v3")).status == 400
    assert server.answer(Request("GET", "http://adobe.invalid/ims/token/v3")).status == 405


@pytest.mark.parametrize(("method", "path", "status"), [("PUT", "/1", 405), ("POST", "/1", 405), ("GET", "/1/2", 404)])
def test_what_is_not_there(server, method, path, status):
    assert ask(server, method, ROOT + path)[0] == status


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "x"}, {"limit": "-1"}, {"status": "PROCESSING"}, {"status": ""}, {"offset": "2"}],
)
def test_a_list_that_makes_no_sense_is_refused(query):
    with pytest.raises(Refused):
        listing(query)


def test_a_list_is_read():
    asked = listing({"limit": "2", "offset": "1540974701302_96", "status": "NEW", "other": "x"})
    assert asked == Listing(2, (1540974701302, 96), "NEW")


@pytest.mark.parametrize(
    "change",
    [
        {"destination": None},
        {"destination": {}},
        {"destination": {"datasetId": " "}},
        {"destination": {"datasetId": "d", "segmentPerBatch": "yes"}},
        {"schema": {}},
        {"fields": ["a"]},
        {"mergePolicy": {"version": 1}},
        {"mergePolicy": {"id": "m", "version": True}},
        {"filter": []},
        {"filter": {"segments": {}}},
        {"filter": {"segments": [{"segmentId": "s", "status": ["member"]}]}},
        {"filter": {"segmentQualificationTime": {"startTime": "2018-02-30T00:00:00Z"}}},
        {"additionalFields": {"eventList": {"filter": {"fromIngestTimestamp": "2018-01-01"}}}},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(change):
    with pytest.raises(Refused):
        order({**ORDER, **change})


@pytest.mark.parametrize("written", ["2018-01-01T00:00:00Z", "2016-12-31T23:59:60Z", "2018-01-01T00:00:00.123+02:00"])
def test_moments_are_read(written):
    assert moment(written, "at") is None


def test_unknown_members_and_nulls_are_let_through():
    assert order({**ORDER, "mergePolicy": None, "other": 1}) is None


def test_the_state_is_plain_json(server):
    ask(server, "POST", ROOT, ORDER)
    assert json.loads(json.dumps(server.state)) == server.state


@pytest.mark.parametrize("seed", range(8))
def test_nothing_awkward_is_a_fault(seed):
    book, venue = contract.load("adobe"), embedded_venue("adobe", awkward=seed)
    played = play_all(book, venue, scenarios_of("adobe"))
    judged = judge(book, [one.transcript for one in played], features=venue.target.features)
    assert [one.clause.id for one in judged.verdicts if one.findings] == []
