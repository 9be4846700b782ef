"""HAR files as different writers leave them."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_contracts.errors import TrafficError
from export_contracts.transcript import har
from export_contracts.transcript.traffic import load


def entry(**changes):
    one = {
        "startedDateTime": "2026-01-01T00:00:01.500Z",
        "time": 250,
        "request": {
            "method": "POST",
            "url": "https://rest.example/users/export/segment",
            "headers": [{"name": ":authority", "value": "x"}, {"name": "Authorization", "value": "Bearer t"}],
            "postData": {"mimeType": "application/json", "text": '{"segment_id": "é"}'},
        },
        "response": {
            "status": 200,
            "headers": [{"name": "content-encoding", "value": "gzip"}],
            "content": {"size": 2, "mimeType": "application/json", "text": '{"message": "success"}'},
        },
        "_initiator": {"type": "script"},
    }
    for place, value in changes.items():
        holder, _, name = place.rpartition("__")
        target = one
        for part in filter(None, holder.split("__")):
            target = target[part]
        if value is None:
            target.pop(name, None)
        else:
            target[name] = value
    return one


def read(*entries):
    return har.parse({"log": {"version": "1.2", "entries": list(entries)}}, name="x.har", vendor="braze").exchanges


def test_a_browser_s_entry_becomes_an_exchange():
    (one,) = read(entry())
    assert one.request.json == {"segment_id": "é"}
    assert list(one.request.headers) == [("Authorization", "Bearer t")]
    assert (one.status, one.response.json, one.response.raw) == (200, {"message": "success"}, False)
    assert (one.ended - one.started, one.started) == (0.25, 1767225601.5)


def test_binary_bodies_come_as_base64():
    packed = base64.b64encode(b"PK\x03\x04").decode()
    (one,) = read(entry(response__content={"size": 4, "text": packed, "encoding": "base64"}))
    assert one.response.body == b"PK\x03\x04"


def test_entries_are_put_in_the_order_of_their_times_and_numbered():
    late, early = entry(startedDateTime="2026-01-01T02:00:00+01:00"), entry(startedDateTime="2026-01-01T00:00:00Z")
    assert [(one.index, one.started) for one in read(late, early)] == [(0, 1767225600.0), (1, 1767229200.0)]


def test_missing_fields_are_unknown_and_not_wrong():
    (one,) = read({"request": {"method": "get", "url": "http://h/"}, "response": {"status": 204}})
    assert (one.request.method, one.timed, one.response.body) == ("GET", False, b"")
    (form,) = read(entry(request__postData={"params": [{"name": "a", "value": "b c"}]}))
    assert form.request.body == b"a=b+c"


def test_an_answer_saved_without_its_body_says_nothing():
    assert len(read(entry(), entry(response__content={"size": 10}))) == 1
    for size in (10, -1):
        with pytest.raises(TrafficError, match="without the bodies"):
            read(entry(response__content={"size": size}))


def test_an_answer_without_a_body_is_whole():
    bare = {"size": -1}
    told = entry(response__content=bare, response__headers=[{"name": "Content-Length", "value": "0"}])
    assert [one.response.body for one in read(entry(response__content={"size": 0}), told)] == [b"", b""]
    assert read(entry(response__content=bare, response__status=204))[0].response.body == b""


def test_a_request_the_browser_gave_up_says_nothing_and_a_broken_connection_does():
    given_up = entry(response__status=0, _error="net::ERR_ABORTED")
    broken = entry(response__status=0, _error="net::ERR_EMPTY_RESPONSE")
    (_, one) = read(entry(), given_up, broken)
    assert (one.response, one.trouble) == (None, "net::ERR_EMPTY_RESPONSE")


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ({"log": {}}, "no log with entries"),
        ({"log": {"version": "2.0", "entries": []}}, "version 2.0"),
        ({"log": {"entries": [3]}}, "entry 0"),
        ({"log": {"entries": [{}]}}, "entry 0"),
        ({"log": {"entries": [entry(response__status="abc")]}}, "entry 0"),
        ({"log": {"entries": [entry(response__content={"text": "x", "encoding": "base64"})]}}, "entry 0"),
        ({"log": {"entries": [entry(request__headers=[1])]}}, "entry 0"),
        ({"log": {"entries": [entry(time=float("inf"))]}}, "entry 0"),
    ],
)
def test_a_broken_har_is_told_in_one_sentence(tmp_path, document, part):
    (tmp_path / "x.har").write_text(json.dumps(document))
    with pytest.raises(TrafficError) as raised:
        load(tmp_path / "x.har", "braze")
    assert part in raised.value.sentence
    assert raised.value.hint


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3), lambda x: st.lists(x, max_size=2), max_leaves=3
)


@given(
    st.sampled_from(
        [
            "request",
            "response",
            "time",
            "startedDateTime",
            "request__headers",
            "request__postData",
            "response__content",
            "response__status",
            "request__url",
        ]
    ),
    JSON,
)
def test_no_wrong_type_raises_anything_else(place, value):
    try:
        sentence = f"{len(read(entry(**{place: value})))} read."
    except TrafficError as error:
        sentence = error.sentence
    assert sentence.endswith(".")
