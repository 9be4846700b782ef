"""What becomes of an accepted export: by URL or into the bucket, by the clock, told by a callback."""

from __future__ import annotations

import json
import re
import time

import pytest
from braze_desk import CANCEL, START, desk, lines, told, unpacked, unzipped

from export_contracts.vendors.braze.reference_service import Braze

HOURS = 3600.0
KEY = re.compile(r"segment-export/(?P<segment>[^/]+)/(?P<day>[^/]+)/(?P<prefix>[^/]+)/[0-9a-f]{32}\.(zip|gz)")


@pytest.fixture
def braze():
    return desk()


def members(facts):
    return [{"external_id": one} for one in facts["members"]]


def test_the_url_is_good_for_four_hours_once_ready(braze):
    url = told(braze.export())["url"]
    statuses = []
    for seconds in (0.0, 1.0, 60.0, 3.9 * HOURS, 0.2 * HOURS):
        braze.wait(seconds)
        statuses.append(braze.get(url).status)
    assert statuses == [403, 403, 200, 200, 403]
    assert braze.get(url).body.startswith(b"<?xml")


def test_the_url_is_refused_without_its_signature(braze):
    url = told(braze.export())["url"]
    braze.wait(60.0)
    assert braze.get(url.split("Signature")[0]).status == 403


def test_the_download_is_one_zip_of_lines(braze):
    url = told(braze.export(output_format="gzip"))["url"]
    braze.wait(60.0)
    (name, text), *others = unzipped(braze.get(url).body).items()
    assert re.fullmatch(r"[0-9a-f]{32}\.json", name)
    assert not others
    assert lines(text) == members(braze.facts)


@pytest.mark.parametrize(("output_format", "ending"), [("zip", ".zip"), ("gzip", ".gz")])
def test_own_storage_gets_the_files_and_no_url(braze, output_format, ending):
    answer = told(braze.export(key="storage_token", output_format=output_format))
    assert answer.get("url") is None
    assert braze.bucket == {}
    braze.wait(60.0)
    (key, body), *others = braze.bucket.items()
    found = KEY.fullmatch(key)
    assert found
    assert key.endswith(ending)
    assert not others
    assert found["segment"] == braze.facts["segment_id"]
    assert found["day"] == "2026-01-01"
    assert found["prefix"] == answer["object_prefix"]
    assert found["prefix"].endswith(f"-{int(START)}")
    assert lines(unpacked(body)) == members(braze.facts)


def test_the_key_bears_the_day_of_completion():
    braze = desk()
    braze.wait(24 * HOURS - 1)
    braze.export(key="storage_token")
    braze.wait(3 * 24 * HOURS)
    (key,) = braze.bucket
    assert "/2026-01-02/" in key


def test_url_is_null_one_time_and_absent_the_next(braze):
    first = told(braze.export(key="storage_token"))
    second = told(braze.export("second_segment_id", key="storage_token"))
    assert ("url" in first, "url" in second) == (True, False)


def test_an_empty_segment_is_one_empty_file(braze):
    braze.export("empty_segment_id", key="storage_token", output_format="gzip")
    braze.wait()
    assert [unpacked(body) for body in braze.bucket.values()] == [b""]


def test_five_thousand_users_go_into_a_file_and_it_does_not_take_long():
    braze = desk(users=12_000)
    started = time.process_time()
    braze.export(key="storage_token")
    braze.wait()
    assert time.process_time() - started < 2
    assert sorted(len(lines(unpacked(body))) for body in braze.bucket.values()) == [2000, 5000, 5000]


def test_a_callback_tells_of_completion(braze):
    sent = []
    braze.reference.world.send = sent.append
    answer = told(braze.export(callback_endpoint="http://127.0.0.1:9/done"))
    braze.export("second_segment_id", key="storage_token", callback_endpoint="http://127.0.0.1:9/done")
    assert sent == []
    braze.wait(60.0)
    assert [(one.method, one.url, json.loads(one.body)) for one in sent] == [
        ("POST", "http://127.0.0.1:9/done", {"success": True, "url": answer["url"]}),
        ("POST", "http://127.0.0.1:9/done", {"success": True}),
    ]
    braze.wait()
    assert len(sent) == 2


@pytest.mark.parametrize("address", ["example_endpoint", "", "ftp://h/x", "http://[", "http://"])
def test_an_address_that_http_does_not_reach_is_never_called(braze, address):
    sent = []
    braze.reference.world.send = sent.append
    assert braze.export(callback_endpoint=address).status == 200
    braze.wait()
    assert sent == []


def test_cancel_ends_the_export_and_frees_the_segment(braze):
    url = told(braze.export())["url"]
    braze.export("second_segment_id", key="storage_token")
    assert braze.send("POST", CANCEL, {"segment_id": braze.facts["segment_id"]}).status == 200
    assert braze.export().status == 200
    braze.wait(60.0)
    assert braze.get(url).status == 403
    assert len(braze.bucket) == 1


def test_without_a_bucket_every_export_has_a_url():
    braze = desk(bucket=False)
    assert "storage_token" not in braze.facts
    assert told(braze.export())["url"]


def test_a_single_key_may_deliver_to_the_bucket():
    braze = desk(storage="bucket")
    assert "storage_token" not in braze.facts
    assert told(braze.export()).get("url") is None
    braze.wait()
    assert len(braze.bucket) == 1


def test_a_restart_loses_nothing():
    before = desk()
    url = told(before.export())["url"]
    after = desk()
    after.reference.world.clock.advance(1000.0)
    after.reference.state = json.loads(json.dumps(before.reference.state))
    after.reference.resume()
    after.reference.settle(after.reference.world.clock.now())
    before.wait(60.0)
    assert after.get(url).body == before.get(url).body
    assert after.export().status == 200


def test_the_same_seed_tells_the_same():
    assert desk(seed=3).rows() == desk(seed=3).rows()
    assert desk(seed=3).facts != desk(seed=4).facts


@pytest.mark.parametrize("seed", range(12))
def test_an_awkward_world_still_delivers(seed):
    braze = desk(awkward=seed)
    braze.reference.within_the_hour = lambda _: None
    for key in ("token", "storage_token"):
        rows = braze.rows(key=key, fields=["external_id", "created_at", "time_zone", "devices"])
        assert {row["external_id"] for row in rows} == set(braze.facts["members"])
        assert len(rows) - 40 in {0, 1}


def test_an_awkward_world_refuses_the_hundred_and_first_with_either_status():
    statuses = set()
    for seed in range(8):
        braze = desk(awkward=seed)
        braze.reference.within_the_hour = lambda _: None
        statuses.add([braze.export(segment).status for segment in braze.facts["many_segments"]][-1])
    assert statuses == {400, 429}


def test_an_awkward_world_says_when_to_come_back():
    braze = desk(awkward=1)
    answers = [braze.send("POST", CANCEL, {"segment_id": braze.facts["segment_id"]}) for _ in range(200)]
    refused = [{name.lower(): value for name, value in one.headers.items()} for one in answers if one.status == 429]
    assert 1 <= len(refused) < 200
    assert refused[0]["x-ratelimit-remaining"] == "0"
    braze.wait(int(refused[0]["x-ratelimit-reset"]) - START)
    assert braze.reference.used(braze.facts["token"]) == 0


def test_the_reference_answers_at_once():
    started = time.process_time()
    desk(users=5_000_000, server=Braze).export()
    assert time.process_time() - started < 0.5
