from __future__ import annotations

import dataclasses
import json

import pytest

from export_contracts.catalogue import contract
from export_contracts.files.tables import Table
from export_contracts.judge import judge
from export_contracts.model import Exchange, Headers, Intent, Request, Response, Transcript, Verdict
from export_contracts.vendors.apsis.checks_calls import poll_urls
from export_contracts.vendors.apsis.checks_cells import same_tables
from export_contracts.vendors.apsis.checks_filter import Expression
from export_contracts.vendors.apsis.checks_negotiation import asked_format, asks_gzip, media_type
from export_contracts.vendors.apsis.scenarios_moves import invented


def look(**headers):
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange(0, Request("GET", "http://h/p", Headers.of(fields)), Response(200))


@pytest.mark.parametrize(
    ("accept", "format_"),
    [
        (None, "csv"),
        ("text/csv;charset=UTF-8;header=present", "csv"),
        ("Text/CSV", "csv"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        ("*/*", None),
        ("text/csv, application/json", None),
        ("text/csv;q=0", None),
        ("application/json", None),
    ],
)
def test_asked_format(accept, format_):
    assert asked_format(look(**({} if accept is None else {"Accept": accept}))) == format_


@pytest.mark.parametrize(
    ("coding", "asked"),
    [
        (None, False),
        ("identity", False),
        ("gzip", True),
        ("GZIP;q=1.0", True),
        ("gzip;q=0", None),
        ("gzip, deflate, br", None),
        ("*", None),
    ],
)
def test_asks_gzip(coding, asked):
    assert asks_gzip(look(**({} if coding is None else {"Accept_Encoding": coding}))) is asked


def test_media_types_compare_as_http_does():
    first = media_type("text/csv;charset=UTF-8;header=present")
    assert first == media_type('TEXT/csv ; Header="present"; CHARSET="utf-8"')
    assert first != media_type("text/csv;charset=iso-8859-1;header=present")


@pytest.mark.parametrize(
    ("text", "plain", "unbalanced"),
    [
        ("!(europe) & women", True, False),
        ("women", True, False),
        ("!!women", True, False),
        ("a | b", False, False),
        ("(a", False, True),
        (")a(", False, True),
        ("a b", False, False),
        ("", False, False),
        ("women-2 & ännu_en.gång", True, False),
    ],
)
def test_what_is_known_of_an_expression(text, plain, unbalanced):
    assert (Expression(text).is_plain, Expression(text).unbalanced) == (plain, unbalanced)


def test_expression_holds_by_what_names_stand_for():
    expression = Expression("!(again) & wanted", {"again": "s1", "wanted": "s1"})
    assert expression.names == ("s1",)
    assert [expression.holds(frozenset(some)) for some in ((), ("s1",))] == [False, False]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("7", "7.0"),
        ("007", "7"),
        ("TRUE", "true"),
        ("2026-01-02T00:00:00", "2026-01-02"),
        (" x ", "x"),
        ("a\r\nb", "a\nb"),
    ],
)
def test_a_workbook_may_type_its_cells(one, other):
    assert same_tables(Table(("k",), ((one,),)), Table(("K ",), ((other,),))) is None


def test_nothing_has_many_spellings():
    for spelling in ("null", "NULL", "None", "\\N", "-", " "):
        assert same_tables(Table(("k",), ((spelling,),)), Table(("k",), ((None,),))) is None


def test_tables_differ_by_columns_rows_and_cells():
    table = Table(("k", "n"), (("a", "1"), ("b", "2")))
    assert same_tables(table, Table(("n", "k"), (("2", "b"), ("1", "a")))) is None
    assert "column" in same_tables(table, Table(("k",), (("a",), ("b",))))
    assert "1 rows instead of 2" in same_tables(table, Table(("k", "n"), (("a", "1"),)))
    assert "differ" in same_tables(table, Table(("k", "n"), (("a", "1"), ("b", "3"))))


def test_likeliest_poll_url_comes_first():
    body = b'{"help": "https://docs.example/x", "self": "/orders/1", "links": {"poll": {"href": "/p/1"}}}'
    order = Exchange(0, Request("POST", "http://h/audience"), Response(202, Headers.of({"Location": "/l"}), body))
    urls = [url for _, url in poll_urls(order)]
    assert urls == ["http://h/p/1", "http://h/l", "http://h/orders/1", "https://docs.example/x"]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://h/p/7c9e6679-7425-40de-944b-e07fc1f90ae7", "https://h/p/"),
        ("https://h/audience/profiles?job=a1b2c3d4e5", "https://h/audience/profiles?job="),
    ],
)
def test_invented_url_changes_identifiers_only(url, kept):
    other = invented(url)
    assert other.startswith(kept)
    assert other != url
    assert len(other) == len(url)


def test_url_without_identifier_is_not_tampered_with():
    assert invented("https://h/audience/profiles/1") is None


def exported(index, body, table, started=1e9):
    """An order for `body` and its file, CSV."""
    url = f"https://api.apsis.one/audience/v1/poll/{index}"
    asked = Request("POST", "https://api.apsis.one/audience/v1/o", Headers.of({}), json.dumps(body).encode())
    told = Response(201, Headers.of({}), json.dumps({"pollUrl": url}).encode())
    yield Exchange(index, asked, told, started, started + 1, "requestDuplicatesExport")
    token = Headers.of({"Authorization": "Bearer t"})
    file = Response(200, Headers.of({"Content-Type": "text/csv; charset=UTF-8; header=present"}), table.encode())
    yield Exchange(index + 1, Request("GET", url, token), file, started + 2, started + 3, "downloadExport")


@pytest.mark.parametrize(
    ("rows", "started", "verdict"),
    [
        ("b,007", 1e9 + 60, Verdict.PASS),
        ("b,7", 1e9 + 60, Verdict.PASS),  # as a workbook may have it
        ("c,1", 1e9 + 60, Verdict.FAIL),
        ("c,1", 1e9 + 90_000, Verdict.UNEXERCISED),  # the profiles are others by now
    ],
)
def test_narrowed_rows_are_rows_of_the_wide_export(rows, started, verdict):
    wide = exported(0, {"attributes": ["n"]}, "k,n\na,1\nb,007\n")
    narrow = exported(2, {"attributes": ["n"], "segments": {"filter": "w"}}, f"k,n\n{rows}\n", started)
    talk = Transcript("apsis", "t", "recorded", (*wide, *narrow))
    (judged,) = judge(contract.load("apsis"), [talk], only={"APS-028"}).verdicts
    assert judged.verdict is verdict


@pytest.mark.parametrize(("status", "verdict"), [(200, Verdict.FAIL), (503, Verdict.UNEXERCISED)])
def test_calls_that_met_an_outage_count_towards_no_limit(status, verdict):
    clause = contract.load("apsis").clause("APS-055")
    asked = Request("POST", "https://api.apsis.one/oauth/token", Headers.of({}), b"{}")
    calls = tuple(
        Exchange(one, asked, Response(status if one % 3 == 0 else 200), 1e9 + one, 1e9 + one, "createToken", mark)
        for one, mark in enumerate([Intent("t", clause.when.get("fault"))] * 12)
    )
    talk = Transcript("apsis", "t", "live", calls)
    (judged,) = judge(contract.load("apsis"), [talk], only={"APS-055"}).verdicts
    assert judged.verdict is verdict


@pytest.mark.parametrize(("scheme", "verdict"), [("bearer", Verdict.PASS), ("Bearer x", Verdict.FAIL)])
def test_the_case_of_a_scheme_makes_no_other_token(scheme, verdict):
    order, look = exported(0, {"segments": {"filter": "w"}}, "k\na\n")
    sent = dataclasses.replace(order.request, headers=Headers.of({"Authorization": "Bearer t"}))
    seen = dataclasses.replace(look.request, headers=Headers.of({"Authorization": f"{scheme} t"}))
    exchanges = (dataclasses.replace(order, request=sent), dataclasses.replace(look, request=seen))
    talk = Transcript("apsis", "t", "recorded", exchanges)
    (judged,) = judge(contract.load("apsis"), [talk], only={"APS-066"}).verdicts
    assert judged.verdict is verdict
