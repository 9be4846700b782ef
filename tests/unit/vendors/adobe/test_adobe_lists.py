"""Walks from page to page, among other people's jobs."""

from __future__ import annotations

from adobe_desk import Desk


def test_a_walk_that_shows_everything_is_kept():
    talk = Desk().create(3).page([3, 2], "2_2", limit=2).page([1], limit=2, offset="2_2")
    assert talk.verdict("ADB-089") == "pass"
    assert talk.verdict("ADB-087") == "pass"
    assert talk.verdict("ADB-088") == "pass"


def test_jobs_of_others_created_meanwhile_are_no_fault():
    talk = Desk().create(3).page([5, 4], "4_4", limit=2).page([3, 2], "2_2", limit=2, offset="4_4")
    assert talk.page([1], limit=2, offset="2_2").verdict("ADB-089") == "pass"


def test_an_unfinished_walk_that_went_past_a_job_has_lost_it():
    assert Desk().create(3).page([4, 2], "2_2", limit=2).verdict("ADB-089") == "fail"


def test_an_unfinished_walk_that_has_not_come_to_a_job_says_nothing():
    assert Desk().create(3).page([5, 4], "4_4", limit=2).verdict("ADB-089") == "unexercised"


def test_a_cancelled_job_need_not_be_listed():
    assert Desk().create(3).cancel(3).page([2, 1], limit=2).verdict("ADB-089") == "unexercised"


def test_a_job_of_another_sandbox_need_not_be_listed():
    talk = Desk().create(3).page([2, 1], headers={"x-sandbox-name": "dev"}, limit=2)
    assert talk.verdict("ADB-089") == "unexercised"


def test_what_one_walk_showed_as_over_the_next_one_shows_too():
    assert Desk().page([3, 2, 1]).page([3, 2], limit=2).verdict("ADB-089") == "fail"


def test_a_job_shown_twice_is_found():
    talk = Desk().page([3, 2], "2_2", limit=2).page([2, 1], limit=2, offset="2_2")
    assert talk.verdict("ADB-087") == "fail"


def test_a_link_that_leads_back_is_found():
    talk = Desk().page([3, 2], "2_2", limit=2).page([1], "2_2", limit=2, offset="2_2")
    assert talk.verdict("ADB-088") == "fail"


def test_a_last_page_may_link_to_an_empty_one():
    talk = Desk().page([3, 2], "2_2", limit=2).page([1], "1_1", limit=2, offset="2_2").page([], limit=2, offset="1_1")
    assert talk.verdict("ADB-083") == "pass"
    assert talk.verdict("ADB-088") == "pass"


def test_a_short_page_in_the_middle_is_surprising():
    talk = Desk().page([3], "3_3", limit=2).page([2, 1], limit=2, offset="3_3")
    assert talk.verdict("ADB-083") == "warn"


def test_jobs_of_one_moment_may_stand_in_any_order():
    record = {"status": "NEW", "creationTime": 1_700_000_000}
    answer = {"records": [{**record, "id": 1}, {**record, "id": 2}], "page": {}}
    assert Desk().say("GET", "", answer).verdict("ADB-084") == "pass"


def test_oldest_first_is_found():
    assert Desk().page([1, 2]).verdict("ADB-084") == "fail"


def test_another_status_in_a_filtered_list_is_found():
    assert Desk().page([1], status="FAILED").verdict("ADB-085") == "unexercised"
    talk = Desk().say("GET", "?status=NEW", {"records": [{"id": 1, "status": "FAILED"}], "page": {}})
    assert talk.verdict("ADB-085") == "fail"


def test_a_finished_job_missing_from_its_filter_is_found():
    answer = {"records": [], "page": {}, "link": {"next": ""}}
    talk = Desk().create(3).read(3, "SUCCEEDED").say("GET", "?status=SUCCEEDED", answer)
    assert talk.verdict("ADB-086") == "fail"


def test_a_running_job_may_leave_its_filter_at_any_moment():
    answer = {"records": [], "page": {}, "link": {"next": ""}}
    talk = Desk().create(3).say("GET", "?status=NEW", answer).read(3, "PROCESSING")
    assert talk.verdict("ADB-086") == "unexercised"


def test_only_documented_filters_are_held_against_a_list():
    answer = {"records": [{"status": "SUCCEEDED", "creationTime": 1, "id": 1}], "page": {}}
    assert Desk().say("GET", "?status=FAILED", answer).verdict("ADB-085") == "fail"
    for undocumented in ("PROCESSING", "succeeded", "ALL"):
        assert Desk().say("GET", f"?status={undocumented}", answer).verdict("ADB-085") == "unexercised"


def test_a_limit_of_thousands_of_digits_says_nothing():
    assert Desk().page([1], limit="9" * 5000).verdict("ADB-082") == "unexercised"
