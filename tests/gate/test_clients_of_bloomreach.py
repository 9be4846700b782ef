"""Hand-made clients of Bloomreach, one habit each, and the clauses that they break: none for the good ones."""

from __future__ import annotations

import gzip
import json

import pytest
from counter import ABSENT, Counter, basic, changed

PATH = "/data/v2/projects/{}/customers/export"
HOST = "https://api.exponea.com"
TYPE = "Content-Type"
UNREADABLE = {"BLR-045"}


def call(method="POST", path=PATH, headers=None, body=None, raw=None):
    def play(counter):
        facts = counter.facts
        known = {"Authorization": basic(facts["key_id"], facts["secret"]), TYPE: "application/json"}
        sent = {
            name: value(facts) if callable(value) else value for name, value in changed(known, headers or {}).items()
        }
        content = changed({"format": "csv"}, body or {})
        counter.send(method, path.format(facts["project_token"]), sent, raw(content) if raw else content)

    return play


def raw(function):
    return call(raw=function)


def some(*items):
    return call(body={"attributes": {"type": "some", "list": list(items)}})


def segment(**more):
    wanted = changed({"type": "segment", "segmentation_id": "606488856f8cf6f848b20af8", "segment_index": 0}, more)
    return call(body={"filter": wanted})


GOOD = {
    "minimal": call(),
    "table": call(body={"format": "table_json"}),
    "the format of the vendor's own client": call(body={"format": "native_json"}),
    "charset": call(headers={TYPE: "application/json; charset=utf-8"}),
    "charset in capitals": call(headers={TYPE: "Application/JSON;charset=UTF-8"}),
    "type in capitals": call(headers={TYPE: "APPLICATION/JSON"}),
    "percent signs without need": call(path=PATH.replace("customers", "%63ustomers")),
    "lower-case names": call(headers={TYPE: ABSENT, "content-type": "application/json"}),
    "scheme in lower case": call(
        headers={"Authorization": lambda facts: "basic " + basic(facts["key_id"], facts["secret"])[6:]}
    ),
    "null for what is left out": call(body=dict.fromkeys(("attributes", "filter", "execution_time", "timezone"))),
    "null within": segment(other=None),
    "headers of its own": call(headers={"X-Request-Id": "1", "Accept": "*/*", "User-Agent": "x"}),
    "accepts gzip": call(headers={"Accept-Encoding": "gzip, deflate"}),
    "identity told": call(headers={"Content-Encoding": "identity"}),
    "on the vendor's host": call(path=HOST + PATH),
    "on a host of an instance": call(path="https://api-demoapp.exponea.com" + PATH),
    "on the newer host": call(path="https://api-engagement.bloomreach.com" + PATH),
    "query of no meaning": call(path=PATH + "?trace=1"),
    "all by name": call(body={"filter": {"type": "all"}}),
    "a segment": segment(),
    "the rest": segment(segment_index=-1),
    "everything": call(body={"attributes": {"type": "properties_and_ids"}}),
    "an identifier": some({"type": "id", "id": "registered"}),
    "a property": some({"type": "property", "property": "email"}),
    "a property and an identifier": some({"type": "property", "property": "email"}, {"type": "id", "id": "cookie"}),
    "one of events": some({"type": "event", "id": "purchase", "property": "total"}),
    "at a moment": call(body={"execution_time": 1_700_000_000}),
    "at the epoch": call(body={"execution_time": 0}),
    "at a moment with a fraction": call(body={"execution_time": 1_700_000_000.5}),
    "in a zone": call(body={"timezone": "Europe/Prague"}),
    "in UTC": call(body={"timezone": "UTC"}),
    "pretty JSON": raw(lambda body: json.dumps(body, indent=2).encode()),
    "escaped JSON": raw(lambda body: json.dumps(body).replace("csv", "\\u0063sv").encode()),
    "all at once": call(
        body={
            "attributes": {"type": "properties_and_ids"},
            "filter": {"type": "all"},
            "execution_time": 1,
            "timezone": "Asia/Tokyo",
        }
    ),
}

BAD = {
    "no credential": (call(headers={"Authorization": ABSENT}), {"BLR-042"}),
    "bearer": (call(headers={"Authorization": lambda facts: "Bearer " + facts["secret"]}), {"BLR-042"}),
    "public token": (call(headers={"Authorization": lambda facts: "Token " + facts["public_token"]}), {"BLR-042"}),
    "pair without base64": (
        call(headers={"Authorization": lambda facts: f"Basic {facts['key_id']}:{facts['secret']}"}),
        {"BLR-042"},
    ),
    "base64 without scheme": (
        call(headers={"Authorization": lambda facts: basic(facts["key_id"], facts["secret"])[6:]}),
        {"BLR-042"},
    ),
    "key alone": (call(headers={"Authorization": lambda facts: basic(facts["key_id"], "")}), {"BLR-042"}),
    "secret alone": (call(headers={"Authorization": lambda facts: basic("", facts["secret"])}), {"BLR-042"}),
    "token in the query": (call(path=PATH + "?access_token=abc", headers={"Authorization": ABSENT}), {"BLR-042"}),
    "another header": (call(headers={"Authorization": ABSENT, "X-Api-Key": "abc"}), {"BLR-042"}),
    "no type": (call(headers={TYPE: ABSENT}), {"BLR-043"}),
    "text": (call(headers={TYPE: "text/plain"}), {"BLR-043"}),
    "form": (
        call(headers={TYPE: "application/x-www-form-urlencoded"}, raw=lambda _: b"format=csv"),
        {"BLR-043", *UNREADABLE},
    ),
    "gzip": (
        call(headers={"Content-Encoding": "gzip"}, raw=lambda body: gzip.compress(json.dumps(body).encode())),
        {"BLR-044"},
    ),
    "gzip unsaid": (raw(lambda body: gzip.compress(json.dumps(body).encode())), {"BLR-044", *UNREADABLE}),
    "empty body": (raw(lambda _: b""), UNREADABLE),
    "broken JSON": (raw(lambda _: b'{"format": "csv"'), UNREADABLE),
    "single quotes": (raw(lambda _: b"{'format': 'csv'}"), UNREADABLE),
    "byte order mark": (raw(lambda _: b'\xef\xbb\xbf{"format": "csv"}'), UNREADABLE),
    "UTF-16": (raw(lambda body: json.dumps(body).encode("utf-16")), UNREADABLE),
    "JSON within JSON": (raw(lambda body: json.dumps(json.dumps(body)).encode()), UNREADABLE),
    "list": (raw(lambda body: json.dumps([body]).encode()), UNREADABLE),
    "no format": (call(body={"format": ABSENT}), {"BLR-046"}),
    "format json": (call(body={"format": "json"}), {"BLR-047"}),
    "format in capitals": (call(body={"format": "CSV"}), {"BLR-047"}),
    "null format": (call(body={"format": None}), {"BLR-046"}),
    "attributes as list": (call(body={"attributes": ["email"]}), {"BLR-048"}),
    "attributes of all": (call(body={"attributes": {"type": "all"}}), {"BLR-048"}),
    "attributes misspelt within": (call(body={"attributes": {"kind": "some"}}), {"BLR-090"}),
    "some without a list": (call(body={"attributes": {"type": "some"}}), {"BLR-049"}),
    "one object for the list": (
        call(body={"attributes": {"type": "some", "list": {"type": "id", "id": "x"}}}),
        {"BLR-049"},
    ),
    "list beside everything": (
        call(body={"attributes": {"type": "properties_and_ids", "list": [{"type": "id", "id": "cookie"}]}}),
        {"BLR-050"},
    ),
    "names for objects": (some("email", "registered"), {"BLR-051"}),
    "property under id": (some({"type": "property", "id": "email"}), {"BLR-051"}),
    "filter of another type": (call(body={"filter": {"type": "date"}}), {"BLR-052"}),
    "filter as text": (call(body={"filter": "all"}), {"BLR-052"}),
    "segment without index": (segment(segment_index=ABSENT), {"BLR-053"}),
    "segment without segmentation": (segment(segmentation_id=ABSENT), {"BLR-053"}),
    "index as text": (segment(segment_index="0"), {"BLR-054"}),
    "index below the rest": (segment(segment_index=-2), {"BLR-054"}),
    "segmentation as number": (segment(segmentation_id=7), {"BLR-054"}),
    "milliseconds": (call(body={"execution_time": 1_700_000_000_000}), {"BLR-055"}),
    "moment as text": (call(body={"execution_time": "1700000000"}), {"BLR-055"}),
    "moment after RFC 3339": (call(body={"execution_time": "2026-01-01T00:00:00Z"}), {"BLR-055"}),
    "zone as offset": (call(body={"timezone": "+01:00"}), {"BLR-056"}),
    "zone as number": (call(body={"timezone": 1}), {"BLR-056"}),
    "older path": (call(path="/data/v2/{}/customers/export"), {"BLR-040"}),
    "slash at the end": (call(path=PATH + "/"), {"BLR-041"}),
    "no project": (call(path="/data/v2/projects//customers/export"), {"BLR-062"}),
    "gets": (call(method="GET"), {"BLR-063"}),
    "puts": (call(method="PUT"), {"BLR-063"}),
    "plural": (call(path="/data/v2/projects/{}/customers/exports"), {"BLR-063"}),
    "singular": (call(path="/data/v2/project/{}/customer/export"), {"BLR-063"}),
    "without the base path": (call(path="/projects/{}/customers/export"), {"BLR-063"}),
    "another version": (call(path="/data/v3/projects/{}/customers/export"), {"BLR-063"}),
    "below another path": (call(path=HOST + "/api" + PATH), {"BLR-063"}),
    "unheard-of member": (call(body={"limit": 10}), {"BLR-064"}),
    "unheard-of filter": (segment(date_from="2026-01-01"), {"BLR-065"}),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_client_of_bloomreach_breaks_nothing(name):
    counter = Counter("bloomreach")
    GOOD[name](counter)
    assert counter.broken() == set()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_client_of_bloomreach_breaks_its_clauses(name):
    counter = Counter("bloomreach")
    play, clauses = BAD[name]
    play(counter)
    assert counter.broken() == clauses


@pytest.mark.parametrize(
    "last", ["customers/export-one", "customers/attributes", "customers/anonymize", "events/export"]
)
def test_other_endpoints_are_nobodys_concern(last):
    counter = Counter("bloomreach")
    call(path="/data/v2/projects/{}/" + last)(counter)
    assert counter.broken() == set()
