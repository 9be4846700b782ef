"""The HTML report: whole without a network, inert whatever a target says, small and quick with much traffic."""

import base64
import copy
import dataclasses
import hashlib
import json
import re
from datetime import date

import pytest
from accounts import account, broken, start, talk
from markup import Page

from export_contracts.model import Callback, DeliveredFile, Request
from export_contracts.report import html
from export_contracts.report.compare import changes
from export_contracts.report.html_timeline import timelines
from export_contracts.report.html_traffic import marked, pretty, traffic
from export_contracts.report.moments import duration
from export_contracts.report.results import document

HOSTILE = "\x1b[2J\u202e</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }} \ud800\x00\u2028"


def results(*accounts, **more):
    return document(accounts, today=date(2026, 11, 22), redact=lambda text: text.replace("canary-token", "R"), **more)


@pytest.fixture
def full(sample):
    return results(broken(sample))


def data(text):
    return json.loads(Page(text).inside("script")[0])


def test_every_element_is_closed_and_every_id_unique(full):
    page = Page(html.report(full))
    assert page.open == []
    assert sorted(page.ids) == sorted(set(page.ids))


def test_the_first_screen_says_what_was_judged_and_how_it_ended(full):
    text = Page(html.report(full)).text
    first = text[: text.index("\nClauses\n")]
    for said in ("BROKEN", "Sample Cloud", "https://api.sample.invalid/v1", "live", "newest", "seed 7", "SMP-005"):
        assert said in first
    assert "nothing in this traffic put it to the test" in first
    assert "the target declares no second_list_id" in first


def test_nothing_is_fetched_and_only_the_script_of_the_policy_may_run(full):
    page = Page(html.report(full))
    policy = next(one["content"] for one in page.named("meta") if one.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    for text in (page.inside("script")[1], page.inside("style")[0]):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    fetched = [attrs.get("src") or attrs.get("href") for _, attrs in page.elements]
    assert [one for one in fetched if one and not one.startswith(("#", "data:,"))] == []
    assert [name for _, attrs in page.elements for name in attrs if name.startswith("on") or name == "style"] == []


def test_hostile_strings_are_inert(sample):
    body = json.dumps({"id": {HOSTILE: HOSTILE}, "note": HOSTILE}).encode()
    run = account(sample, talk(start(0, body), name=HOSTILE), left_out={HOSTILE: HOSTILE}, trouble=HOSTILE)
    text = html.report(results(run), before=results(run))
    page = Page(text)
    assert len(page.named("script")) == 2
    assert page.named("img") == []
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028\ud800]", text)
    assert "\\u202e</script>" in json.dumps(data(text)["evidence"]).replace("\\\\", "\\")
    assert "{{ 7*7 }}" in page.text


def test_a_finding_leads_to_its_exchange_and_the_line_it_points_at(full):
    text = html.report(full)
    told = [one for one in Page(text).named("details") if one.get("class") == "exchange"]
    one = next(one for one in told if one["data-request"] == "1" and one["data-line"])
    lines = data(text)["evidence"]["1"][one["data-side"]]["body"]
    assert lines[0] == "{"
    assert 0 <= int(one["data-line"]) < len(lines)
    assert "curl" in data(text)["curl"]["1"]


def test_no_credential_stands_among_the_evidence(full):
    sent = data(html.report(full))["evidence"]["1"]["sent"]
    assert sent["headers"] == ["Content-Type: application/json"]


def test_a_clause_opens_to_its_sources_and_the_command_that_repeats_it(full):
    text = Page(html.report(full)).text
    assert "Guide to Sample Cloud (sample-guide), lines 12-14" in text
    assert "export-contracts check sample --url https://api.sample.invalid/v1 --seed 7 --only SMP-001" in text
    assert "export-contracts show SMP-001" in text


def test_the_same_clause_of_two_runs_has_two_places(sample):
    page = Page(html.report(results(account(sample, talk(start(0))), account(sample, talk(start(0))))))
    ids = [one["id"] for one in page.named("details") if one.get("class", "").startswith("clause")]
    assert {"SMP-001", "sample-SMP-001"} <= set(ids)


def test_pretty_lines_know_their_pointers():
    message = {"body": '{"a": {"b/c": [1, {"d~": null}]}, "e": []}', "cut": False}
    found = {place: line.strip() for line, place in pretty(message)}
    assert found["/a/b~1c/1/d~0"] == '"d~": null'
    assert found["/e"] == '"e": []'
    assert marked(message, "/a/b~1c/0") == (3, "")
    assert marked(message, "/a/nothing/there") == (1, "/nothing/there")


def test_what_is_no_json_is_shown_line_by_line():
    message = {"body": "a\x1b\r\nb", "cut": False}
    assert list(pretty(message)) == [("a\\x1b", None), ("b", None)]
    assert marked(message, "/x") == (None, "")


def test_a_body_nested_without_end_is_unfolded_a_little():
    depth = 900
    message = {"body": "[" * depth + "]" * depth, "cut": False}
    lines = [line.strip() for line, _ in pretty(message)]
    assert "[ … ]" in lines
    assert len(lines) < depth
    assert marked(message, "/0" * depth)[0] == lines.index("[ … ]")


def test_a_long_body_is_cut(sample):
    body = b'{"id": 7, "note": "' + b"x" * 30_000 + b'"}'
    found = results(account(sample, talk(start(0, body))))
    answered = found["requests"][0]["evidence"]["answered"]
    assert (len(answered["body"]), answered["bytes"], answered["cut"]) == (6_000, len(body), True)


def test_requests_of_one_operation_share_a_lane_of_the_time_line(full):
    drawn = next(timelines(full))
    assert (drawn.requests, drawn.lasting, drawn.broken) == (4, "3 s", True)
    (lane,) = drawn.lanes
    assert lane.label == "startExport"
    assert [one.text for one in lane.notes] == ["202", "202 ✗ ×2", "no answer"]
    assert [one.verdict for one in lane.marks] == [one["verdict"] for one in full["requests"]]
    assert drawn.told == "startExport → 202, then startExport → 202 ✗ ×2, then startExport → no answer"


def test_long_waits_are_drawn_shorter_and_nothing_leaves_the_picture(full):
    for one, seconds in zip(full["requests"], (0, 2, 3_600, 100_000), strict=True):
        one["started"] = f"1970-01-{1 + seconds // 86_400:02}T{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:00Z"
    drawn = next(timelines(full))
    places = [one.x for one in drawn.lanes[0].marks]
    assert places == sorted(places)
    assert places[-1] + 6 <= 960
    assert places[2] - places[0] > 200  # an hour is seen beside a day
    assert [one.label for one in drawn.ticks][-1] == "1 d 3 h"
    assert all(one.start + 7 * len(one.label) <= 960 for one in drawn.ticks)


def test_ten_thousand_requests_are_few_marks(full):
    one = full["requests"][0]
    full["requests"] = [{**one, "index": n, "started": f"2026-11-22T12:{n % 60:02}:00Z"} for n in range(10_000)]
    assert len(next(timelines(full)).lanes[0].marks) < 800


def test_a_request_of_unknown_time_is_not_drawn(full):
    full["requests"] = [{**one, "started": None} for one in full["requests"]]
    assert list(timelines(full)) == []


def test_callbacks_and_files_stand_among_the_requests(sample):
    sent = Request("POST", "https://here.invalid/told", body=b"{}")
    heard = talk(start(0), start(9), callbacks=(Callback(4.0, sent),))
    heard = dataclasses.replace(heard, files=(DeliveredFile("a/users.zip", b"", 5.0), DeliveredFile("a/no-time", b"")))
    found = results(account(sample, heard))
    assert [one["at"] is None for one in found["runs"][0]["arrivals"]] == [False, False, True]
    lanes = next(timelines(found)).lanes
    assert [one.label for one in lanes[1:]] == ["callbacks received", "files received"]
    assert [one.marks[0].told for one in lanes[1:]] == ["told: arrived after 4 s", "users.zip: arrived after 5 s"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0 s"), (0.25, "250 ms"), (45, "45 s"), (125, "2 min 5 s"), (100_000, "1 d 3 h"), (3_605, "1 h 5 s")],
)
def test_durations(seconds, shown):
    assert duration(seconds) == shown


def test_a_comparison_tells_what_became_worse_first(sample, full):
    kept = results(account(sample, talk(start(0))))
    found = changes(kept, full)
    assert found[0].id == "SMP-001"
    assert (found[0].before, found[0].after) == ("pass", "fail")
    assert found[0].worse > 0
    assert changes(full, full) == []
    assert "Changed since the older results" in html.report(full, before=kept)
    assert "every clause has the verdict it had" in html.report(full, before=full)


def test_ten_thousand_exchanges_stay_under_five_megabytes(sample):
    found = results(broken(sample))
    one = found["requests"][1]
    entry = next(entry for entry in found["clauses"] if entry["findings"])
    entry["findings"] = [{**entry["findings"][0], "request": n} for n in range(10_000)]
    found["requests"] = [{**one, "index": n, "path": f"/exports/{n:032x}"} for n in range(10_000)]
    text = html.report(found)
    assert len(text) < 5_000_000
    assert len(traffic(found)["rows"]) == 10_000


def test_breaches_of_one_kind_are_told_once(sample):
    found = results(account(sample, talk(*(start(n, b'{"note": "x"}') for n in range(5)))))
    page = Page(html.report(found))
    told = [one for one in page.named("details") if one.get("class") == "exchange" and one["data-side"] == "answered"]
    assert [one["data-request"] for one in told] == ["0"]
    assert "and 4 more like it: " in page.text
    assert {"SMP-001"} == {one["data-sift"] for one in page.named("a") if "data-sift" in one}


def test_a_member_that_is_missing_is_named_beside_its_place(sample):
    found = results(account(sample, talk(start(0, b'{"note": "x"}'))))
    (told,) = (one for one in Page(html.report(found)).named("details") if one.get("class") == "exchange")
    assert (told["data-line"], told["data-lost"]) == ("0", "id")


def test_a_clause_that_is_no_longer_judged_is_a_change_for_the_worse(full):
    older = copy.deepcopy(full)
    entry = next(one for one in older["clauses"] if one["verdict"] == "unsupported")
    entry |= {"verdict": "pass", "findings": [], "reason": None}
    (found,) = changes(older, full)
    assert (found.id, found.before, found.after) == (entry["id"], "pass", "unsupported")
    assert found.worse > 0
    (back,) = changes(full, older)
    assert back.worse < 0
    assert back.was.endswith('add under [ids]: second_list_id = "…"')


def test_a_comparison_shows_both_runs_side_by_side(sample, full):
    kept = results(account(sample, talk(start(0)), target="http://old.invalid", origin="reference"))
    text = Page(html.report(full, before=kept)).text
    assert text.index("Changed since") < text.index("Side by side") < text.index("clauses unchanged")
    for said in ("http://old.invalid", "reference", "for the worse"):
        assert said in text
