"""Documents in pieces: whatever the steps in which the bytes come, it is what the standard reader reads."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_contracts.files.json_feed import STEP
from export_contracts.files.json_pieces import Piece, read_pieces, value_of
from export_contracts.files.problem import Problem
from export_contracts.model import Json

CELLS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.lists(st.text(), max_size=2)
TABLES = st.fixed_dictionaries(
    {"header": st.lists(st.text() | st.dictionaries(st.text(), st.text(), max_size=2))},
    optional={
        "rows": st.lists(st.lists(CELLS | st.dictionaries(st.text(), CELLS, max_size=2), max_size=4), max_size=6),
        "success": st.booleans(),
        "more": st.dictionaries(st.text(), CELLS, min_size=1, max_size=2),
    },
)


def pieces(body: bytes, step: int) -> list[Piece | Problem]:
    return list(read_pieces(body[at : at + step] for at in range(0, len(body), step)))


def rebuilt(found: list[Piece | Problem]) -> Json:
    whole: dict[str, Json] = {}
    for piece in found:
        assert isinstance(piece, Piece), piece
        here = whole
        for name in piece.path[:-1]:
            here = here.setdefault(name, {})
        if piece.index is None:
            here[piece.path[-1]] = value_of(piece.raw, []) if piece.raw != b"[" else []
        else:
            here[piece.path[-1]].extend(piece.values or [value_of(piece.raw, [])])
    return whole


@given(TABLES, st.integers(1, 40), st.sampled_from([None, 0, 2]))
def test_pieces_make_the_whole(table, step, indent):
    body = json.dumps(table, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert rebuilt(pieces(body, step)) == table


@given(TABLES, st.data())
def test_what_breaks_off_is_told(table, data):
    body = json.dumps(table).encode()
    end = data.draw(st.integers(1, len(body) - 1))
    assert any(isinstance(one, Problem) for one in pieces(body[:end], 7))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"a": 1} x', "not-json"),
        (b'{"a" 1}', "not-json"),
        (b"{a: 1}", "not-json"),
        (b'{"a": [1 2]}', "not-json"),
        (b'{"a": [1,]}', "not-json"),
        (b'{"a": [1', "truncated"),
        (b'{"a": "b', "truncated"),
        (b'{"a": 1, "a": 2}', "duplicate-key"),
    ],
)
def test_what_is_wrong_has_a_code(body, code):
    assert [one.code for one in pieces(body, 3) if isinstance(one, Problem)] == [code]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"NaN", "nan"),
        (b'{"a": 1, "a": 2}', "duplicate-key"),
        (b'{"a"\n:1,"a":2}', "duplicate-key"),
        (b"tru", "not-json"),
        (b'"\xff"', "invalid-utf8"),
    ],
)
def test_what_is_wrong_in_a_piece_has_a_code(raw, code):
    problems: list[Problem] = []
    value_of(raw, problems)
    assert [one.code for one in problems] == [code]


def test_a_value_without_end_is_not_held(monkeypatch):
    monkeypatch.setattr("export_contracts.files.json_feed.LONGEST", 1_000_000)
    given_out = 0

    def endless():
        nonlocal given_out
        yield b'{"rows": ["'
        while True:
            given_out += 100_000
            yield b"x" * 100_000

    assert [one.code for one in read_pieces(endless()) if isinstance(one, Problem)] == ["too-long"]
    assert given_out < 4_000_000


@pytest.mark.parametrize("end", [b"tr", b"true", b"true}"])
def test_a_word_may_lie_across_two_readings(end):
    body = b'{"rows": [["' + b"x" * STEP + b'"]], "success": true}'
    cut = body.index(b"true") + len(end)
    assert rebuilt(list(read_pieces([body[:cut], body[cut:]]))) == json.loads(body)


def test_names_without_end_are_not_held(monkeypatch):
    monkeypatch.setattr("export_contracts.files.json_pieces.MOST_NAMES", 2)
    body = b'{"a": 1, "b": 2, "c": 3, "a": 4, "c": 5}'
    assert [one.code for one in pieces(body, 9) if isinstance(one, Problem)] == ["duplicate-key"]


def test_what_nests_too_deeply_is_left_at_once():
    opened = 0

    def parts():
        nonlocal opened
        yield b'{"rows": [["a"], '
        while True:
            opened += 100_000
            yield b"[" * 100_000

    found = list(read_pieces(parts()))
    assert [one.code for one in found if isinstance(one, Problem)] == ["too-deep"]
    assert opened < 2 * STEP
