"""What a schema asks for, said so that a reader of a report understands it."""

import pytest

from export_contracts.schema.validation import Validator


@pytest.mark.parametrize(
    ("schema", "value", "said"),
    [
        ({"anyOf": [{"enum": ["a", "b"]}, {"type": "null"}]}, "x", 'one of ["a", "b"] or type null'),
        ({"const": "zip"}, "gz", "zip"),
        ({"minimum": 0}, -1, "at least 0"),
        ({"maxItems": 2}, [1, 2, 3], "at most 2 items"),
        ({"minLength": 1}, "", "text of at least 1 characters"),
        ({"uniqueItems": True}, [1, 1], "no item twice"),
        ({"not": {"type": "null"}}, None, 'anything but {"type": "null"}'),
    ],
)
def test_what_was_expected_is_said_in_words(schema, value, said):
    assert [one.expected for one in Validator(schema, {}).violations(value)] == [said]


def test_text_where_a_number_belongs_is_quoted():
    assert [one.got for one in Validator({"type": "number"}, {}).violations("4")] == ['"4"']
