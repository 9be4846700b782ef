"""Faultless lines, spoilt by bytes, values and members: no fast way takes what the slow reader finds fault with."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.verify.conftest import text, users
from tests.verify.test_fast_and_by_the_book import CLAUSES, DECODERS

from export_contracts.files.ndjson import read_ndjson
from export_contracts.schema.block import Block
from export_contracts.vendors.braze.quick_blocks import COLUMNS

LINES = [line + b"\n" for line in text(users(40)).split(b"\n")[:-1]]
KEYS = re.compile(rb'"(?:[^"\\]|\\.)*": ?')
VALUES = re.compile(rb'(?<=[":,\[] )?(?:"(?:[^"\\]|\\.)*"|-?[0-9][0-9.]*|true|false|null)(?=[,}\]])')
SPOILT_VALUES = st.sampled_from(
    [
        *(
            b"NaN",
            b"Infinity",
            b"-Infinity",
            b"1e999",
            b"-1e999",
            b"1e99",
            b"-0",
            b"-0.0",
            b"1.0",
            b"01",
            b"+1",
            b"1.",
            b".5",
        ),
        *(
            b"9" * 400,
            b"-" + b"9" * 400,
            b"1" * 19,
            b"1E400",
            b"0x10",
            b"1_000",
            b"--1",
            b"-",
            b"1e",
            b"9999",
            b"10000",
        ),
        *(
            b"True",
            b"None",
            b"nul",
            b"nulll",
            b"tru",
            b"undefined",
            b"",
            b" ",
            b"\t1",
            b"1 ",
            b"'a'",
            b"{}",
            b"[]",
            b"[[]]",
        ),
        *(
            b'"',
            b'""',
            b'"\\"',
            b'"\\x41"',
            b'"\\u12"',
            b'"\\ud800"',
            b'"\\udc00\\ud800"',
            b'"\\ud83d\\ude00"',
            b'"\\u0000"',
        ),
        *(b'"\x00"', b'"\x1f"', b'"\t"', b'"\x7f"', b'"\xff"', b'"\xc0\x80"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"'),
        *(
            b'"\xe2\x80\xa8"',
            b'"\xf0\x9f\x98\x80"',
            b'"\xc3"',
            b'"\xe0\x80\x80"',
            b'"\xef\xbb\xbf"',
            b'"\xf5\x80\x80\x80"',
        ),
        *(
            b"[" * 300 + b"]" * 300,
            b'{"a":' * 300 + b"1" + b"}" * 300,
            b"[1,]",
            b"[,1]",
            b"[1 2]",
            b'{"a":1,}',
            b'{"a" :1}',
        ),
        *(
            b'{"a":1,"a":2}',
            b'{"a":1,"\\u0061":2}',
            b'[{"a":1,"a":1}]',
            b'{"a":{"b":1,"b":1}}',
            b'{"name":"x","name":"y"}',
        ),
        *(
            b'{"first":"2026-09-01","first":"2026-09-01"}',
            b'{"size":1,"size":1}',
            b"{a:1}",
            b"{1:1}",
            b'{"a"}',
            b'{"a":}',
        ),
        *(
            b'"2026-02-31T00:00:00Z"',
            b'"2026-09-01T00:00:00+14:00"',
            b'"0000-00-00"',
            b'"2026-09-01\\n"',
            b'"2026-09-0\\u0031"',
        ),
        *(b"180.0000000000000001", b"180", b"-180", b"181", b"[181,91]", b"[1,2,3]", b"[180,90]", b"[-180.0,-90.0]"),
    ]
)
BYTES = st.sampled_from([bytes([one]) for one in b'"\\{}[],:\n\r\t 0-1eE.+nux\x00\x1f\x7f\x80\xc3\xed\xff'])


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Lines that are faultless but for some bytes, values or members."""
    body = draw(st.sampled_from(LINES))
    for _ in range(draw(st.integers(1, 2))):
        body = draw(st.sampled_from([_byte, _value, _doubled, _moved, _whole]))(draw, body)
    return body + (draw(st.sampled_from(LINES)) if draw(st.booleans()) else b"")


def _byte(draw: st.DrawFn, body: bytes) -> bytes:
    at = draw(st.integers(0, len(body)))
    return body[:at] + draw(BYTES | st.just(b"")) + body[at + draw(st.integers(0, 2)) :]


def _value(draw: st.DrawFn, body: bytes) -> bytes:
    found = list(VALUES.finditer(body))
    if not found:
        return body
    one = draw(st.sampled_from(found))
    return body[: one.start()] + draw(SPOILT_VALUES) + body[one.end() :]


def _doubled(draw: st.DrawFn, body: bytes) -> bytes:
    """A key comes again right before itself, as it is or spelt by number."""
    found = list(KEYS.finditer(body))
    if not found:
        return body
    one = draw(st.sampled_from(found))
    again = one.group()
    if draw(st.booleans()) and again[1:2].isalpha():
        again = b'"\\u%04x' % again[1] + again[2:]
    value = draw(SPOILT_VALUES | st.just(b"null"))
    return body[: one.start()] + again + value + b"," + body[one.start() :]


def _moved(draw: st.DrawFn, body: bytes) -> bytes:
    """A member of anywhere stands at the head of another object."""
    found, heads = list(KEYS.finditer(body)), [one.end() for one in re.finditer(rb"\{(?=\")", body)]
    if not found or not heads:
        return body
    at = draw(st.sampled_from(heads))
    return body[:at] + draw(st.sampled_from(found)).group() + draw(SPOILT_VALUES) + b"," + body[at:]


def _whole(draw: st.DrawFn, body: bytes) -> bytes:
    return draw(
        st.sampled_from(
            [
                b"\xef\xbb\xbf" + body,
                body[:-1],
                body[:-1] + b"\r\n",
                body[:-1] + b"\r\r\n",
                b"\n" + body,
                body + b"\n",
                body + b" \n",
                body + b"[]\n",
                body + b'["' + b"1" * 60 + b'","a","b",null,null,null,null,null]\n',
                body[:-2] + b"\n",
                body[:-1] + b"}\n",
                body[:-1] + body,
                b" " + body,
                b"[" + body[:-1] + b"]\n",
                body[: len(body) // 2],
                body[:-2] + b',"unseen":1}\n',
                b"{}\n" + body,
                body[:-2] + b',"' + b"n" * 40 + b'":"x"}\n',
            ]
        )
    )


@pytest.mark.parametrize("way", DECODERS)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=spoilt())
def test_what_is_taken_is_faultless_and_handed_out_as_it_is(way, block):
    found = DECODERS[way].take(block)
    if found is not None:
        assert block.endswith(b"\n")
        lines = list(read_ndjson(block))
        assert [line.problems for line in lines] == [()] * len(lines)
        assert all(CLAUSES.schema.is_valid_by_the_book(line.value) for line in lines)
        compare(found, [line.value for line in lines])


def compare(found: Block, rows: list[dict[str, object]]) -> None:
    """Counts and columns are those of the rows."""
    assert found.rows == len(rows)
    counted = {name: count for name, count in found.present.items() if count}
    assert counted == {name: sum(name in row for row in rows) for row in rows for name in row}
    for name in ("braze_id", "external_id"):
        assert [one or None for one in found.of("", name)] == [row.get(name) or None for row in rows]
    for place, names in COLUMNS.items():
        entries = [entry for row in rows for entry in row.get(place[1:]) or ()] if place else []
        for name in names if entries else ():
            column = found.of(place, name)
            assert [one or None for one in column] == ([one.get(name) or None for one in entries] if column else [])


@pytest.mark.parametrize("way", DECODERS)
def test_the_lines_that_are_spoilt_are_faultless_themselves(way):
    found = DECODERS[way].take(b"".join(LINES))
    assert found is not None
    compare(found, [json.loads(line) for line in LINES])
