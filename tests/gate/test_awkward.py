"""Fragile clients, each content with the plain server, fall over some awkward server of the first three."""

from __future__ import annotations

import json

import pytest
from counter import Counter
from test_clients_of_adobe import headers_of, listed, order
from test_clients_of_apsis import call as apsis_order
from test_clients_of_bloomreach import call as bloomreach_call
from test_clients_of_braze import call as braze_start
from test_polls_of_apsis import bearer

from export_contracts.reference.chance import Chance


def braze_counts_members(counter):
    braze_start()(counter)
    return list(last(counter)) == ["message", "object_prefix", "url"]


def braze_waits_for_403(counter):
    braze_start()(counter)
    counter.pause(1)
    url = last(counter).get("url")
    return url is not None and counter.send("GET", url, {}).status == 403


def braze_gives_up_after_ten_seconds(counter):
    braze_start()(counter)
    url = last(counter).get("url")
    counter.pause(10)
    return url is not None and counter.send("GET", url, {}).status == 200


def braze_knows_every_member(counter):
    braze_start()(counter)
    return set(last(counter)) <= {"message", "object_prefix", "url"}


def bloomreach_splits_lines_at_line_feeds(counter):
    bloomreach_call()(counter)
    return b"\r" not in counter.exchanges[-1].response.body


def bloomreach_splits_cells_at_commas(counter):
    bloomreach_call()(counter)
    return b'"id' not in counter.exchanges[-1].response.body[:4] and counter.exchanges[-1].response.body[:1] != b'"'


def bloomreach_wants_csv_named(counter):
    bloomreach_call()(counter)
    return (counter.exchanges[-1].response.headers.get("content-type") or "").startswith("text/csv")


def bloomreach_counts_members(counter):
    bloomreach_call(body={"format": "table_json"})(counter)
    return list(last(counter))[:2] == ["success", "header"] or list(last(counter))[:1] == ["header"]


def apsis_wants_200(counter):
    return apsis_order()(counter).status == counter.plain


def apsis_reads_one_member(counter):
    answer = apsis_order()(counter)
    return bool(answer.body) and "file_download_url" in json.loads(answer.body)


def apsis_waits_while_404(counter):
    answer = apsis_order()(counter)
    url = json.loads(answer.body).get("file_download_url") if answer.body else None
    return url is not None and counter.send("GET", url, bearer(counter)).status == 404


def apsis_gives_up_after_minutes(counter):
    answer = apsis_order()(counter)
    url = json.loads(answer.body).get("file_download_url") if answer.body else None
    counter.pause(600)
    return url is not None and counter.send("GET", url, bearer(counter)).status == 200


def adobe_reads_the_new_job(counter):
    order()(counter)
    return "filter" in last(counter) and "destination" in last(counter)


def adobe_reads_cancellation(counter):
    order()(counter)
    if "id" not in last(counter):
        return False
    path = f"/data/core/ups/export/jobs/{last(counter)['id']}"
    counter.send("DELETE", path, headers_of(counter.facts, {}))
    return bool(counter.exchanges[-1].response.body)


def adobe_reads_milliseconds(counter):
    order()(counter)
    return last(counter).get("creationTime", 0) > 10**12


def adobe_pages_until_the_link_is_blank(counter):
    order()(counter)
    listed()(counter)
    return last(counter).get("link", {}).get("next") == ""


def adobe_sees_it_done(counter):
    order()(counter)
    number = last(counter).get("id")
    counter.pause(600)
    counter.send("GET", f"/data/core/ups/export/jobs/{number}", headers_of(counter.facts, {}))
    return last(counter).get("status") == "SUCCEEDED"


def last(counter):
    body = counter.exchanges[-1].response.json
    return body if isinstance(body, dict) else {}


FRAGILE = [
    *("braze_counts_members", "braze_waits_for_403", "braze_gives_up_after_ten_seconds", "braze_knows_every_member"),
    *("bloomreach_splits_lines_at_line_feeds", "bloomreach_splits_cells_at_commas", "bloomreach_wants_csv_named"),
    *("bloomreach_counts_members", "apsis_wants_200", "apsis_reads_one_member", "apsis_waits_while_404"),
    *("apsis_gives_up_after_minutes", "adobe_reads_the_new_job", "adobe_reads_cancellation"),
    *("adobe_reads_milliseconds", "adobe_pages_until_the_link_is_blank", "adobe_sees_it_done"),
]


@pytest.mark.parametrize("name", FRAGILE)
def test_a_fragile_client_is_caught_by_one_of_three_seeds(name):
    client, slug = globals()[name], name.partition("_")[0]
    plain = Counter(slug)
    if slug == "apsis":
        plain.plain = apsis_order()(Counter(slug)).status
    assert client(plain), plain.exchanges[-1].response
    caught = []
    for seed in range(1, 4):
        counter = Counter(slug, awkward=seed)
        counter.plain = getattr(plain, "plain", None)
        caught += [seed] if not client(counter) else []
    assert caught


def played(slug, seed):
    """The first four orders of one client of an awkward server, each given its time."""
    counter = Counter(slug, awkward=seed)
    play = {"adobe": order(), "apsis": apsis_order(), "bloomreach": bloomreach_call(), "braze": braze_start()}[slug]
    for _ in range(4):
        play(counter)
        answer = last(counter)
        url = answer.get("url") or answer.get("file_download_url")
        for pause in (1, 3600) if url else (3600,):
            if url:
                counter.send("GET", url, bearer(counter) if slug == "apsis" else {})
            counter.pause(pause)
    return counter.exchanges


ANSWERS = {
    "braze": ["429", "url null", "url text", "403 early", "404 early"],
    "bloomreach": ["429", "200"],
    "apsis": ["429", "201", "202", "200", "404 early", "202 early"],
    "adobe": ["429", "200"],
}


@pytest.mark.parametrize("slug", ANSWERS)
def test_three_seeds_show_each_answer_within_a_few_requests(slug):
    met = set()
    for seed in (1, 2, 3):
        for one in played(slug, seed):
            early = one.operation == "downloadExport" and one.response.status != 200
            met.add(f"{one.response.status}{' early' if early else ''}")
            body = one.response.json
            if isinstance(body, dict) and "url" in body:
                met.add("url null" if body["url"] is None else "url text")
    assert set(ANSWERS[slug]) <= met


@pytest.mark.parametrize("name", ["429", "slow", "news"])
def test_of_three_neighbouring_seeds_one_takes_a_named_choice_at_once(name):
    for first in range(-50, 50):
        assert any(Chance(first + more).falls(0.01, name) for more in range(3))


def test_chance_goes_on_where_it_was_left():
    one, other = Chance(7), Chance(7)
    before = [one.falls(0.5, name) for name in ("a", "b", None, "a")]
    other.restore(json.loads(json.dumps(one.state())))
    assert len(before) == 4
    assert [one.falls(0.5, name) for name in "abc" * 9] == [other.falls(0.5, name) for name in "abc" * 9]


@pytest.mark.parametrize("slug", ["adobe", "apsis", "bloomreach", "braze"])
def test_an_awkward_server_breaks_no_clause_of_its_clients(slug):
    for seed in range(1, 6):
        counter = Counter(slug, awkward=seed)
        {"adobe": order(), "apsis": apsis_order(), "bloomreach": bloomreach_call(), "braze": braze_start()}[slug](
            counter
        )
        assert counter.broken() == set()
