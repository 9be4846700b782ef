"""Decoders of blocks take nothing that jsonschema refuses, whatever the schema and however rows are written."""

from __future__ import annotations

import json
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from export_contracts.schema.fitted import Fitted
from export_contracts.schema.narrow import Narrow
from export_contracts.schema.parts import Part
from export_contracts.schema.seen import Seen
from export_contracts.schema.spelled import Spelled
from export_contracts.schema.structs import Types
from export_contracts.schema.validation import Validator, uri

PARTS = {
    "text": {"type": ["string", "null"]},
    "word": {"enum": ["a", "b", None]},
    "odd": {"enum": [1, "a"]},
    "whole": {"type": "integer", "minimum": 0, "maximum": 9},
    "number": {"type": ["number", "null"]},
    "flag": {"type": "boolean"},
    "even": {"type": "integer", "multipleOf": 2},
    "date": {"type": "string", "pattern": "^[0-9]{2}$"},
    "either": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^x"}]},
    "place": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
    "map": {"type": "object", "additionalProperties": {"$ref": "#/properties/flag"}},
    "anything": {},
    "never": False,
    "list": {"type": ["array", "null"], "items": {"type": "object", "properties": {"date": {"$ref": "#/$defs/d"}}}},
    "one": {"type": "object", "properties": {"whole": {"type": "integer"}}, "required": ["whole"]},
    "few": {"type": "array", "maxItems": 1, "items": {"type": "object", "properties": {}}},
}
SCHEMA = {"type": "object", "properties": PARTS, "required": ["flag"], "$defs": {"d": PARTS["date"]}}
DOCUMENTS = {"schemas/row.json": SCHEMA}
VALIDATOR = Validator({"$ref": uri("schemas/row.json")}, DOCUMENTS)
TYPES = Types(
    Part(SCHEMA, uri("schemas/row.json") + "#"),
    DOCUMENTS,
    lambda entry: Validator({"type": "array", "items": entry}, DOCUMENTS).is_valid,
)
LEAVES = st.one_of(
    st.sampled_from(["a", "b", "12", "x1", "", 1, 2, 10, -1, 1.0, 1.5, 1e300, True, False, None, 10**25]),
    st.text(max_size=3),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from([*PARTS, "strange"]), inner, max_size=3)
        | st.lists(st.fixed_dictionaries({"date": st.sampled_from(["12", "x"])}), max_size=2)
    ),
    max_leaves=5,
)
CHANGES = st.dictionaries(st.sampled_from([*PARTS, "strange"]), VALUES, max_size=2)
"""What is put into a sound row."""


def written(*rows, **spelling):
    return b"".join(json.dumps(row, separators=(",", ":"), **spelling).encode() + b"\n" for row in rows)


ANYHOW = partial(Spelled, anyhow=True)
WAYS = pytest.mark.parametrize("way", [Narrow, Spelled, ANYHOW])


def fitted_to(*rows, wanted=None, way=Narrow):
    seen = Seen()
    for row in rows:
        seen.see(row)
    return way(TYPES, seen, wanted or {})


SOUND = {
    "flag": True,
    "text": None,
    "word": "a",
    "whole": 3,
    "number": 1.5,
    "even": 4,
    "date": "12",
    "either": "x1",
    "place": [1, 2.5],
    "map": {"a": True},
    "anything": [{"deep": [1]}],
    "list": [{"date": "12"}, {"date": "13", "new": 1}],
    "one": {"whole": 1},
    "strange": {"x": [None]},
}


SPELT = {name: value for name, value in SOUND.items() if name not in {"even", "either", "place"}}
"""Without what no expression says."""
DECODERS = {way: fitted_to(SOUND, way=way) for way in (Narrow, Spelled, ANYHOW)}


@WAYS
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(CHANGES, st.sets(st.sampled_from([*PARTS])))
def test_what_is_taken_is_valid(way, changes, missing):
    sound = SOUND if way is Narrow else SPELT
    row = {name: value for name, value in {**sound, **changes}.items() if name not in missing}
    if DECODERS[way].take(written(row, ensure_ascii=False)) is not None:
        assert VALIDATOR.is_valid_by_the_book(row)


def test_an_ordinary_row_is_taken_by_its_spelling_too():
    block = DECODERS[Spelled].take(written(SPELT, SPELT))
    assert block is not None
    assert block.present == {name: 2 * (name in SPELT) for name in block.present}
    assert DECODERS[Spelled].take(written(SPELT), ("strange",)).of("", "strange") == ({"x": [None]},)


@pytest.mark.parametrize("way", [Narrow, ANYHOW])
def test_members_may_come_in_any_order_and_none_of_them_twice(way):
    row = {
        "flag": True,
        "text": 'a": ',
        "list": [{"date": "12", "new": 1}, {"new": 2, "date": "13"}],
        "strange": {"x": 1},
    }
    turned = {name: row[name] for name in reversed(row)}
    decoder = fitted_to(row, turned, way=way, wanted={"": ("text",), "/list": ("new",)})
    block = decoder.take(written(row, turned))
    assert block is not None
    assert (block.present["text"], block.lengths) == (2, {"/list": [2, 2]})
    assert (list(block.of("", "text")), block.of("/list", "new")) == ([row["text"]] * 2, [1, 2, 1, 2])
    for once, twice in [
        ('"flag":true', '"flag":true,"flag":true'),
        ('"new":1', '"new":1,"date":"12","new":1'),
        ('"x":1', '"x":1,"x":1'),
        ('"flag":true,', ""),
    ]:
        assert decoder.take(written(row) + written(row).decode().replace(once, twice, 1).encode()) is None


@pytest.mark.parametrize(
    "damage", ['{"text":"a"}{"text":"b"}\n\n', '{"text"\n:"b"}\n', '{"text" :"b"}\n', '{"text":"\\u0022: "}\n']
)
def test_lines_that_hold_another_number_of_objects_are_not_decoded(damage):
    row = {"flag": True, "text": "a"}
    turned = b'{"text":"a","flag":true}\n'
    decoder = fitted_to(row)
    assert decoder.take(written(row) + turned) is not None
    damaged = damage.replace("{", '{"flag":true,').encode()
    assert decoder.take(written(row) + turned + damaged) is None
    assert decoder.take(turned + damaged) is None


def test_free_members_in_any_order_are_taken_loosely_and_none_of_them_twice():
    decoder = Spelled(TYPES, Seen(), {}, loose=True)
    row = '{"flag":true,"anything":%s}\n'
    taken = ['{"b":1,"a":{"c":[{"d":"\\": "}]}}', '{"":"é","a":null,"b":[]}', "[[1],{}]", "1.50"]
    refused = ['{"a":1,"b":2,"a":3}', '{"a":{"b":1,"b":1}}', '[{"a":1,"a":1}]', '{"a":1,"\\u0061":2}', '{"a" :1,"a":2}']
    refused += ['{"a":1,"a":2,"b":"\\"\\u003a"}', '{"a":1,"a":2,"b":"\\u0022:"}', "[[[[[[[1]]]]]]]", "NaN", "{}}"]
    assert [one for one in taken + refused if decoder.take((row % one).encode())] == taken


def test_an_ordinary_row_is_taken_with_its_columns():
    block = fitted_to(SOUND).take(written(SOUND, SOUND))
    assert block is not None
    assert (block.rows, block.of("", "whole"), block.of("/one", "whole")) == (2, (3, 3), ())
    wanted = fitted_to(SOUND, wanted={"/one": ("whole",), "/list": ("new",)}).take(written(SOUND))
    assert (wanted.of("/one", "whole"), wanted.of("/list", "new")) == ([1], [UNSET, 1])


@WAYS
@pytest.mark.parametrize(
    "spoilt",
    [
        b'{"flag":true,"flag":true}\n',
        b'{"flag":true,"anything":{"a":1,"a":2}}\n',
        b'{"flag":true,"anything":{"a":1,"\\u0061":2}}\n',
        b'{"flag":true}{"flag":true}\n',
        b'{"flag":true}\n\n',
        b'{"flag":true,"anything":NaN}\n',
        b'{"flag":true,"anything":"\\ud800"}\n',
        b'{"flag":true,"anything":"\xff"}\n',
        b'{"flag":true,"anything":1e999}\n',
        b'{"flag":true,"unseen":1}\n',
        b'\xef\xbb\xbf{"flag":true}\n',
        b'{"flag":true,"anything":' + b"[" * 400 + b"]" * 400 + b"}\n",
        b'{"text":"no flag"}\n',
    ],
)
def test_what_is_not_faultless_is_refused(way, spoilt):
    decoder = fitted_to({"flag": True, "anything": 1, "text": "x"}, way=way)
    assert decoder.take(b'{"flag":true,"anything":1}\n') is not None
    assert decoder.take(spoilt) is None


def test_a_decoder_is_fitted_anew_and_rests_where_nothing_fits():
    decoder = Fitted(TYPES, {})
    assert decoder.take(written(SOUND)) is None
    decoder.see(SOUND)
    assert decoder.take(written(SOUND)) is not None
    other = {"later": 1, **SOUND}
    assert decoder.take(written(other)) is None
    decoder.see(other)
    assert decoder.take(written(other, SOUND)) is not None
    tried = sum(
        decoder._narrow._rest == 0 and decoder.take(b"[]\n") is None for _ in range(40) for _ in [decoder.take(b"1\n")]
    )
    assert tried < 20


def test_rows_that_agree_on_no_order_are_still_decoded():
    one, other = {"flag": True, "text": "a"}, {"text": "a", "flag": True}
    decoder = fitted_to(one, other)
    assert all(decoder.take(written(row)) is not None for row in (one, other))
