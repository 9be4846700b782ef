"""Hand-made clients of Adobe, one habit each, and the clauses that they break: none for the good ones."""

from __future__ import annotations

import json

import pytest
from counter import ABSENT, Counter, changed

PATH = "/data/core/ups/export/jobs"
TYPE = "Content-Type"
PARTS = "multipart/form-data; boundary=x"
PARTED = b'--x\r\nContent-Disposition: form-data; name="client_id"\r\n\r\nkey\r\n--x--\r\n'
ORDER = {"ADB-124"}
NOT_JSON = {"ADB-140", "ADB-141"}


def headers_of(facts, change):
    known = {
        "Authorization": f"Bearer {facts['token']}",
        "x-api-key": facts["api_key"],
        "x-gw-ims-org-id": facts["org_id"],
        "x-sandbox-name": facts["sandbox"],
        TYPE: "application/json",
    }
    return changed(known, change or {})


def order(method="POST", path=PATH, headers=None, body=None, raw=None):
    def play(counter):
        facts = counter.facts
        standard = {
            "filter": {"segments": [{"segmentId": facts["segment_id"]}]},
            "destination": {"datasetId": facts["dataset_id"]},
            "schema": {"name": "_xdm.context.profile"},
        }
        content = changed(standard, body or {})
        counter.send(method, path, headers_of(facts, headers), raw(content) if raw else content)

    return play


def listed(query="", method="GET", path=PATH, headers=None):
    return lambda counter: counter.send(
        method, path + query, headers_of(counter.facts, {TYPE: ABSENT, **(headers or {})})
    )


def job(method, path=PATH, headers=None):
    def play(counter):
        order()(counter)
        made = json.loads(counter.exchanges[-1].response.body)["id"]
        counter.send(method, f"{path}/{made}", headers_of(counter.facts, {TYPE: ABSENT, **(headers or {})}))

    return play


def segments(*items, **more):
    return order(body={"filter": {"segments": list(items), **more}})


ONE = {"segmentId": "4edc8488-2c35-4f2a-9cb5-9bfa2e4b91c6"}
POLICY = {"id": "timestampOrdered-none-mp", "version": 1}


def qualified(**more):
    return segments(ONE, segmentQualificationTime=more)


GOOD = {
    "minimal": order(),
    "charset": order(headers={TYPE: "application/json; charset=utf-8"}),
    "charset in capitals": order(headers={TYPE: "Application/JSON;charset=UTF-8"}),
    "type in capitals": order(headers={TYPE: "APPLICATION/JSON"}),
    "asks for a list's head": listed(method="HEAD"),
    "asks what may be asked": listed(method="OPTIONS"),
    "scheme in lower case": order(headers={"Authorization": "bearer reference-access-token"}),
    "scheme in capitals": order(headers={"Authorization": "BEARER reference-access-token"}),
    "headers of its own": order(headers={"X-Request-Id": "1", "Accept": "*/*", "User-Agent": "x"}),
    "accepts JSON": listed(headers={"Accept": "application/json"}),
    "with a namespace": segments({**ONE, "segmentNs": "ups"}),
    "states": segments({**ONE, "status": ["realized", "exited"]}),
    "two under a policy": order(body={"filter": {"segments": [ONE, ONE]}, "mergePolicy": POLICY}),
    "policy without version": order(body={"mergePolicy": {"id": "x"}}),
    "fields": order(body={"fields": "identities.id,person.name"}),
    "blank fields": order(body={"fields": ""}),
    "from a moment": qualified(startTime="2026-01-01T00:00:00Z"),
    "between moments": qualified(startTime="2026-01-01T00:00:00+01:00", endTime="2026-02-01T00:00:00.5Z"),
    "ingested since": segments(ONE, fromIngestTimestamp="2026-01-01T00:00:00Z"),
    "with empty profiles": segments(ONE, emptyProfiles=True),
    "with events": order(
        body={
            "additionalFields": {
                "eventList": {"fields": "x", "filter": {"fromIngestTimestamp": "2026-01-01T00:00:00Z"}}
            }
        }
    ),
    "a batch for each": order(body={"destination": {"datasetId": "5f3b2c1d4e5f6a7b8c9d0e1f", "segmentPerBatch": True}}),
    "evaluates": order(body={"evaluationInfo": {"segmentation": True}}),
    "pretty JSON": order(raw=lambda body: json.dumps(body, indent=2).encode()),
    "on the vendor's host": order(path="https://platform.adobe.io" + PATH),
    "on a host of a region": listed(path="https://platform-nld2.adobe.io" + PATH),
    "by the guide's own path": listed(path="/export/jobs"),
    "lists": listed(),
    "lists two": listed("?limit=2"),
    "lists what failed": listed("?status=FAILED&limit=10"),
    "no offset but its name": listed("?limit=2&offset="),
    "begins at a documented offset": listed("?offset=1540974701302_96"),
    "reads": job("GET"),
    "cancels": job("DELETE"),
    "reads with a type": job("GET", headers={TYPE: "application/json"}),
    "fetches a token in parts": lambda counter: counter.send("POST", "/ims/exchange/jwt", {TYPE: PARTS}, PARTED),
    "fetches a token by its credentials": lambda counter: counter.send(
        "POST", "/ims/token/v3", {"Authorization": "Basic a2V5OnNlY3JldA=="}, b"grant_type=client_credentials"
    ),
    "fetches a token": lambda counter: counter.send("POST", "/ims/token/v2", {}, b"grant_type=client_credentials"),
}

BAD = {
    "no token": (listed(headers={"Authorization": ABSENT}), {"ADB-120"}),
    "token without scheme": (listed(headers={"Authorization": "reference-access-token"}), {"ADB-120"}),
    "basic": (listed(headers={"Authorization": "Basic dTpw"}), {"ADB-120"}),
    "no key": (listed(headers={"x-api-key": ABSENT}), {"ADB-121"}),
    "key in the query": (listed("?api_key=1", headers={"x-api-key": ABSENT}), {"ADB-121", "ADB-131"}),
    "no organization": (job("DELETE", headers={"x-gw-ims-org-id": ABSENT}), {"ADB-122"}),
    "no sandbox": (job("GET", headers={"x-sandbox-name": ABSENT}), {"ADB-123"}),
    "blank sandbox": (order(headers={"x-sandbox-name": ""}), {"ADB-123"}),
    "underscores": (order(headers={"x-api-key": ABSENT, "x_api_key": "k"}), {"ADB-121"}),
    "no type": (order(headers={TYPE: ABSENT}), ORDER),
    "text": (order(headers={TYPE: "text/plain"}), ORDER),
    "form": (order(headers={TYPE: "application/x-www-form-urlencoded"}), ORDER),
    "empty body": (order(raw=lambda _: b""), NOT_JSON),
    "broken JSON": (order(raw=lambda body: json.dumps(body).encode()[:-1]), NOT_JSON),
    "single quotes": (order(raw=lambda body: str(body).encode()), NOT_JSON),
    "list": (order(raw=lambda body: json.dumps([body]).encode()), NOT_JSON),
    "cancels by POST": (job("POST"), {"ADB-125"}),
    "puts": (order(method="PUT"), {"ADB-125"}),
    "deletes all": (listed(method="DELETE"), {"ADB-125"}),
    "singular": (listed(path="/data/core/ups/export/job"), {"ADB-125"}),
    "cancel in the path": (job("POST", path=PATH + "/cancel"), {"ADB-125"}),
    "other order": (listed(path="/data/core/ups/jobs/export"), {"ADB-125"}),
    "without the base path": (listed(path="https://platform.adobe.io/export/jobs"), {"ADB-126"}),
    "another base path": (listed(path="https://platform.adobe.io/data/core/export/jobs"), {"ADB-126"}),
    "slash at the end": (order(path=PATH + "/"), {"ADB-127"}),
    "filter misspelt": (listed("?status=SUCEEDED"), {"ADB-128"}),
    "filter in small letters": (listed("?status=new"), {"ADB-128"}),
    "filter on running ones": (listed("?status=PROCESSING"), {"ADB-128"}),
    "limit in words": (listed("?limit=ten"), {"ADB-129"}),
    "limit below zero": (listed("?limit=-1"), {"ADB-129"}),
    "offset counted": (listed("?offset=20"), {"ADB-130"}),
    "pages by number": (listed("?page=2"), {"ADB-131"}),
    "no destination": (order(body={"destination": ABSENT}), {"ADB-140"}),
    "spelt as answers do": (order(body={"destination": {"dataSetId": "5f"}}), {"ADB-140"}),
    "no schema": (order(body={"schema": ABSENT}), {"ADB-141"}),
    "schema as text": (order(body={"schema": "_xdm.context.profile"}), {"ADB-141"}),
    "no filter": (order(body={"filter": ABSENT}), {"ADB-142"}),
    "no segments": (segments(), {"ADB-142"}),
    "two without a policy": (segments(ONE, ONE), {"ADB-143"}),
    "segment as text": (segments(ONE["segmentId"]), {"ADB-144"}),
    "segment under id": (segments({"id": ONE["segmentId"]}), {"ADB-144", "ADB-152"}),
    "misspelt within the filter": (segments(ONE, emptyProfile=True), {"ADB-152"}),
    "moments in small letters": (qualified(start_time="2026-01-01T00:00:00Z"), {"ADB-152"}),
    "one moment for two": (segments(ONE, segmentQualificationTime="2026-01-01T00:00:00Z"), {"ADB-147"}),
    "unheard-of state": (segments({**ONE, "status": ["entered"]}), {"ADB-145"}),
    "states in one text": (segments({**ONE, "status": "realized"}), {"ADB-145"}),
    "existing members": (segments({**ONE, "status": ["existing"]}), {"ADB-146"}),
    "moment without offset": (qualified(startTime="2026-01-01T00:00:00"), {"ADB-147"}),
    "moment as number": (segments(ONE, fromIngestTimestamp=1_700_000_000), {"ADB-147"}),
    "fields as list": (order(body={"fields": ["a", "b"]}), {"ADB-148"}),
    "switch in words": (segments(ONE, emptyProfiles="true"), {"ADB-149"}),
    "policy by name": (order(body={"mergePolicy": {"name": "default"}}), {"ADB-150", "ADB-152"}),
    "unheard-of member": (order(body={"notify": True}), {"ADB-152"}),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_client_of_adobe_breaks_nothing(name):
    counter = Counter("adobe")
    GOOD[name](counter)
    assert counter.broken() == set()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_client_of_adobe_breaks_its_clauses(name):
    counter = Counter("adobe")
    play, clauses = BAD[name]
    play(counter)
    assert counter.broken() == clauses


def test_a_client_that_makes_up_an_offset_is_told():
    counter = Counter("adobe")
    for _ in range(3):
        order()(counter)
    listed("?limit=1")(counter)
    listed("?limit=1&offset=1540974701302_96")(counter)
    assert counter.broken() == {"ADB-130"}


def test_a_client_that_follows_the_link_breaks_nothing():
    counter = Counter("adobe")
    for _ in range(3):
        order()(counter)
    answer = json.loads(listed("?limit=1")(counter).body)
    listed("?" + answer["link"]["next"].partition("?")[2])(counter)
    assert counter.broken() == set()


@pytest.mark.parametrize(
    "path", ["/data/core/ups/segment/jobs", "/data/core/ups/segment/definitions", "/data/core/ups/config/mergePolicies"]
)
def test_other_endpoints_are_nobodys_concern(path):
    counter = Counter("adobe")
    listed(path=path)(counter)
    assert counter.broken() == set()
