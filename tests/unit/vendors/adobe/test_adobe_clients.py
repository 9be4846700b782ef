"""What recorded traffic says of the client that made it."""

from __future__ import annotations

import pytest
from adobe_desk import ORDER, Desk


def ordering(**changes):
    return Desk().create(1, {**ORDER, **changes})


def test_an_exemplary_client_breaks_nothing():
    talk = Desk().create(1).read(1).page([2], "2_2", limit=1).page([1], limit=1, offset="2_2").cancel(1)
    for clause in ("ADB-120", "ADB-124", "ADB-125", "ADB-126", "ADB-127", "ADB-129", "ADB-130", "ADB-140", "ADB-142"):
        assert talk.verdict(clause) == "pass", clause


def test_no_segments_is_a_warning():
    assert ordering(filter={"emptyProfiles": False}).verdict("ADB-142") == "warn"
    assert ordering(filter={"segments": []}).verdict("ADB-142") == "warn"


def test_several_segments_want_a_merge_policy():
    two = {"segments": [{"segmentId": "s"}, {"segmentId": "t"}]}
    assert ordering(filter=two).verdict("ADB-143") == "warn"
    assert ordering(filter=two, mergePolicy={"id": "m"}).verdict("ADB-143") == "pass"


def test_an_offset_is_taken_and_not_made_up():
    first = Desk().page([2], "1700000000002_2", limit=1)
    assert first.page([1], limit=1, offset="1700000000002_2").verdict("ADB-130") == "pass"
    assert Desk().page([2], "5_2", limit=1).page([1], limit=1, offset="6_2").verdict("ADB-130") == "fail"
    assert Desk().page([1], limit=1, offset="20").verdict("ADB-130") == "fail"


def test_a_walk_may_be_taken_up_where_an_earlier_one_stopped():
    assert Desk().page([1], limit=1, offset="1540974701302_96").verdict("ADB-130") == "pass"


def test_a_slash_is_a_notice_unless_a_link_has_it():
    assert Desk().say("GET", "/?limit=1", {"records": [], "page": {}}).verdict("ADB-127") == "notice"
    followed = Desk().page([2], "5_2", limit=1).say("GET", "/?limit=1&offset=5_2", {"records": [], "page": {}})
    assert followed.verdict("ADB-127") == "pass"


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", "/7"),
        ("PUT", "/7"),
        ("GET", "https://platform.adobe.io/data/core/ups/export/job"),
    ],
)
def test_other_methods_and_paths_are_found(method, url):
    assert Desk().say(method, url, {}).verdict("ADB-125") == "fail"


def test_the_token_service_is_none_of_our_business():
    talk = Desk().say("POST", "https://ims-na1.adobelogin.com/ims/token/v3", {"access_token": "t"})
    for clause in ("ADB-120", "ADB-121", "ADB-125", "ADB-126"):
        assert talk.verdict(clause) == "unexercised"


def test_the_base_path_is_owed_on_the_platform_only():
    bare = {"records": [], "page": {}}
    assert Desk().say("GET", "https://platform.adobe.io/export/jobs", bare).verdict("ADB-126") == "fail"
    assert Desk().say("GET", "http://127.0.0.1:8080/export/jobs", bare).verdict("ADB-126") == "pass"


def test_a_misspelt_filter_is_found():
    assert Desk().page([], status="SUCEEDED").verdict("ADB-128") == "unexercised"
    assert Desk().say("GET", "?status=SUCEEDED", {"records": [], "page": {}}).verdict("ADB-128") == "fail"


@pytest.mark.parametrize("written", ["2018-01-01T00:00:00Z", "2018-10-25T13:22:04.5-07:00", "2018-01-01t00:00:00z"])
def test_moments_after_the_rfc(written):
    assert ordering(filter={**ORDER["filter"], "fromIngestTimestamp": written}).verdict("ADB-147") == "pass"


@pytest.mark.parametrize("written", ["2018-01-01", "2018-01-01T00:00:00", "2018-13-01T00:00:00Z", "yesterday", 1])
def test_moments_after_nothing(written):
    assert ordering(filter={**ORDER["filter"], "fromIngestTimestamp": written}).verdict("ADB-147") == "fail"


def test_existing_members_were_asked_for_until_2023():
    asked = {"segments": [{"segmentId": "s", "status": ["realized", "existing"]}]}
    assert ordering(filter=asked).verdict("ADB-145") == "pass"
    assert ordering(filter=asked).verdict("ADB-146") == "warn"
