"""Hand-made clients of APSIS One at the poll URL: how they wait, ask and give up."""

from __future__ import annotations

import json

import pytest
from counter import Counter
from test_clients_of_apsis import call

CSV = "text/csv;charset=UTF-8;header=present"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ordered(counter):
    answer = json.loads(call()(counter).body)
    return next(value for value in answer.values() if isinstance(value, str) and "://" in value)


def bearer(counter):
    return {"Authorization": f"Bearer {counter.facts['token']}"}


@pytest.mark.parametrize("accept", [None, "*/*", CSV, "text/csv", EXCEL, f"{EXCEL}, text/csv;q=0.5"])
def test_a_client_that_backs_off_breaks_nothing(accept):
    counter = Counter("apsis")
    url = ordered(counter)
    headers = {**bearer(counter), **({"Accept": accept} if accept else {})}
    for wait in (1, 2, 4, 8, 16, 32, 64, 128):
        if counter.send("GET", url, headers).status == 200:
            break
        counter.pause(wait)
    assert counter.broken() == set()


def test_a_client_that_looks_at_a_steady_pace_is_told():
    counter = Counter("apsis")
    url = ordered(counter)
    for _ in range(8):
        counter.send("GET", url, bearer(counter))
        counter.pause(0.5)
    assert counter.broken() == {"APS-068"}


LOOKS = {
    "without a token": ("GET", {}, {"APS-066"}),
    "with another token": ("GET", {"Authorization": "Bearer another"}, {"APS-066"}),
    "by POST": ("POST", None, {"APS-067"}),
    "for JSON": ("GET", {"Accept": "application/json"}, {"APS-071"}),
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_that_is_wrong_is_told(name):
    counter = Counter("apsis")
    url = ordered(counter)
    method, headers, clauses = LOOKS[name]
    standard = bearer(counter) if headers is None or "Accept" in headers else {}
    counter.send(method, url, {**standard, **(headers or {})})
    assert counter.broken() == clauses


def test_a_client_that_never_gives_up_is_told():
    counter = Counter("apsis")
    url = ordered(counter)
    for wait in (3600, 80_000, 160_000):
        counter.pause(wait)
        counter.send("GET", url, bearer(counter))
    counter.pause(3600)
    counter.send("GET", url, bearer(counter))
    assert counter.broken() >= {"APS-070"}
