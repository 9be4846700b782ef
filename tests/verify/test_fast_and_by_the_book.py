"""What the fast path takes is what the slow one finds faultless, and both count alike. jsonschema decides."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.verify.conftest import FIELDS, NOW, PREFIX, users

from export_contracts.checks.delivered import Asked, Named
from export_contracts.files.ndjson import read_line
from export_contracts.files.quick import quick_object
from export_contracts.files.streams import Limits
from export_contracts.schema.validation import Validator
from export_contracts.vendors.braze import verify as braze

ROWS = users(40)
PLACES = sorted({name for row in ROWS for name in row})
DATES = st.sampled_from(
    [
        "2026-09-01T00:00:00.000Z",
        "2026-09-01 10:00:00 UTC",
        "2026-09-01",
        "2026-02-31T10:00:00Z",
        "2026-09-01T25:00:00Z",
        "2001-01-01T00:00:00.000Z",
        "2026-09-01T00:00:00+14:00",
        "2026-09-01T10:00:00,5Z",
        "0001-01-01T00:00:00+10:00",
        "",
        "soon",
    ]
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    DATES,
    st.lists(st.dictionaries(st.sampled_from(["name", "first", "last", "count", "os", "idfa"]), DATES | st.none())),
    st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3)),
)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, object]:
    """A reference user with some members replaced, added, or replaced deep within."""
    row = json.loads(json.dumps(draw(st.sampled_from(ROWS))))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from([*PLACES, "unheard_of"]))
        held = row.get(place)
        if isinstance(held, list) and held and isinstance(held[0], dict) and draw(st.booleans()):
            inner = draw(st.sampled_from([*held[0], "idfa", "last_entered", "last", "os"]))
            held[0][inner] = draw(VALUES)
        else:
            row[place] = draw(VALUES)
    return row


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """A row as some writer may spell it, now and then damaged."""
    spelling = {"ensure_ascii": draw(st.booleans()), "separators": draw(st.sampled_from([(",", ":"), (", ", ": ")]))}
    text = json.dumps(draw(rows()), **spelling)
    if draw(st.integers(0, 4)) == 0:
        old, new = draw(
            st.sampled_from(
                [
                    ('{"', '{"kept":1,"kept":2,"'),
                    ('{"', '{"kept":1,"kept":2,"other":"\\"\\u003a","'),
                    ('{"', '{"kept":1,"kept" :2,"'),
                    ('":', '"\t:'),
                    ('":', '":NaN,"x":'),
                    ('":"', '":"\\ud800'),
                    ("}", ""),
                    ("{", "[" * 300 + "{"),
                    ('{"', '{"deep":' + "[" * 254 + "]" * 254 + ',"'),
                    ('":"', '":"\\"\\u0022: '),
                    ("{", "  {"),
                    ("{", "\ufeff{"),
                ]
            )
        )
        text = text.replace(old, new, 1)
    body = text.encode("utf-8", "surrogatepass")
    return body.replace(b'":"', b'":"\xff', 1) if draw(st.integers(0, 20)) == 0 else body


def equal(one: object, other: object) -> bool:
    """Equal with their kinds; numbers beyond 64 bits may have come as floats."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(equal(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return one == other if type(one) is type(other) else float(one) == float(other)  # type: ignore[arg-type]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines())
def test_a_line_that_is_taken_is_read_alike_by_the_book(raw):
    value = quick_object(raw)
    if value is not None:
        line = read_line(raw, 2)
        assert line.problems == ()
        assert equal(value, line.value)


@pytest.mark.parametrize("fields", [None, FIELDS, ("external_id", "braze_id", "custom_events", "push_subscribe")])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=st.lists(lines(), min_size=1, max_size=5), ended=st.booleans())
def test_both_paths_find_and_count_the_same(fields, found, ended):
    asked = Asked(
        {} if fields is None else {"fields_to_export": list(fields), "custom_attributes_to_export": ["remark"]}
    )
    body = b"\n".join(found) + (b"\n" if ended else b"")
    assert examined(body, asked) == by_the_book(body, asked)


def examined(body: bytes, asked: Asked) -> tuple[object, list[int]]:
    named = Named("a.json", f"/b/segment-export/s/2026-09-22/{PREFIX}/a.json", len(body), float(NOW))
    hashes: list[int] = []
    reader = braze.reader(None, asked, [named])
    result = reader.examine(named, io.BytesIO(body), Limits(), hashes.append)
    return [
        result.rows,
        result.whole,
        {key: one for key, one in result.tally.as_json().items() if one[:2] != [0, 0]},
    ], hashes


def by_the_book(body: bytes, asked: Asked) -> tuple[object, list[int]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(braze, "quick_object", lambda _: None)
        patch.setattr(Validator, "is_valid", Validator.is_valid_by_the_book)
        return examined(body, asked)
