"""Hand-made clients of Braze, one habit each, and the clauses that they break: none for the good ones."""

from __future__ import annotations

import gzip
import json

import pytest
from counter import ABSENT, Counter, changed

PATH = "/users/export/segment"
CANCEL = "/export/segment/cancel"
TYPE = "Content-Type"
FIELDS = ["external_id", "email"]


def call(method="POST", path=PATH, headers=None, body=None, raw=None):
    def play(counter):
        facts = counter.facts
        sent = changed({"Authorization": f"Bearer {facts['token']}", TYPE: "application/json"}, headers or {})
        sent = {name: value(facts) if callable(value) else value for name, value in sent.items()}
        standard = {"segment_id": facts["segment_id"], "fields_to_export": FIELDS}
        content = changed(standard, body or {})
        content = {name: value(facts) if callable(value) else value for name, value in content.items()}
        counter.send(method, path, sent, raw(content) if callable(raw) else content)

    return play


def raw(function):
    return call(raw=function)


def key(text):
    return lambda facts: text.format(facts["token"])


GOOD = {
    "minimal": call(),
    "all members": call(
        body={
            "callback_endpoint": "https://example.com/hook",
            "output_format": "gzip",
            "custom_attributes_to_export": ["plan", "shoe size"],
        }
    ),
    "charset": call(headers={TYPE: "application/json; charset=utf-8"}),
    "charset in capitals, no blank": call(headers={TYPE: "application/json;charset=UTF-8"}),
    "charset in quotes": call(headers={TYPE: 'application/json; charset="utf-8"'}),
    "media type in capitals": call(headers={TYPE: "APPLICATION/JSON"}),
    "asks what may be asked": call(method="OPTIONS"),
    "lower-case names": call(
        headers={
            TYPE: ABSENT,
            "Authorization": ABSENT,
            "content-type": "application/json",
            "authorization": key("Bearer {}"),
        }
    ),
    "scheme in lower case": call(headers={"Authorization": key("bearer {}")}),
    "accepts anything": call(headers={"Accept": "*/*", "User-Agent": "x/1", "Accept-Encoding": "gzip, br"}),
    "headers of its own": call(headers={"X-Request-Id": "1", "traceparent": "00-a-b-01"}),
    "HTTP/1.0": call(headers={"Connection": "close"}),
    "chunked": call(headers={"Transfer-Encoding": "chunked"}),
    "expects 100": call(headers={"Expect": "100-continue"}),
    "on a host of the vendor's": call(path="https://rest.iad-01.braze.com" + PATH),
    "on a European host": call(path="https://rest.fra-02.braze.eu" + PATH),
    "host in capitals": call(path="https://REST.IAD-01.BRAZE.COM" + PATH),
    "default port told": call(path="https://rest.iad-01.braze.com:443" + PATH),
    "query of no meaning": call(path=PATH + "?trace=1"),
    "percent signs without need": call(path="/users/%65xport/s%65gment"),
    "blank query": call(path=PATH + "?"),
    "zip": call(body={"output_format": "zip"}),
    "format left null": call(body={"output_format": None}),
    "attributes left null": call(body={"custom_attributes_to_export": None}),
    "callback left null": call(body={"callback_endpoint": None}),
    "callback of this machine": call(body={"callback_endpoint": "http://localhost:9/x"}),
    "every name": call(
        body={"fields_to_export": ["apps", "braze_id", "custom_attributes", "purchases", "created_from"]}
    ),
    "names of older editions": call(body={"fields_to_export": ["campaigns_received", "cards_clicked", "push_tokens"]}),
    "one name twice": call(body={"fields_to_export": ["email", "email"]}),
    "500 attributes": call(body={"custom_attributes_to_export": [f"a{number}" for number in range(500)]}),
    "attributes in Czech": call(body={"custom_attributes_to_export": ["oblíbená barva"]}),
    "pretty JSON": raw(lambda body: json.dumps(body, indent=4).encode()),
    "escaped JSON": raw(lambda body: json.dumps(body).replace("email", "\\u0065mail").encode()),
    "blanks around": raw(lambda body: b"\r\n " + json.dumps(body).encode() + b"\n"),
    "an id that is no UUID": call(body={"segment_id": "segment_identifier"}),
    "cancels": call(path=CANCEL, body={"fields_to_export": ABSENT}),
}

BAD = {
    "no key": (call(headers={"Authorization": ABSENT}), {"BRZ-001"}),
    "key without a scheme": (call(headers={"Authorization": key("{}")}), {"BRZ-001"}),
    "basic": (call(headers={"Authorization": "Basic dTpw"}), {"BRZ-001"}),
    "scheme Token": (call(headers={"Authorization": key("Token {}")}), {"BRZ-001"}),
    "blank bearer": (call(headers={"Authorization": "Bearer "}), {"BRZ-001"}),
    "quoted key": (call(headers={"Authorization": key('Bearer "{}"')}), {"BRZ-001"}),
    "another header": (call(headers={"Authorization": ABSENT, "X-Api-Key": key("{}")}), {"BRZ-001"}),
    "key in the body": (call(body={"api_key": key("{}")}), {"BRZ-002"}),
    "key in the body alone": (
        call(headers={"Authorization": ABSENT}, body={"api_key": key("{}")}),
        {"BRZ-001", "BRZ-002"},
    ),
    "key in the query": (call(path=PATH + "?api_key=secret"), {"BRZ-002"}),
    "no type": (call(headers={TYPE: ABSENT}), {"BRZ-003"}),
    "text": (call(headers={TYPE: "text/plain"}), {"BRZ-003"}),
    "form type": (call(headers={TYPE: "application/x-www-form-urlencoded"}), {"BRZ-003"}),
    "JSON lines": (call(headers={TYPE: "application/jsonl"}), {"BRZ-003"}),
    "vendor's JSON": (call(headers={TYPE: "application/vnd.api+json"}), {"BRZ-003"}),
    "empty body": (raw(lambda _: b""), {"BRZ-005", "BRZ-006", "BRZ-013"}),
    "form body": (raw(lambda _: b"segment_id=1"), {"BRZ-005", "BRZ-006", "BRZ-013"}),
    "broken JSON": (raw(lambda body: json.dumps(body).encode()[:-1]), {"BRZ-005", "BRZ-006", "BRZ-013"}),
    "trailing comma": (raw(lambda body: json.dumps(body).encode()[:-1] + b",}"), {"BRZ-005", "BRZ-006", "BRZ-013"}),
    "single quotes": (raw(lambda body: str(body).encode()), {"BRZ-005", "BRZ-006", "BRZ-013"}),
    "UTF-16": (raw(lambda body: json.dumps(body).encode("utf-16")), {"BRZ-005", "BRZ-006", "BRZ-013"}),
    "byte order mark": (
        raw(lambda body: b"\xef\xbb\xbf" + json.dumps(body).encode()),
        {"BRZ-005", "BRZ-006", "BRZ-013"},
    ),
    "JSON within JSON": (raw(lambda body: json.dumps(json.dumps(body)).encode()), {"BRZ-005", "BRZ-006", "BRZ-013"}),
    "gzip unsaid": (raw(lambda body: gzip.compress(json.dumps(body).encode())), {"BRZ-005", "BRZ-006", "BRZ-013"}),
    "list": (raw(lambda body: json.dumps([body]).encode()), {"BRZ-005", "BRZ-006", "BRZ-013"}),
    "no segment": (call(body={"segment_id": ABSENT}), {"BRZ-005"}),
    "camel case": (call(body={"segment_id": ABSENT, "segmentId": "x"}), {"BRZ-005", "BRZ-165"}),
    "null segment": (call(body={"segment_id": None}), {"BRZ-005"}),
    "blank segment": (call(body={"segment_id": ""}), {"BRZ-005"}),
    "list of segments": (call(body={"segment_id": ["a"]}), {"BRZ-005"}),
    "no fields": (call(body={"fields_to_export": ABSENT}), {"BRZ-006"}),
    "empty list of fields": (call(body={"fields_to_export": []}), {"BRZ-190"}),
    "fields in one text": (call(body={"fields_to_export": "email,dob"}), {"BRZ-007"}),
    "null fields": (call(body={"fields_to_export": None}), {"BRZ-006"}),
    "fields as objects": (call(body={"fields_to_export": [{"name": "email"}]}), {"BRZ-007"}),
    "unknown field": (call(body={"fields_to_export": ["email", "favourite_colour"]}), {"BRZ-008"}),
    "field in capitals": (call(body={"fields_to_export": ["Email"]}), {"BRZ-008"}),
    "501 attributes": (
        call(body={"custom_attributes_to_export": [f"a{number}" for number in range(501)]}),
        {"BRZ-009"},
    ),
    "callback as object": (call(body={"callback_endpoint": {"url": "x"}}), {"BRZ-011"}),
    "format csv": (call(body={"output_format": "csv"}), {"BRZ-012"}),
    "format in capitals": (call(body={"output_format": "GZIP"}), {"BRZ-012"}),
    "gets": (call(method="GET"), {"BRZ-163"}),
    "puts": (call(method="PUT"), {"BRZ-163"}),
    "plural": (call(path="/users/export/segments"), {"BRZ-163"}),
    "singular": (call(path="/user/export/segment"), {"BRZ-163"}),
    "capitals": (call(path="/Users/Export/Segment"), {"BRZ-163"}),
    "other order": (call(path="/users/segment/export"), {"BRZ-163"}),
    "below a version": (call(path="/v1/users/export/segment"), {"BRZ-163"}),
    "doubled slash": (call(path="//users/export/segment"), {"BRZ-163"}),
    "segment in the path": (call(path="/users/export/segment/abc"), {"BRZ-163"}),
    "deletes to cancel": (call(method="DELETE", path=CANCEL, body={"fields_to_export": ABSENT}), {"BRZ-163"}),
    "cancels nothing": (call(path=CANCEL, body={"segment_id": ABSENT, "fields_to_export": ABSENT}), {"BRZ-005"}),
    "slash at the end": (call(path=PATH + "/"), {"BRZ-164"}),
    "unheard-of member": (call(body={"compress": True}), {"BRZ-165"}),
    "misspelt optional member": (call(body={"custom_attribute_to_export": ["plan"]}), {"BRZ-165"}),
    "attributes beside all": (
        call(body={"fields_to_export": ["custom_attributes"], "custom_attributes_to_export": ["plan"]}),
        {"BRZ-010"},
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_client_of_braze_breaks_nothing(name):
    counter = Counter("braze")
    GOOD[name](counter)
    assert counter.broken() == set()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_client_of_braze_breaks_its_clauses(name):
    counter = Counter("braze")
    play, clauses = BAD[name]
    play(counter)
    assert counter.broken() == clauses


def started(counter):
    call()(counter)
    return json.loads(counter.exchanges[-1].response.body)["url"]


def test_a_client_that_starts_again_while_the_export_runs_is_told():
    counter = Counter("braze")
    started(counter)
    counter.pause(1)
    call()(counter)
    assert counter.broken() == {"BRZ-160"}


def test_a_client_that_waits_for_the_archive_may_start_again():
    counter = Counter("braze")
    url = started(counter)
    while counter.send("GET", url, {}).status != 200:
        counter.pause(30)
    call()(counter)
    assert counter.broken() == set()


def test_a_client_that_hammers_the_url_is_told():
    counter = Counter("braze")
    url = started(counter)
    for _ in range(15):
        counter.send("GET", url, {})
        counter.pause(0.05)
    assert counter.broken() == {"BRZ-161"}


def test_a_client_that_comes_back_a_week_later_is_told():
    counter = Counter("braze")
    url = started(counter)
    counter.pause(3600)
    counter.send("GET", url, {})
    counter.pause(7 * 86_400)
    counter.send("GET", url, {})
    assert counter.broken() == {"BRZ-162"}


@pytest.mark.parametrize("path", ["/users/track", "/users/export/ids", "/segments/list", "/segments/details"])
def test_other_endpoints_are_nobodys_concern(path):
    counter = Counter("braze")
    call(path=path)(counter)
    assert counter.broken() == set()
