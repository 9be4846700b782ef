"""Compressed bodies are undone whole, within bounds, and in time that is in proportion."""

import gzip
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_contracts.model import Unreadable, inflate, is_vast, parse_json


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4))
def test_what_was_packed_comes_back(parts):
    assert inflate(b"".join(gzip.compress(one, mtime=0) for one in parts)) == b"".join(parts)
    assert inflate(zlib.compress(parts[0])) == parts[0]


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(body):
    assert isinstance(inflate(body), (bytes, Unreadable))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (gzip.compress(bytes(10_000), mtime=0), "larger than 9999 bytes"),
        (gzip.compress(b"abc", mtime=0)[:-1], "too early"),
        (gzip.compress(b"abc", mtime=0) + b"tail", "damaged"),
    ],
)
def test_what_is_wrong_is_said(body, reason):
    assert reason in inflate(body, 9_999).reason


def test_the_limit_itself_is_within_bounds():
    assert inflate(gzip.compress(bytes(10_000), mtime=0), 10_000) == bytes(10_000)


def test_fifty_thousand_members_take_no_time_to_speak_of():
    started = time.process_time()
    assert inflate(gzip.compress(b"x", mtime=0) * 50_000) == b"x" * 50_000
    assert time.process_time() - started < 15


def test_many_tiny_streams_are_a_bound_of_ours():
    found = inflate(gzip.compress(b"", mtime=0) * 60_000)
    assert (found.ours, "more than 50000 parts" in found.reason) == (True, True)


@pytest.mark.parametrize("one", [b"{},", b"[],", b"0,"])
def test_json_that_would_fill_the_memory_is_a_bound_of_ours(one):
    found = parse_json(b"[" + one * 4_100_000 + b"0]")
    assert (found.ours, "too many to be read" in found.reason) == (True, True)


def test_commas_in_texts_are_no_values():
    body = b'["' + b",[{" * 2_000_000 + b'\\",", 1]'
    assert not is_vast(body)
    assert parse_json(body)[1] == 1
