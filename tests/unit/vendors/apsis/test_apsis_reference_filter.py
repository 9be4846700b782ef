from __future__ import annotations

import pytest

from export_contracts.vendors.apsis.reference_filter import BadFilter, compiled

NAMES = {"a", "b"}


@pytest.mark.parametrize(
    ("text", "member", "passes"),
    [
        ("a", {"a"}, True),
        ("!(a) & b", {"b"}, True),
        ("!(a) & b", {"a", "b"}, False),
        ("!a", set(), True),
        ("a | b & a", {"b"}, False),
        ("(a | b)", {"b"}, True),
        ("a&!(a)", {"a"}, False),
    ],
)
def test_expression_selects(text, member, passes):
    assert compiled(text, NAMES)(member) is passes


@pytest.mark.parametrize(
    "text", ["", "(a", "a)", "a b", "& a", "!", "c", "a & c", "a @ b", "(" * 100 + "a" + ")" * 100]
)
def test_malformed_expression_is_refused(text):
    with pytest.raises(BadFilter):
        compiled(text, NAMES)
