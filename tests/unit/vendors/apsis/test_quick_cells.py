"""Cells that compare fast compare as the slow way has it."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from export_contracts.vendors.apsis.checks_cells import _NOTHING, _special, cell

MARKS = st.text("0123456789+-.eE_:TtZzWwrufalse \n,/", max_size=24)
MOMENTS = st.datetimes().map(str) | st.datetimes().map(lambda one: one.isoformat()) | st.dates().map(str)
NUMBERS = st.floats().map(str) | st.integers().map(str) | st.decimals(allow_nan=False).map(str)


@given(st.one_of(MARKS, MOMENTS, NUMBERS, st.uuids().map(str), st.text(max_size=30), st.booleans().map(str)))
def test_nothing_is_taken_for_plain_text_that_is_not(text):
    plain = text.replace("\r\n", "\n").strip()
    assume(plain.casefold() not in _NOTHING)
    assert cell(text) == (_special(plain) if len(plain) <= 40 else plain)
