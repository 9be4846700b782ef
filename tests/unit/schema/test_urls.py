from __future__ import annotations

import time

import pytest

from export_contracts.schema.urls import looks_like_url, urls_at

BASE = "https://api.example/audience/reports"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"a": {"b": ["x", "https://h.example/1"]}}, [("/response/body/a/b/1", "https://h.example/1")]),
        ({"pollUrl": "/p/1"}, [("/response/body/pollUrl", "https://api.example/p/1")]),
        ({"href": "files/1"}, [("/response/body/href", "https://api.example/audience/files/1")]),
        ("https://h.example/1\n", [("/response/body", "https://h.example/1")]),
        ({"id": "7c9e", "state": "in progress / queued", "note": "a/b"}, []),
        ({"n": 7, "none": None, "u": "http://[broken"}, [("/response/body/u", "http://[broken")]),
    ],
)
def test_urls_anywhere_in_a_body(body, found):
    assert list(urls_at({"response": {"body": body}}, "/response/body/*", BASE)) == found


def test_a_plain_pointer_names_one_place():
    view = {"response": {"body": {"url": "/p/1", "other": "/p/2"}}}
    assert list(urls_at(view, "/response/body/url", BASE)) == [("/response/body/url", "https://api.example/p/1")]
    assert list(urls_at(view, "/response/body/none", BASE)) == []


@pytest.mark.parametrize("text", ["", "x", "see https://h.example", "<a href='/x'>", "text/csv"])
def test_what_is_no_url(text):
    assert not looks_like_url("/response/body/title", text)


@pytest.mark.parametrize("text", ["a//", "a/b", "a//b/", "a/?b=c/d"])
def test_relative_urls_by_the_name_of_their_member(text):
    assert looks_like_url("/response/body/href", text)


def test_a_long_text_that_is_nearly_a_url_takes_no_long_time():
    began = time.process_time()
    assert not looks_like_url("/response/body/href", "a/" * 100_000 + " x")
    assert time.process_time() - began < 2
