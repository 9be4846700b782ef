from __future__ import annotations

import re

import pytest

from export_contracts.reference.draw import Draw


def test_the_same_name_draws_the_same():
    first, second = Draw("a"), Draw("a")
    assert [first.below(100) for _ in range(500)] == [second.below(100) for _ in range(500)]
    assert Draw("a").hex(32) != Draw("b").hex(32)


def test_what_is_drawn_is_spread_evenly():
    draw = Draw("even")
    numbers = [draw.below(10) for _ in range(10_000)]
    assert all(850 < numbers.count(one) < 1150 for one in range(10))


def test_bounds_hold_far_beyond_one_supply():
    draw = Draw("long")
    assert all(0 <= draw.below(2**128) < 2**128 for _ in range(50))


@pytest.mark.parametrize("digits", [1, 24, 32])
def test_hex_has_as_many_digits_as_asked_for(digits):
    assert re.fullmatch(rf"[0-9a-f]{{{digits}}}", Draw(f"hex {digits}").hex(digits))


def test_a_uuid_is_of_version_four():
    uuids = {Draw(str(number)).uuid() for number in range(200)}
    assert len(uuids) == 200
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one) for one in uuids
    )


def test_percent_is_never_and_always_at_its_ends():
    draw = Draw("percent")
    assert not any(draw.percent(0) for _ in range(200))
    assert all(draw.percent(100) for _ in range(200))
