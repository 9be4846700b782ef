"""Shapes of traffic: nothing of a customer in them, the same from a recording, mild where both sides are legal."""

import dataclasses
import itertools
import json
import os
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import pytest

from export_contracts import resources
from export_contracts.catalogue import contract as contracts
from export_contracts.check import proof
from export_contracts.drift import compare_shapes, report, shape, sides, traffics
from export_contracts.drift.change import Change
from export_contracts.drift.declared import Declared
from export_contracts.errors import TrafficError, UsageError
from export_contracts.judge import judge
from export_contracts.model import Exchange, Headers, Request, Response, Transcript
from export_contracts.report.account import Account
from export_contracts.report.markdown import code, plain
from export_contracts.report.results import document
from export_contracts.targets.venue import embedded_venue

VENDORS = ("adobe", "apsis", "bloomreach", "braze")
CANARY = "kanarie7391"
NIGHTS = int(os.environ.get("DRIFT_NIGHTS", "2"))
"""Of a simulated week; 7 by hand."""


def exchange(asked, status, answer, headers):
    body = json.dumps(answer).encode()
    sent = Headers.of({"Content-Type": "application/json", "Authorization": f"Bearer {CANARY}"})
    got = Headers.of({"Content-Type": "application/json", **dict(headers)})
    url = "https://rest.iad-01.braze.com/users/export/segment"
    request = Request("POST", url, sent, json.dumps(asked).encode())
    return Exchange(0, request, Response(status, got, body), 0.0, 1.0)


def start(answer, status=200, asked=None, headers=()):
    asked = asked or {"segment_id": CANARY, "fields_to_export": ["email"]}
    return Transcript("braze", "start", "live", exchanges=(exchange(asked, status, answer, headers),))


ANSWER = {"message": "success", "object_prefix": f"{CANARY}-1", "url": f"https://{CANARY}.example.com/{CANARY}"}


def compared(before, after):
    contract = contracts.load("braze")
    found = traffics.compare(
        contract, sides.of(contract, [before], "a"), sides.of(contract, [after], "b"), fail_on="any"
    )
    return {(one.area, one.kind, one.at): one.level for one in found.changes if not one.kind.startswith("clause")}


def test_equal_traffic_is_no_drift():
    assert compared(start(ANSWER), start(ANSWER)) == {}


DIFFERENCES = {
    "field new": ({**ANSWER, "errors": []}, ("response", "new", "errors"), "compatible"),
    "undeclared though legal": ({**ANSWER, "extra": 1}, ("response", "undeclared", "extra"), "compatible"),
    "field gone": ({"message": "success"}, ("response", "gone", "object_prefix"), "breaking-for-consumers"),
    "may be left out": (
        {k: ANSWER[k] for k in ("message", "object_prefix")},
        ("response", "gone", "url"),
        "compatible",
    ),
    "became null": ({**ANSWER, "url": None}, ("response", "became-null", "url"), "compatible"),
    "became null against the contract": (
        {**ANSWER, "message": None},
        ("response", "became-null", "message"),
        "breaking-for-consumers",
    ),
    "type changed": (
        {**ANSWER, "object_prefix": 5},
        ("response", "type-changed", "object_prefix"),
        "breaking-for-consumers",
    ),
}  # fmt: skip


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_each_difference_by_its_kind_and_level(difference):
    answer, change, level = DIFFERENCES[difference]
    assert compared(start(ANSWER), start(answer))[change] == level


def test_status_limit_and_header():
    limited = {"X-RateLimit-Limit": "250000"}
    assert compared(start(ANSWER, headers=limited), start(ANSWER, headers={"X-RateLimit-Limit": "1000"})) == {
        ("limit", "limit-lowered", "x-ratelimit-limit"): "breaking-for-consumers"
    }
    gone = compared(start(ANSWER, headers=limited), start(ANSWER))
    assert gone["header-of-answer", "header-gone", "200 x-ratelimit-limit"] == "breaking-for-consumers"
    assert compared(start(ANSWER), start(ANSWER, status=202))["status", "status-changed", "202"]


def test_no_value_of_a_customer_in_shape_or_report():
    contract = contracts.load("braze")
    row = {CANARY: CANARY, "email": CANARY, "custom_attributes": {CANARY: {CANARY: [CANARY]}}}
    asked = {
        "segment_id": CANARY,
        "fields_to_export": [CANARY],
        "custom_attributes_to_export": [CANARY],
        CANARY: {CANARY: 1},
    }
    first = start({**ANSWER, f"X{CANARY}": CANARY, "deep": {CANARY: [{CANARY: CANARY}]}, "rows": [row]}, asked=asked)
    both = sides.of(contract, [start(ANSWER)], "a"), sides.of(contract, [first], "b")
    assert CANARY not in json.dumps(both[1].shape)
    found = traffics.compare(contract, *both, fail_on="any")
    assert found.changes
    assert CANARY not in json.dumps(found.as_json()) + report.markdown(found) + report.junit(found)


def nights(slug, seeds):
    """What a legal but awkward server answers in each of some nights."""
    contract = contracts.load(slug)
    for seed in seeds:
        played = proof.transcripts(contract, embedded_venue(slug, seed=seed, awkward=seed), seed=seed)
        yield sides.of(contract, played, f"night {seed}")


@pytest.mark.parametrize("slug", VENDORS)
def test_a_shape_follows_its_schema_and_a_week_of_nights_raises_no_false_alarm(slug):
    contract = contracts.load(slug)
    plain = sides.of(contract, proof._innocent(slug, 0), "plain")
    schema = json.loads((resources.specs() / "meta" / "shape.schema.json").read_text(encoding="utf-8"))
    week = [plain, *nights(slug, range(1, 1 + NIGHTS))]
    for night in week:
        jsonschema.validate(night.shape, schema)
    kept = dataclasses.replace(plain, broken=None, readings=None)
    for before, after in [*itertools.permutations(week, 2), *((kept, night) for night in week)]:
        found = traffics.compare(contract, before, after, fail_on="breaking")
        alarms = [report.sentence(one) for one in found.changes if one.level not in {"compatible", "cosmetic"}]
        assert alarms == [], f"{before.name} -> {after.name}"
        assert found.exit_code == 0


@pytest.mark.parametrize("slug", VENDORS)
def test_recordings_compared_twice_give_equal_bytes(slug):
    contract = contracts.load(slug)
    folder = str(resources.cassettes() / slug)
    reports = []
    for _ in range(2):
        once = sides.load(contract, folder), sides.load(contract, folder)
        reports.append(traffics.compare(contract, *once, fail_on="any"))
    assert reports[0].changes == ()
    assert json.dumps(reports[0].as_json()) == json.dumps(reports[1].as_json())


def test_a_recording_has_the_shape_of_what_was_recorded():
    contract = contracts.load("braze")
    recorded = sides.load(contract, str(resources.cassettes() / "braze" / "reference-second_export.yaml"))
    played = [one for one in proof._innocent("braze", 0) if one.name == "second_export"]
    changes = compare_shapes.compare(Declared.of(contract), shape.infer(contract, played), recorded.shape)
    assert [one for one in changes if one.level != "compatible"] == []


def test_fingerprints_tell_changes_apart_and_stay():
    contract = contracts.load("braze")
    old = sides.of(contract, [start(ANSWER)], "monday")
    new = sides.of(contract, [start({**ANSWER, "url": None, "extra": 1})], "tuesday")
    first = traffics.compare(contract, old, new, fail_on="any").changes
    later = traffics.compare(contract, old, dataclasses.replace(new, name="friday"), fail_on="any").changes
    assert len({one.fingerprint("braze") for one in first}) == len(first) == 3
    assert [one.fingerprint("braze") for one in first] == [one.fingerprint("braze") for one in later]


def test_a_shape_remembers_what_clauses_made_of_its_traffic(tmp_path):
    contract = contracts.load("braze")
    late = start({"message": "success"})
    broken = sides.of(contract, [late], "broken")
    file = tmp_path / "braze.shape.json"
    file.write_text(json.dumps(broken.shape), encoding="utf-8")
    kept = sides.load(contract, str(file))
    assert (kept.broken, kept.readings) == (broken.broken, broken.readings)
    assert traffics.compare(contract, kept, broken, fail_on="any").changes == ()
    found = traffics.compare(contract, kept, sides.of(contract, [start(ANSWER)], "mended"), fail_on="any")
    assert "clause-kept-again" in {one.kind for one in found.changes}


@pytest.mark.parametrize(
    "change",
    [
        lambda shape: shape["operations"].update(x={}),
        lambda shape: shape["objects"].update(users=[]),
        lambda shape: shape.update(limits={"x": ["60"]}),
        lambda shape: shape.update(judged=[]),
        lambda shape: shape.pop("objects"),
    ],
)
def test_a_shape_that_is_none_is_told_in_one_sentence(tmp_path, change):
    contract = contracts.load("braze")
    shape = json.loads(json.dumps(sides.of(contract, [start(ANSWER)], "sound").shape))
    change(shape)
    file = tmp_path / "braze.shape.json"
    file.write_text(json.dumps(shape), encoding="utf-8")
    with pytest.raises(TrafficError, match="is no whole shape"):
        sides.load(contract, str(file))


@pytest.mark.parametrize("clauses", [[3], {"a": 1}, [{"vendor": "braze", "id": "X", "findings": [1]}]])
def test_a_results_document_that_is_none_is_told_in_one_sentence(tmp_path, clauses):
    file = tmp_path / "results.json"
    file.write_text(json.dumps({"format": sides.RESULTS, "clauses": clauses}), encoding="utf-8")
    with pytest.raises(UsageError, match="is no sound results document"):
        sides.load(contracts.load("braze"), str(file))


def test_results_documents_tell_which_readings_were_met_and_not_which_there_are(tmp_path):
    contract = contracts.load("adobe")
    judged = judge(contract, [])
    open_one = next(one for one in judged.verdicts if len(one.clause.readings) > 1)
    now = datetime.now(UTC)
    loaded = []
    for reading in list(open_one.clause.readings)[:2]:
        met = replace(open_one, readings={reading: 1})
        account = Account(contract, replace(judged, verdicts=(met,)), "x", "recorded", started=now, finished=now)
        file = tmp_path / "results.json"
        file.write_text(json.dumps(document([account], today=now.date(), redact=str)), encoding="utf-8")
        loaded.append(sides.load(contract, str(file)))
    found = traffics.compare(contract, *loaded, fail_on="any").changes
    assert [(one.kind, one.at) for one in found] == [("reading-changed", open_one.clause.id)]


def test_what_a_page_prints_is_inert_on_a_terminal_and_in_an_issue():
    wild = "x\x1b[31m\n<img src=y>`![z](http://evil.invalid)"
    found = report.Report("braze", wild, "b", (Change("response", "new", wild, "op", None, wild, wild),))
    lines = "".join(report.lines(found))
    told = report.markdown(found)
    assert "\x1b" not in lines + told
    assert "\n" not in lines
    bare = told.replace(code(wild), "").replace(plain(wild), "")
    assert "![z](" not in bare
    assert "<img" not in bare


def test_an_object_of_customers_is_no_object_of_new_members():
    names = {f"{chr(97 + one % 26)}nna-{chr(97 + one // 26)}": {"id": one} for one in range(150)}
    told = sides.of(contracts.load("braze"), [start({**ANSWER, **names})], "a").shape
    (body,) = (one["body"] for name in told["operations"] for one in told["operations"][name]["answers"].values())
    assert not [at for at in body if "nna" in at]
    assert {"*", "*.*", "message"} <= set(body)
