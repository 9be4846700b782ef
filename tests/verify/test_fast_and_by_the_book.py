"""What the fast path takes is what the slow one finds faultless, and both count alike. jsonschema decides."""

from __future__ import annotations

import io
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.verify.conftest import FIELDS, NOW, PREFIX, text, users

from export_contracts.checks.delivered import Asked, Named
from export_contracts.files.ndjson import read_line
from export_contracts.files.quick import quick_object
from export_contracts.files.streams import Limits
from export_contracts.schema.fitted import Fitted
from export_contracts.schema.narrow import Narrow
from export_contracts.schema.seen import Seen
from export_contracts.schema.spelled import Spelled
from export_contracts.schema.validation import Validator
from export_contracts.vendors.braze import delivered_lines
from export_contracts.vendors.braze import verify as braze
from export_contracts.vendors.braze.checks_lists import moment
from export_contracts.vendors.braze.delivered_clauses import Clauses
from export_contracts.vendors.braze.quick_blocks import CALENDAR, COLUMNS

ROWS = users(40)
BEFORE = text(ROWS)
CLAUSES = Clauses(None)
TYPES = CLAUSES.decoder.types
SEEN = Seen()
for _row in ROWS:
    SEEN.see(_row)
DECODERS = {
    "narrow": Narrow(TYPES, SEEN, COLUMNS),
    "spelled": Spelled(TYPES, SEEN, COLUMNS),
    "anyhow": Spelled(TYPES, SEEN, COLUMNS, anyhow=True),
    "loose": Spelled(TYPES, SEEN, COLUMNS, loose=True),
}
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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines())
def test_a_line_that_is_taken_is_read_alike_by_the_book(raw):
    value = quick_object(raw)
    if value is not None:
        line = read_line(raw, 2)
        assert line.problems == ()
        assert equal(value, line.value)


@pytest.mark.parametrize("fields", [None, FIELDS, ("external_id", "braze_id", "custom_events", "push_subscribe")])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=st.lists(lines(), min_size=1, max_size=5), ended=st.booleans())
def test_both_paths_find_and_count_the_same(fields, found, ended):
    asked = Asked(
        {} if fields is None else {"fields_to_export": list(fields), "custom_attributes_to_export": ["remark"]}
    )
    body = b"\n".join(found) + (b"\n" if ended else b"")
    assert examined(body, asked, BEFORE) == by_the_book(body, asked)


@pytest.mark.parametrize("way", DECODERS)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=st.lists(lines(), min_size=1, max_size=2))
def test_a_block_that_is_taken_is_valid_by_the_book(way, found):
    block = b"".join(one + b"\n" for one in found)
    if DECODERS[way].take(block) is not None:
        for number, raw in enumerate(block.splitlines(), 2):
            line = read_line(raw, number)
            assert line.problems == ()
            assert CLAUSES.schema.is_valid_by_the_book(line.value)


SPELT = [
    {"separators": (",", ":"), "ensure_ascii": False},
    {"separators": (", ", ": "), "ensure_ascii": False},
]


@pytest.mark.parametrize("way", DECODERS)
@pytest.mark.parametrize("spelling", SPELT)
def test_ordinary_rows_are_taken_by_the_block(way, spelling):
    decoder = DECODERS[way]
    block = b"".join(json.dumps(row, **spelling).encode() + b"\n" for row in ROWS)
    assert decoder.take(block) is not None
    assert decoder.take(block.replace(b"&", b"\\u0026")) is not None
    assert decoder.take(block.replace(b'"name"', b'"name":"x","name"', 1)) is None
    assert decoder.take(block.replace(b"\n", b"\n\n", 1)) is None


@settings(max_examples=200)
@given(st.tuples(*[st.from_regex(CALENDAR.replace("$", r"\Z"), alphabet="0123456789-:.TZUGMC +")] * 2))
def test_dates_that_are_compared_as_text_are_real_and_sort_as_time_does(pair):
    wide = CLAUSES.contract.schemas["schemas/user.json"]["$defs"]["date"]["pattern"]
    moments = [moment(one) for one in pair]
    assert all(re.search(wide, one) for one in pair)
    assert None not in moments
    assert (pair[0] <= pair[1]) == (moments[0] <= moments[1]) or pair[0][:10] == pair[1][:10]


@pytest.mark.parametrize("date", ["2023-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-01-01T24:00:00Z", ""])
def test_dates_that_are_not_real_are_left_to_the_checks(date):
    assert re.search(CALENDAR, date) is None
    assert re.search(CALENDAR, "2024-02-29T10:00:00+0000")


def examined(body: bytes, asked: Asked, before: bytes = b"") -> tuple[object, list[int]]:
    """What is found and hashed; the reader reads another file `before`, as it does in a long run."""
    named = Named("a.json", f"/b/segment-export/s/2026-09-22/{PREFIX}/a.json", len(body), float(NOW))
    hashes: list[int] = []
    reader = braze.reader(None, asked, [named])
    if before:
        reader.examine(named, io.BytesIO(before), Limits(), lambda *_: None)
    result = reader.examine(named, io.BytesIO(body), Limits(), lambda *more: hashes.extend(more))
    return [
        result.rows,
        result.whole,
        {key: one for key, one in result.tally.sums.items() if one.kept or one.broken},
    ], hashes


def by_the_book(body: bytes, asked: Asked) -> tuple[object, list[int]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Fitted, "take", lambda *_, **__: None)
        patch.setattr(delivered_lines, "quick_object", lambda _: None)
        patch.setattr(Validator, "is_valid", Validator.is_valid_by_the_book)
        return examined(body, asked)
