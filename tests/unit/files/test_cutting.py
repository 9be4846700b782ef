"""Lines come out whole however a text is cut into parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_contracts.files.cutting import PIECE, Block, Cutter

PARTS = st.lists(st.binary(max_size=4) | st.sampled_from([b"\n", b"\n\n", b"ab\ncd\n"]), max_size=8)


def cut(parts, longest=1_000):
    cutter = Cutter(longest)
    found = [line for part in parts if (block := cutter.feed(part)) is not None for line in block.lines()]
    last = cutter.last()
    return [*found, *([] if last is None else [last])], cutter


@given(PARTS)
def test_lines_are_those_of_the_whole_text(parts):
    text = b"".join(parts)
    lines = text.split(b"\n")
    lines = lines[:-1] if not lines[-1] else lines
    found, cutter = cut(parts)
    assert found == list(enumerate(lines, 1))
    assert (cutter.number, cutter.overlong) == (len(lines), {})


@given(PARTS)
def test_lines_that_are_too_long_are_emptied_and_noted(parts):
    found, cutter = cut(parts, longest=3)
    whole, _ = cut(parts)
    assert found == [(number, b"" if len(line) > 3 else line) for number, line in whole]
    assert cutter.overlong == {number: line for number, line in whole if len(line) > 3}


@pytest.mark.parametrize("count", [1, PIECE, PIECE + 1, 3 * PIECE])
def test_pieces_are_the_block_again_in_order(count):
    block = Block(7, b"".join(b"%d\n" % number for number in range(count)))
    pieces = list(block.pieces())
    assert [line for piece in pieces for line in piece.lines()] == (list(block.lines()) if count > PIECE else [])
    assert all(sum(1 for _ in piece.lines()) <= PIECE for piece in pieces)
