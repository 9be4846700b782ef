"""Lives of jobs, round trips and results: what is a fault and what is only another way to say it."""

from __future__ import annotations

import pytest
from adobe_desk import ORDER, Desk

from export_contracts.vendors.adobe.checks_echo import same

TOTAL = {"startTimeInMs": 1_700_000_000_000, "endTimeInMs": 1_700_000_010_000, "totalTimeInMs": 10_000}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"datasetId": "d"}, {"dataSetId": "d"}),
        ({"datasetId": "d"}, {"datasetId": "d", "segmentPerBatch": False}),
        ("2018-01-01T00:00:00Z", "2018-01-01T00:00:00.000+00:00"),
        ("2018-10-25T13:22:04-07:00", "2018-10-25T20:22:04Z"),
        ("2026-01-01T00:00:00.333270Z", "2026-01-01T00:00:00.333+00:00"),
        ("2026-01-01T00:00:00.333270Z", "2026-01-01T00:00:00Z"),
        ("a.b,c.d", "a.b, c.d"),
        (["realized"], "realized"),
        (["realized", "exited"], ["exited", "realized"]),
        ([{"segmentId": "s"}], [{"segmentId": "s", "segmentNs": "ups"}]),
        (1, 1.0),
        ({"fields": ""}, {}),
    ],
)
def test_other_ways_to_say_the_same(sent, read):
    assert same(sent, read)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"datasetId": "d"}, {"datasetId": "e"}),
        ({"datasetId": "d"}, {}),
        ("2018-01-01T00:00:00Z", "2018-01-01T00:00:00+01:00"),
        ("2018-01-01T00:00:00Z", "2018-01-01T00:00:01Z"),
        ("a.b,c.d", "a.b"),
        ([{"segmentId": "s"}], [{"segmentId": "s"}, {"segmentId": "t"}]),
        ([{"segmentId": "s"}], [{"segmentId": "s"}, {"segmentId": "s"}]),
        ([{"segmentId": "s"}, {"segmentId": "t"}], [{"segmentId": "s"}]),
        (True, 1),
        (False, True),
    ],
)
def test_other_things(sent, read):
    assert not same(sent, read)


def test_a_job_goes_forward():
    talk = Desk().create(1).read(1).read(1, "PROCESSING").read(1, "SUCCEEDED").read(1, "SUCCEEDED")
    assert talk.verdict("ADB-051") == "pass"
    assert talk.verdict("ADB-052") == "pass"


def test_a_job_may_be_over_at_the_first_look():
    assert Desk().create(1).read(1, "SUCCEEDED").verdict("ADB-051") == "pass"


def test_a_step_back_is_found():
    assert Desk().create(1).read(1, "PROCESSING").read(1).verdict("ADB-051") == "fail"


def test_a_look_may_not_lag_behind_the_list_nor_the_list_behind_a_look():
    assert Desk().page([1], status="SUCCEEDED").read(1).verdict("ADB-051") == "fail"
    assert Desk().read(1, "SUCCEEDED").page([1], status="NEW").verdict("ADB-096") == "fail"


def test_a_change_of_the_end_is_found():
    assert Desk().read(1, "SUCCEEDED").read(1, "FAILED").verdict("ADB-052") == "fail"


@pytest.mark.parametrize("status", ["CANCELLED", "CANCELLING", "FAILED", "NEW", "whatever"])
def test_a_cancelled_job_may_show_anything(status):
    talk = Desk().create(1).cancel(1).read(1, status)
    assert talk.verdict("ADB-050") == "pass"  # judged by the creation alone
    assert talk.verdict("ADB-103") == "pass"


def test_a_job_that_others_cancelled_may_say_so():
    assert Desk().page([1], status="CANCELLED").verdict("ADB-050") == "unexercised"
    assert Desk().page([1], status="DONE").verdict("ADB-050") == "fail"


def test_a_cancelled_job_may_be_gone():
    talk = Desk().create(1).cancel(1).say("GET", "/1", None, status=404)
    assert talk.verdict("ADB-103") == "pass"
    assert talk.verdict("ADB-040") == "unexercised"


def test_a_short_job_may_outrun_its_cancellation():
    assert Desk().create(1).cancel(1).read(1).read(1, "SUCCEEDED").verdict("ADB-104") == "unexercised"


def test_a_job_that_nothing_stops_is_found():
    talk = Desk().create(1).cancel(1).read(1).read(1, "PROCESSING").read(1, "SUCCEEDED")
    assert talk.verdict("ADB-104") == "warn"


def test_an_order_in_another_sandbox_may_have_the_same_id():
    talk = Desk().create(1).say("POST", "", {"id": 1, "status": "NEW"}, body=ORDER, headers={"x-sandbox-name": "dev"})
    assert talk.verdict("ADB-025") == "pass"
    assert Desk().create(1).create(1).verdict("ADB-025") == "fail"


@pytest.mark.parametrize("identity", [7, 7.0, "7"])
def test_an_id_may_be_a_number_or_text(identity):
    talk = Desk().say("GET", "/7", {"id": identity})
    assert talk.verdict("ADB-041") == "pass"


def test_durations_add_up():
    wrong = {**TOTAL, "totalTimeInMs": 10}
    assert Desk().read(1, "SUCCEEDED", metrics={"totalTime": TOTAL}).verdict("ADB-060") == "pass"
    assert Desk().read(1, "SUCCEEDED", metrics={"totalTime": wrong}).verdict("ADB-060") == "fail"
    assert Desk().read(1, "PROCESSING", metrics={"totalTime": wrong}).verdict("ADB-060") == "unexercised"


def test_what_is_not_known_yet_may_be_zero_or_null():
    unknown = {"startTimeInMs": 1_700_000_000_000, "endTimeInMs": 0, "totalTimeInMs": 0}
    assert Desk().read(1, metrics={"totalTime": unknown}).verdict("ADB-060") == "unexercised"
    unknown = {**unknown, "endTimeInMs": None, "totalTimeInMs": None}
    assert Desk().read(1, metrics={"totalTime": unknown}).verdict("ADB-058") == "pass"


def test_batches_of_the_ordered_segments():
    order = {**ORDER, "destination": {"datasetId": "d", "segmentPerBatch": True}}
    right = {**order["destination"], "batches": [{"segmentId": "s", "batchId": "b"}]}
    wrong = {**order["destination"], "batchId": "b"}
    assert Desk().create(1, order).read(1, "SUCCEEDED", order, destination=right).verdict("ADB-068") == "pass"
    assert Desk().create(1, order).read(1, "SUCCEEDED", order, destination=wrong).verdict("ADB-068") == "fail"
    single = {**order["destination"], "batches": {"segmentId": "s", "batchId": "b"}}
    assert Desk().create(1, order).read(1, "SUCCEEDED", order, destination=single).verdict("ADB-068") == "pass"


def test_a_batch_may_be_unknown_until_the_end():
    talk = Desk().create(1).read(1, destination={"datasetId": "d", "batchId": ""})
    assert talk.verdict("ADB-066") == "unexercised"
    assert talk.read(1, "SUCCEEDED", destination={"datasetId": "d", "batchId": "b"}).verdict("ADB-066") == "pass"
    assert talk.verdict("ADB-072") == "unexercised"


def test_defaults_may_be_filled_in_but_not_turned():
    assert Desk().create(1).read(1, filter={**ORDER["filter"], "emptyProfiles": False}).verdict("ADB-049") == "pass"
    assert Desk().create(1).read(1, filter={**ORDER["filter"], "emptyProfiles": True}).verdict("ADB-049") == "fail"
