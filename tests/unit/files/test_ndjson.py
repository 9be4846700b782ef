"""Lines of JSON: round trips, each problem by its word, and no bytes that make the reader raise."""

import json
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_contracts.files.ndjson import read_line, read_ndjson
from export_contracts.model import MISSING

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(
        st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), VALUES, max_size=4), max_size=5
    )
)
def test_objects_come_back_as_they_went_in(rows):
    lines = list(read_ndjson("".join(json.dumps(row) + "\n" for row in rows).encode()))
    assert [line.value for line in lines] == rows
    assert [line.number for line in lines] == list(range(1, len(rows) + 1))
    assert all(line.problems == () for line in lines)


@given(st.binary(max_size=300) | st.text(alphabet='{}[]",:\\u d8\n1eN', max_size=80).map(str.encode))
def test_no_bytes_make_it_raise_and_no_line_is_lost(body):
    lines = list(read_ndjson(body))
    assert len(lines) == body.count(b"\n") + (not body.endswith(b"\n") and body != b"")


@pytest.mark.parametrize(
    ("line", "code", "value"),
    [
        (b"\xff{}", "invalid-utf8", MISSING),
        (b"\xef\xbb\xbf{}", "bom", {}),
        (rb'{"a": "\ud800"}', "lone-surrogate", {"a": "\ud800"}),
        (b'{"a": 1, "a": 2}', "duplicate-key", {"a": 2}),
        (b"[1]", "not-object", [1]),
        (b"null", "not-object", None),
        (b"  ", "empty-line", MISSING),
        (b"{", "not-json", MISSING),
        (b"{} {}", "not-json", MISSING),
        (b"[" * 100_000, "too-deep", MISSING),
    ],
)
def test_each_problem_has_its_word(line, code, value):
    (read,) = read_ndjson(line + b"\n")
    assert ([problem.code for problem in read.problems], read.value) == ([code], value)


def test_nan_is_read_and_told():
    (line,) = read_ndjson(b'{"a": NaN, "b": -Infinity}\n')
    assert [problem.code for problem in line.problems] == ["nan"]


def test_a_missing_last_line_feed_is_a_mild_problem_of_the_last_line():
    first, last = read_ndjson(b"{}\n{}")
    assert first.problems == ()
    assert [problem.code for problem in last.problems] == ["no-final-newline"]
    assert last.value == {}


def test_legal_variety_is_no_problem():
    body = b'{"a": "\\ud83d\\ude00"}\r\n{"n": ' + b"9" * 5000 + b"}\r\n" + b'{"x": "' + b"[" * 1000 + b'"}\n'
    assert [line.problems for line in read_ndjson(body)] == [(), (), ()]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (b'{"a":"' + b"x" * 9_000_000 + b'"}', ["too-large"]),
        (b'{"a":[' + b"0," * 400_000 + b"0]}", ["too-large"]),
        (b'{"a":"\xf0\x9f\x98\x80' + b"x" * 7_000_000 + b'"}', ["too-large"]),
        (b" [" + b"[]," * 400_000 + b"0]", ["not-object"]),
        (b'"' + b"x" * 9_000_000 + b'"', ["not-json"]),
        (b'{"a":"' + b"x" * 7_000_000 + b'"}', []),
        (b'{"a":[' + b"0," * 200_000 + b"0]}", []),
    ],
    ids=["long", "many", "wide", "array", "text", "long-enough", "few-enough"],
)
def test_a_line_whose_value_would_take_too_much_room_is_not_read(line, codes):
    read = read_line(line, 3)
    assert [one.code for one in read.problems] == codes
    assert isinstance(read.value, dict) == (not codes)


def test_a_key_that_stands_twice_among_thousands_costs_no_more_than_reading_them():
    began = time.process_time()
    body = b"{" + b",".join(b'"k%d":1' % one for one in range(60_000)) + b',"k7":2}\n'
    (line,) = read_ndjson(body)
    assert [problem.message for problem in line.problems] == ["the key 'k7' stands twice"]
    assert time.process_time() - began < 10


def test_measuring_how_deep_a_line_goes_takes_no_more_room_than_the_line():
    body = b'{"a":[' + b"{}," * 300 + b'{}],"s":"' + b"x\\n" * 500_000 + b'"}\n'
    tracemalloc.start()
    (line,) = read_ndjson(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert line.problems == ()
    assert peak < 10 * len(body)
