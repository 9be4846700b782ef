"""Hand-made clients of APSIS One, one habit each, and the clauses that they break: none for the good ones."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from counter import ABSENT, Counter, changed

PATH = "/audience/profiles/reports/duplicates"
TOKEN = "/oauth/token"
TYPE = "Content-Type"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def call(method="POST", path=PATH, headers=None, body=None, raw=None):
    def play(counter):
        facts = counter.facts
        known = {"Authorization": f"Bearer {facts['token']}", TYPE: "application/json"}
        sent = {
            name: value(facts) if callable(value) else value for name, value in changed(known, headers or {}).items()
        }
        content = changed(segments(facts), body(facts) if callable(body) else body or {})
        return counter.send(method, path, sent, raw(content) if raw else content)

    return play


def segments(facts, **more):
    known = {"segment_discriminators": {"wanted": facts["segment_id"]}, "filter": "wanted"}
    return {"segments": changed(known, more)}


def narrowed(**more):
    return call(body=lambda facts: segments(facts, **more))


def raw(function):
    return call(raw=function)


def topics(facts):
    return {"topic_discriminators": facts["topics"], "channel_discriminator": facts["channel"]}


def token(method="POST", path=TOKEN, headers=None, body=None, raw=None):
    def play(counter):
        facts = counter.facts
        known = {name: facts[name] for name in ("client_id", "client_secret")}
        content = changed({"grant_type": "client_credentials", **known}, body or {})
        sent = changed({TYPE: "application/json"}, headers or {})
        counter.send(method, path, sent, raw(content) if raw else content)

    return play


two = {"segment_discriminators": {"women": "usercreated.segments.w-1", "europe": "usercreated.segments.e-2"}}

GOOD = {
    "minimal": call(),
    "no segments": call(body={"segments": ABSENT}),
    "with a zone": narrowed(timezone="Europe/Stockholm"),
    "with a zone elsewhere": narrowed(timezone="Asia/Tokyo"),
    "negated": narrowed(filter="!(wanted)"),
    "negated without parentheses": narrowed(filter="!wanted"),
    "the page's own filter": narrowed(**two, filter="!(europe) & women"),
    "without blanks": narrowed(**two, filter="!(europe)&women"),
    "in parentheses": narrowed(**two, filter="((europe) & (women))"),
    "either": narrowed(**two, filter="europe | women"),
    "operators doubled": narrowed(**two, filter="europe && women"),
    "operators doubled, either": narrowed(**two, filter="europe || !women"),
    "negated twice": narrowed(filter="!!wanted"),
    "a name with a blank": narrowed(segment_discriminators={"a b": "usercreated.segments.w-1"}, filter="!(a b)"),
    "by text message": call(body=lambda facts: {**topics(facts), "channel_discriminator": "com.apsis1.channels.sms"}),
    "members of siblings": call(body={"attribute": "com.apsis1.attributes.email", "tag": "x", "channels": []}),
    "a zone without an area": narrowed(timezone="UTC"),
    "a zone of three parts": narrowed(timezone="America/Argentina/Buenos_Aires"),
    "one of two": narrowed(**two, filter="women"),
    "definitions": narrowed(segment_discriminators=ABSENT, segment_definitions={"wanted": "profile.x"}),
    "topics": call(body=topics),
    "attributes": call(body=lambda facts: {"attributes": facts["attributes"]}),
    "tags": call(body=lambda facts: {"tags": facts["tags"]}),
    "no attributes": call(body={"attributes": [], "tags": []}),
    "null for what is left out": call(
        body=dict.fromkeys(("topic_discriminators", "channel_discriminator", "attributes", "tags"))
    ),
    "members of its own": call(body={"section_discriminator": "usercreated.sections.e-1"}),
    "charset": call(headers={TYPE: "application/json; charset=utf-8"}),
    "type in capitals": call(headers={TYPE: "APPLICATION/JSON"}),
    "lower-case names": call(
        headers={"Authorization": ABSENT, "authorization": lambda facts: f"bearer {facts['token']}"}
    ),
    "accepts anything": call(headers={"Accept": "*/*", "Accept-Encoding": "gzip"}),
    "headers of its own": call(headers={"X-Request-Id": "1"}),
    "on the vendor's host": call(path="https://api.apsis.one" + PATH),
    "in Asia": call(path="https://api-apac.apsis.one" + PATH),
    "query of no meaning": call(path=PATH + "?trace=1"),
    "pretty JSON": raw(lambda body: json.dumps(body, indent=2).encode()),
    "escaped JSON": raw(lambda body: json.dumps(body).replace("wanted", "\\u0077anted").encode()),
    "a browser that asks before": call(
        method="OPTIONS", headers={"Authorization": ABSENT, TYPE: ABSENT}, raw=lambda _: b""
    ),
    "a token": token(),
    "a token with scope": token(body={"scope": "x"}),
    "a token, type with charset": token(headers={TYPE: "application/json;charset=UTF-8"}),
}

BAD = {
    "no token": (call(headers={"Authorization": ABSENT}), {"APS-056"}),
    "token without scheme": (call(headers={"Authorization": lambda facts: facts["token"]}), {"APS-056"}),
    "basic": (call(headers={"Authorization": "Basic dTpw"}), {"APS-056"}),
    "blank bearer": (call(headers={"Authorization": "Bearer "}), {"APS-056"}),
    "another header": (call(headers={"Authorization": ABSENT, "x-apsis-auth": "t"}), {"APS-056"}),
    "token in the query": (call(path=PATH + "?access_token=abc"), {"APS-076"}),
    "empty body": (raw(lambda _: b""), {"APS-057"}),
    "list": (raw(lambda body: json.dumps([body]).encode()), {"APS-057"}),
    "broken JSON": (raw(lambda body: json.dumps(body).encode()[:-2]), {"APS-057"}),
    "the page's comma at the end": (raw(lambda body: json.dumps(body).encode()[:-1] + b",}"), {"APS-057"}),
    "form": (raw(lambda _: b"filter=wanted"), {"APS-057"}),
    "byte order mark": (raw(lambda body: b"\xef\xbb\xbf" + json.dumps(body).encode()), {"APS-057"}),
    "JSON within JSON": (raw(lambda body: json.dumps(json.dumps(body)).encode()), {"APS-057"}),
    "no filter": (narrowed(filter=ABSENT), {"APS-058"}),
    "blank filter": (narrowed(filter=""), {"APS-058"}),
    "filter as list": (narrowed(filter=["wanted"]), {"APS-058"}),
    "unheard-of segment": (narrowed(filter="wanted & rest"), {"APS-059"}),
    "id in the filter": (narrowed(filter="usercreated.segments.regulars-q3k8v2m1xa"), {"APS-059"}),
    "open parenthesis": (narrowed(filter="!(wanted"), {"APS-060"}),
    "closed too often": (narrowed(filter="(wanted))"), {"APS-060"}),
    "neither": (narrowed(segment_discriminators=ABSENT), {"APS-061", "APS-059"}),
    "both": (narrowed(segment_definitions={"wanted": "profile.x"}), {"APS-062"}),
    "topics without channel": (call(body=lambda facts: {"topic_discriminators": facts["topics"]}), {"APS-063"}),
    "channel without topics": (call(body=lambda facts: {"channel_discriminator": facts["channel"]}), {"APS-063"}),
    "one topic under another name": (
        call(body=lambda facts: {**topics(facts), "topic_discriminators": ABSENT, "topicDiscriminators": ["x"]}),
        {"APS-063", "APS-105"},
    ),
    "channel of fax": (
        call(body=lambda facts: {**topics(facts), "channel_discriminator": "com.apsis1.channels.fax"}),
        {"APS-102"},
    ),
    "channel by its name": (
        call(body=lambda facts: {**topics(facts), "channel_discriminator": "email"}),
        {"APS-064", "APS-102"},
    ),
    "attributes in one text": (call(body={"attributes": "email"}), {"APS-101"}),
    "tags by name": (call(body={"tags": {"Member": True}}), {"APS-101"}),
    "text": (call(headers={TYPE: "text/plain"}), {"APS-100"}),
    "no type": (call(headers={TYPE: ABSENT}), {"APS-100"}),
    "zone by offset": (narrowed(timezone="+02:00"), {"APS-103"}),
    "zone in minutes": (narrowed(timezone=120), {"APS-103"}),
    "segments misspelt": (
        call(body=lambda facts: {"segments": ABSENT, "segmnets": segments(facts)["segments"]}),
        {"APS-105"},
    ),
    "filter that dangles": (narrowed(filter="wanted &"), {"APS-104"}),
    "filter of nothing": (narrowed(filter="!()"), {"APS-104"}),
    "filter without an operator": (narrowed(**two, filter="women europe"), {"APS-104"}),
    "filter that begins amid": (narrowed(filter="& wanted"), {"APS-104"}),
    "no topics": (call(body=lambda facts: {**topics(facts), "topic_discriminators": []}), {"APS-063"}),
    "name for an id": (narrowed(segment_discriminators={"wanted": "Regulars"}), {"APS-064"}),
    "more than 100 kB": (call(body={"padding": "x" * 110_000}), {"APS-065"}),
    "gets": (call(method="GET"), {"APS-083"}),
    "puts": (call(method="PUT"), {"APS-083"}),
    "singular": (call(path="/audience/profile/reports/duplicate"), {"APS-083"}),
    "misspelt": (call(path="/audience/profiles/reports/dupicates"), {"APS-083"}),
    "below a version": (call(path="https://api.apsis.one/v1" + PATH), {"APS-083"}),
    "slash at the end": (call(path=PATH + "/"), {"APS-084"}),
    "unheard-of in segments": (narrowed(time_zone="UTC"), {"APS-085"}),
    "token by password": (token(body={"grant_type": "password"}), {"APS-075"}),
    "token without secret": (token(body={"client_secret": ABSENT}), {"APS-075"}),
    "token without client": (token(body={"client_id": ABSENT}), {"APS-075"}),
    "token as a form": (token(headers={TYPE: FORM}, raw=lambda body: urlencode(body).encode()), {"APS-100"}),
    "token as a form without a secret": (
        token(headers={TYPE: FORM}, body={"client_secret": ABSENT}, raw=lambda body: urlencode(body).encode()),
        {"APS-075", "APS-100"},
    ),
    "token by GET": (token(method="GET"), {"APS-083"}),
    "secret in the query": (token(path=TOKEN + "?client_secret=abc"), {"APS-076"}),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_client_of_apsis_breaks_nothing(name):
    counter = Counter("apsis")
    GOOD[name](counter)
    assert counter.broken() == set()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_client_of_apsis_breaks_its_clauses(name):
    counter = Counter("apsis")
    play, clauses = BAD[name]
    play(counter)
    assert counter.broken() == clauses


def test_a_client_in_a_hurry_is_told():
    counter = Counter("apsis")
    call()(counter)
    call()(counter)
    assert counter.broken() == {"APS-072"}


def test_a_client_that_asks_for_a_token_each_time_is_told():
    counter = Counter("apsis")
    for _ in range(11):
        token()(counter)
        counter.pause(1)
    assert counter.broken() == {"APS-074"}


@pytest.mark.parametrize("path", ["/audience/keyspaces", "/audience/profiles/reports/segments", "/email/activities/1"])
def test_other_endpoints_are_nobodys_concern(path):
    counter = Counter("apsis")
    call(path=path)(counter)
    assert counter.broken() == set()
