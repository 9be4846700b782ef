"""A web page under a status of success is neither a service nor a refusal."""

import gzip

import pytest

from export_contracts.checks.builtin import no_page, refused
from export_contracts.checks.pages import is_page
from export_contracts.checks.talk import Talk
from export_contracts.model import Exchange, Intent, Kept, Request, Response, Transcript

PAGE = b"\n<!DOCTYPE html>\n<html><title>Log in</title></html>"


def told(*answers):
    """A talk of one accepted request and of others with a planted fault, each answered as given."""
    exchanges = [Exchange(0, Request("POST", "http://a/x"), Response(200, body=b"{}"), operation="o")]
    for at, (status, body) in enumerate(answers, 1):
        intent = Intent("s", "credential:wrong", 0)
        exchanges.append(Exchange(at, Request("POST", "http://a/x"), Response(status, body=body), intent=intent))
    transcript = Transcript("braze", "t", "live", exchanges=tuple(exchanges))
    return Talk(transcript, tuple(exchanges[1:]), None)


@pytest.mark.parametrize(
    ("status", "headers", "body", "page"),
    [
        (200, {}, PAGE, True),
        (200, {"content-encoding": "gzip"}, gzip.compress(PAGE, mtime=0), True),
        (200, {}, b"\xef\xbb\xbf<html lang=en>", True),
        (200, {}, b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="x"/>', True),
        (401, {}, PAGE, False),
        (200, {}, b'{"html": "<html>"}', False),
        (200, {}, b"<Error><Code>AccessDenied</Code></Error>", False),
        (200, {}, b"name,note\na,<html>\n", False),
        (200, {}, b"", False),
    ],
)
def test_a_page_is_told_by_its_beginning_and_its_status(status, headers, body, page):
    answer = Exchange(0, Request("GET", "http://a/x"), Response(status, headers, body))
    assert is_page(answer) is page


def test_a_page_is_one_finding_and_says_nothing_of_a_refusal():
    talk = told((200, PAGE))
    assert not list(refused(talk))
    assert [one for one in no_page(talk) if not isinstance(one, Kept)]


def test_what_was_served_in_spite_of_a_fault_is_still_a_breach():
    talk = told((200, b"{}"), (401, b""))
    finding, kept = refused(talk)
    assert not isinstance(finding, Kept)
    assert isinstance(kept, Kept)


def test_pages_of_nobody_are_not_judged():
    visit = Exchange(0, Request("GET", "http://elsewhere/"), Response(200, body=PAGE))
    assert not list(no_page(Talk(Transcript("braze", "t", "live", exchanges=(visit,)), (), None)))
