"""What is claimed of dates, names and members is what is matched, and nothing else."""

from __future__ import annotations

import json

import pcre2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export_contracts.schema.claims import Claim, Claims, beginning, none_of, not_after, not_before
from export_contracts.schema.expressions import NEVER
from export_contracts.schema.parts import Part
from export_contracts.schema.proved import OTHER, Proved
from export_contracts.schema.seen import Seen
from export_contracts.schema.structs import Types

DAYS = st.dates().map(str) | st.sampled_from(["2019-12-31", "2020-01-01", "2020-01-31", "2020-02-01", "2029-09-09"])
NEAR = st.builds(
    "20{}-{}-{}".format,
    *(st.sampled_from([f"{n:02d}" for n in most]) for most in (range(19, 31), range(1, 13), range(1, 29))),
)
AFTER = pcre2.compile(not_after("last").encode(), jit=True)
FITTING = pcre2.compile(
    (beginning({("ios", "ipad"): none_of("gaid"), ("android",): none_of("idfa", "idfv")}, "known") + r'"').encode()
)


@settings(max_examples=400)
@given(DAYS | NEAR, NEAR, st.sampled_from(["", "T10:00:00Z"]), st.sampled_from([("", ""), (" ", " ")]))
def test_a_day_is_compared_with_that_of_the_next_member(first, last, time, blank):
    text = f'"{first}{time}",{blank[0]}"last":{blank[1]}"{last}{time}"}}'
    assert (AFTER.match(text.encode()) is not None) == (first <= last and first[:2] == last[:2])


@settings(max_examples=200)
@given(DAYS | NEAR, DAYS | NEAR)
def test_a_day_is_compared_with_a_given_one(day, floor):
    assert (pcre2.compile(not_before(floor).encode()).match(f'"{day}T"'.encode()) is not None) == (day >= floor)


@pytest.mark.parametrize("text", ["null", "2026-01-01", '"2026-01-0', '""', '"2026-01-01","lost":"2026-01-02"'])
def test_what_is_no_day_or_has_none_behind_is_refused(text):
    assert AFTER.match(text.encode()) is None


@pytest.mark.parametrize(
    ("text", "taken", "known"),
    [
        ('"iOS 17","gaid":null}', True, True),
        ('"IPADos","gaid": ""}', True, True),
        ('"ios","gaid":"x"}', False, True),
        ('"ios","name":"\\"gaid\\": 1","gaid":"x"}', False, True),
        ('"ios","name":"}","gaid":"x"}', False, True),
        ('"ios","name":{},"idfa":"x"}', False, True),
        ('"ios","idfa":"x"}', True, True),
        ('"android","gaid":"x"}', True, True),
        ('"android","idfa":"","idfv":"x"}', False, True),
        ('"Tizen","idfa":"x"}', True, False),
        ('"Tízen"}', False, False),
        ('"\\u0069os"}', False, False),
    ],
)
def test_members_are_held_to_how_a_text_begins(text, taken, known):
    found = FITTING.match(text.encode())
    assert (found is not None) == taken
    if found is not None:
        assert (found["known"] is not None) == known


def test_names_that_are_written_in_several_ways_are_never_claimed():
    assert none_of("a", "\x7f") == NEVER
    assert not_after("\ud800") == NEVER


ENTRY = {"type": "object", "properties": {"first": {"type": "string"}, "last": {"type": "string"}}}
SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": ["string", "null"]},
        "other": {"type": ["string", "null"]},
        "mail": {},
        "list": {"type": ["array", "null"], "items": ENTRY},
    },
}
CLAIMS = Claims(("id", "other"), {"/list": Claim({"first": not_after("last")}, frozenset({"first", "last"}))})


def proved(*rows, claims=CLAIMS, schema=SCHEMA):
    seen = Seen()
    for row in rows:
        seen.see(row)
    return Proved(Types(Part(schema), {}, lambda _: lambda _: False), seen, claims)


def written(*rows):
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


FULL = {"id": "a", "other": "ö", "mail": 1, "list": [{"first": "2026-01-01", "last": "2026-01-02"}]}


def test_members_lists_and_names_are_counted():
    rows = [FULL, {"id": "", "other": "b"}, {"other": None, "list": []}, {"id": None, "mail": 2, "list": None}, {}]
    proof = proved(*rows).take(written(*rows))
    assert proof is not None
    assert (proof.rows, proof.counts) == (5, {"/list": 1})
    assert proof.present == {"id": 3, "other": 3, "mail": 2, "list": 3}
    assert proof.names == [b"a", f"{OTHER}b".encode(), b"", b"", b""]


def test_members_that_always_came_together_come_so_or_prove_nothing():
    decoder = proved(FULL, {"mail": 1}, {"id": "a", "other": "b", "mail": 2})
    assert decoder.take(written({"id": "x", "other": "y", "mail": 3}, {"mail": 4})) is not None
    for row in ({"id": "x", "mail": 3}, {"other": "x", "mail": 3}, {"id": "x", "other": "y"}):
        assert decoder.take(written(row)) is None


@pytest.mark.parametrize(
    "spoilt",
    [
        {"list": [{"first": "2026-01-03", "last": "2026-01-02"}]},
        {"list": [{"first": "2026-01-01"}]},
        {"list": [{"first": "2026-01-01", "last": "2026-01-01"}, {"last": "2026-01-02"}]},
        {"list": [None]},
        {"list": "["},
        {"id": 1},
        {"id": 'a"b'},
        {"mail": "\ud800"},
        {"strange": 1},
    ],
)
def test_what_is_not_as_claimed_is_not_proved(spoilt):
    sound = written(FULL)
    assert proved(FULL).take(sound) is not None
    assert proved(FULL).take(sound + json.dumps({**FULL, **spoilt}).encode() + b"\n") is None


def test_entries_whose_members_come_in_another_turn_are_not_proved():
    turned = {"list": [{"last": "2026-01-02", "first": "2026-01-01"}]}
    behind = Claims((), {"/list": Claim(behind={"first": frozenset({"last"})})})
    assert proved(turned, claims=behind).take(written(turned)) is None
    assert proved(FULL, claims=behind).take(written(FULL)) is not None


@pytest.mark.parametrize("damage", [b"\n", b"{}", b"\x01\x01", b'{"id":"a","id":"b"}\n', b'{"id":"\x01"}\n'])
def test_what_stands_behind_matched_rows_is_seen(damage):
    assert proved(FULL, {}).take(written(FULL, {}) + damage) is None
