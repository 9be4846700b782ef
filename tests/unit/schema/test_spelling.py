"""Expressions of single values: numbers up to a bound, patterns, keys."""

from __future__ import annotations

import re

import pcre2
import pytest

from export_contracts.schema.expressions import NEVER, key
from export_contracts.schema.parts import Part
from export_contracts.schema.seen import Seen
from export_contracts.schema.spelling import Speller


def matches(schema, text):
    speller = Speller({}, Seen())
    expression = speller.value(Part(schema), "")
    return (
        pcre2.compile(f"(?:{expression})(?=,){speller.definitions()}".encode()).match(text.encode() + b",") is not None
    )


@pytest.mark.parametrize("most", [0, 1, 9, 10, 37, 99, 100, 180, 909])
def test_whole_numbers_up_to_a_bound_are_all_those(most):
    schema = {"type": "integer", "minimum": 0, "maximum": most}
    assert [one for one in range(1100) if matches(schema, str(one))] == list(range(most + 1))
    assert not any(matches(schema, text) for text in ("-1", "00", "01", "1.0", "1e0", "", "x"))


def test_numbers_between_bounds_lie_between_them():
    schema = {"type": "number", "minimum": -90, "maximum": 180}
    taken = ["0", "-0", "0.5", "-89.999", "-89", "179.25", "179", "99.0"]
    refused = ["180.5", "-90.5", "-91", "181", "1e3", "1.", ".5", "+1", "-", "00", "1790", "-890", "2000"]
    assert [text for text in taken + refused if matches(schema, text)] == taken


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"type": "string", "pattern": "^a"},
        {"type": "string", "pattern": "a$"},
        {"type": "string", "pattern": "^a|b$"},
        {"type": "string", "pattern": "^.*$"},
        {"type": "string", "pattern": "^[ -Z]*$"},
        {"type": "string", "pattern": "^[A-z]*$"},
        {"type": "string", "pattern": "^[^a]*$"},
        {"type": "string", "pattern": "^\\w$"},
        {"type": "string", "pattern": "^(?=a)b$"},
        {"type": "string", "pattern": "^(?R)$"},
        {"type": "string", "pattern": '^"$'},
        {"type": "string", "maxLength": 3},
        {"type": "string", "format": "date"},
        {"type": ["string", "null"], "not": {}},
        {"type": "integer", "minimum": 1},
        {"type": "integer", "maximum": 5},
        {"type": "number", "exclusiveMaximum": 5},
        {"type": "array", "maxItems": 1},
        {"type": "array", "uniqueItems": True},
        {"type": "array", "prefixItems": [{"type": "null"}]},
        {"type": "object", "maxProperties": 1},
        {"const": 1},
        {"oneOf": [{"type": "null"}]},
        {"$ref": "https://schemas.invalid/nowhere"},
    ],
)
def test_what_no_expression_says_is_never_matched(schema):
    texts = ["1", "5", "null", "[]", "[null]", "{}", '"a"', '"b"', '""', '"Z"', "1.5", "true"]
    assert not any(matches(schema, text) for text in texts)


def test_patterns_are_matched_by_whole_texts():
    schema = {"type": ["string", "null"], "pattern": "^(a|bc)[0-9]{2}( ?[+-]1)?$"}
    taken = ['"a12"', '"bc12"', '"a12 +1"', '"a12-1"', "null"]
    refused = ['"a1"', '"xa12"', '"a123"', '"a12\\n"', '"\\u006112"', "a12", '"a12', '"a12 "']
    assert [text for text in taken + refused if matches(schema, text)] == taken


@pytest.mark.parametrize("name", ['"', "\\", "a\nb", "\x7f", "\ud800", "\u2028"])
def test_names_that_are_written_in_several_ways_have_no_key(name):
    assert key(name) is None


@pytest.mark.parametrize("name", ["", "a b", "a.b*(c)[d]{e}|f?+^$#&~-", "Grüße", "株式会社", "👋", "a/b", "'"])
def test_other_names_are_matched_as_they_are(name):
    assert key(name) is not None
    assert re.fullmatch(key(name), f'"{name}"')
    assert pcre2.compile(key(name).encode()).fullmatch(f'"{name}"'.encode())


def test_never_is_never_matched():
    assert pcre2.compile(NEVER.encode()).search(b"anything") is None
