"""JSON pointers: what was joined leads to where it was joined from, whatever the names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_contracts.model import MISSING
from export_contracts.schema.pointer import join, resolve


@given(st.lists(st.text(alphabet="/~01ab") | st.integers(0, 2), max_size=5))
def test_joined_names_lead_where_they_come_from(names):
    value = "here"
    for name in reversed(names):
        value = {name: value, f"{name}x": "elsewhere"} if isinstance(name, str) else [*["elsewhere"] * name, value]
    assert resolve(value, join("", *names)) == "here"


@pytest.mark.parametrize("pointer", ["/b", "/a/3", "/a/-1", "/a/0/b"])
def test_a_pointer_to_nothing_says_so(pointer):
    assert resolve({"a": [1]}, pointer) is MISSING
