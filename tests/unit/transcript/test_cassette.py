"""Cassettes: written, read back the same, readable by vcrpy; foreign ones read; broken ones told in a sentence."""

import gzip
import time

import pytest
import urllib3
import vcr
from hypothesis import given
from hypothesis import strategies as st

from export_contracts.errors import EXIT_USAGE, TrafficError
from export_contracts.model import Callback, DeliveredFile, Exchange, Headers, Intent, Request, Response, Transcript
from export_contracts.transcript import cassette, cassette_reader
from export_contracts.transcript.traffic import load

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
NAMES = st.sampled_from(["Accept", "X-One", "x-two", "Content-Type"])
FIELDS = st.dictionaries(NAMES, st.text(alphabet="abc -;=/\"'é", max_size=10), max_size=3).map(
    lambda fields: Headers.of(sorted(fields.items()))
)
BODIES = st.binary(max_size=60) | TEXT.map(str.encode)
REQUESTS = st.builds(Request, st.sampled_from(["GET", "POST"]), st.just("https://h.example/p?q=1"), FIELDS, BODIES)
INTENTS = st.builds(Intent, TEXT, st.none() | TEXT.filter(bool), st.none() | st.integers(0, 9))
MOMENTS = st.floats(0, 2e9, allow_nan=False)


FILES = st.builds(DeliveredFile, TEXT, st.binary(max_size=30), MOMENTS, *[st.none() | MOMENTS] * 3)


@st.composite
def transcripts(draw):
    exchanges = []
    for index in range(draw(st.integers(0, 4))):
        response = draw(
            st.none() | st.builds(Response, st.sampled_from([200, 404, 418]), FIELDS, BODIES, st.booleans())
        )
        trouble = None if response else draw(TEXT.filter(bool))
        exchanges.append(
            Exchange(index + 7, draw(REQUESTS), response, draw(MOMENTS), draw(MOMENTS), "op", draw(INTENTS), trouble)
        )
    callbacks = draw(st.lists(st.builds(Callback, MOMENTS, REQUESTS), max_size=2))
    files = draw(st.lists(FILES, max_size=2))
    facts = draw(st.dictionaries(TEXT, TEXT | st.integers() | st.booleans() | st.none(), max_size=3))
    return Transcript(
        "braze", "one", "reference", tuple(exchanges), tuple(callbacks), tuple(files), facts, "http://b", "2026-11-22"
    )


@given(transcripts())
def test_a_transcript_survives_being_written_and_read(transcript):
    written = cassette.dump(transcript, recorded_at="2026-11-22")
    assert cassette_reader.parse(written.decode("ascii"), name="x", vendor="braze") == transcript
    assert cassette.dump(transcript, recorded_at="2026-11-22") == written


def exchange(status=200, body=b"{}", fields=None, path="/users"):
    request = Request("GET", "http://dead.invalid" + path, Headers.of({"Authorization": "Bearer x"}))
    return Exchange(0, request, Response(status, Headers.of(fields), body))


def test_vcrpy_replays_what_was_written_without_any_network(tmp_path):
    packed = gzip.compress(b'{"a": 1}', mtime=0)
    first = exchange(body=b"\x00\xff binary", fields=[("Set-Cookie", "a"), ("Set-Cookie", "b")])
    second = exchange(404, packed, {"Content-Encoding": "gzip", "Content-Type": "application/json"})
    silent = Exchange(2, Request("GET", "http://dead.invalid/silent"), None, trouble="closed")
    path = tmp_path / "c.yaml"
    transcript = Transcript("braze", "one", "live", (first, silent, second))
    path.write_bytes(cassette.dump(transcript, recorded_at="2026-11-22"))
    with vcr.use_cassette(str(path), record_mode="none") as played, urllib3.PoolManager(retries=False) as pool:
        one = pool.request("GET", "http://dead.invalid/users", decode_content=False)
        two = pool.request("GET", "http://dead.invalid/users", decode_content=False)
    assert played.all_played
    assert (one.status, one.data, one.headers.getlist("set-cookie")) == (200, b"\x00\xff binary", ["a", "b"])
    assert (two.status, two.data) == (404, packed)


def test_what_vcrpy_records_is_read_without_our_metadata(tmp_path, httpserver_port):
    path = tmp_path / "foreign.yaml"
    with vcr.use_cassette(str(path)), urllib3.PoolManager() as pool:
        pool.request("POST", f"http://127.0.0.1:{httpserver_port}/users/export", json={"a": "é"})
    (transcript,) = load(path, "braze")
    assert transcript.origin == "recorded"
    (one,) = transcript.exchanges
    assert (one.request.method, one.request.json, one.status) == ("POST", {"a": "é"}, 200)
    assert (one.response.json, one.intent) == ({"path": "/users/export"}, None)
    assert abs(one.started - time.time()) < 120


@pytest.mark.parametrize(
    "dates", [["", ""], ["nonsense", "x"], ["Thu, 01 Jan 2026 00:00:02 GMT", "Thu, 01 Jan 2026 00:00:01 GMT"]]
)
def test_times_that_a_recording_does_not_tell_stay_unknown(dates):
    one = (
        "{request: {method: GET, uri: http://h/, body: null, headers: {}}, "
        "response: {status: {code: 200, message: OK}, headers: {Date: ['%s']}, body: {string: ''}}}"
    )
    text = "version: 1\ninteractions:\n" + "".join(f"- {one % date}\n" for date in dates)
    assert [one.timed for one in cassette_reader.parse(text, name="x", vendor="braze").exchanges] == [False, False]


def test_a_gzip_header_left_over_a_decoded_body_is_seen_through(tmp_path):
    path = tmp_path / "old.yaml"
    path.write_text(
        "version: 1\ninteractions:\n- request: {method: GET, uri: http://h/, body: null, headers: {}}\n"
        "  response: {status: {code: 200, message: OK}, headers: {Content-Encoding: [gzip]}, body: {string: '{}'}}\n"
    )
    (transcript,) = load(path, "braze")
    assert transcript.exchanges[0].response.json == {}


ODD = "\ud800 é"


def test_lone_surrogates_and_addresses_that_are_none_are_written_as_escapes():
    """A target may answer with anything, and files may have names that are no text."""
    request = Request("GET", "http://[::1" + ODD, Headers.of({"X" + ODD: ODD}))
    exchanges = (
        Exchange(0, request, Response(200, Headers.of({"X-A": ODD}), b""), 1.0, 2.0, "op", Intent(ODD)),
        Exchange(1, request, None, 1.0, 2.0, "op", Intent("b", ODD), ODD),
    )
    files = (DeliveredFile("k" + ODD, b"", 1.0),)
    odd = Transcript("braze", "n", "live", exchanges, (Callback(1.0, request),), files, {ODD: [ODD]}, "http://b" + ODD)
    read = cassette_reader.parse(cassette.dump(odd, recorded_at="2026-11-22").decode(), name="x", vendor="braze")
    assert read.exchanges[0].request.url == "http://%5B::1%5Cud800%20%C3%A9"
    assert read.exchanges[0].response.headers.get("x-a") == "\\ud800 é"
    assert read.exchanges[1].request.url == "http://[::1\\ud800 é"
    assert (read.files[0].key, read.facts) == ("k\\ud800 é", {"\\ud800 é": ["\\ud800 é"]})


GOOD = "version: 1\ninteractions: []\n"
OWN = cassette.dump(Transcript("braze", "one", "live", (exchange(),)), recorded_at="2026-11-22").decode()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "is empty"),
        ("a: [", "broken YAML"),
        ("- 1\n", "no list of interactions"),
        ("just words", "no list of interactions"),
        ("version: 2\ninteractions: []\n", "version 2"),
        ("interactions: [1]\n", "not a cassette"),
        ("interactions: [{request: {method: GET}}]\n", "KeyError"),
        ("interactions: !!python/object:os.system [x]\n", "broken YAML"),
        ("[" * 100_000, "nested deeper"),
        ("a: " * 3000, "broken YAML"),
        ("\n".join(" " * depth + "a:" for depth in range(200)), "nested deeper"),
        (
            "a: &a ["
            + "x," * 20
            + "]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [" + f"*{chr(97 + n)}," * 20 + "]\n" for n in range(8)),
            "unfolds",
        ),
        (OWN.replace("export-contracts/1", "export-contracts/9"), "export-contracts/9"),
        (OWN.replace("vendor: braze", "vendor: adobe"), "of adobe, not of braze"),
        (OWN.replace("files: []", "files: 3"), "not a cassette"),
        (OWN.replace("exchanges:\n", "exchanges:\n  - index: 7\n"), "fewer interactions"),
        (OWN.replace("callbacks: []", "callbacks: [{at: 1, request: {}}]"), "not a cassette"),
        (OWN.replace("exchanges:\n", "exchanges:\n  - index: 3\n"), "fewer interactions"),
        (OWN.replace("index: 0", "index: .inf"), "not a cassette"),
        (OWN.replace("files: []", "files: [{key: k, base64: '', at: .inf}]"), "no moment"),
        (OWN.replace("files: []", "files: []\n  base_url: 3"), "no text"),
        ("{", "broken JSON"),
        ("[1, 2]", "no list of interactions"),
        ('{"a": 1}', "no HAR"),
        ('{"a":' * 100_000, "too deeply"),
        ("a\0b", "binary"),
    ],
)
def test_a_broken_file_is_told_in_one_sentence(tmp_path, text, part):
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    with pytest.raises(TrafficError) as raised:
        load(path, "braze")
    assert part in raised.value.sentence
    assert "\n" not in raised.value.sentence
    assert raised.value.hint
    assert raised.value.exit_code == EXIT_USAGE


def test_what_is_no_text_or_not_there_is_told(tmp_path):
    (tmp_path / "b.yaml").write_bytes(b"\x89PNG\r\n\xff")
    for path in (tmp_path / "b.yaml", tmp_path / "nothing.yaml", tmp_path):
        (tmp_path / "b.yaml").exists()
        with pytest.raises(TrafficError):
            load(path, "braze")


def sentence_or_none(text):
    """True where the text is read, or refused with one sentence."""
    try:
        cassette_reader.parse(text, name="x", vendor="braze")
    except TrafficError as error:
        return error.sentence.endswith(".") and "\n" not in error.sentence
    return True


@given(st.binary(max_size=200) | st.text(alphabet="{}[]:-&*!|> \nabc1\"'", max_size=80).map(str.encode))
def test_no_bytes_raise_anything_else(body):
    text = body.decode("utf-8", "replace")
    assert sentence_or_none(text)


@given(st.data())
def test_no_change_to_a_cassette_raises_anything_else(data):
    place = data.draw(st.integers(0, len(OWN) - 1))
    changed = (
        OWN[:place]
        + data.draw(st.text(alphabet="{}[]:-\n a1é", max_size=3))
        + OWN[place + data.draw(st.integers(0, 9)) :]
    )
    assert sentence_or_none(changed)


def test_a_folder_gives_every_recording_in_it(tmp_path):
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.har").write_text('{"log": {"version": "1.2", "entries": []}}')
    (tmp_path / "notes.txt").write_text("no traffic")
    assert [one.name[-6:] for one in load(tmp_path, "braze")] == ["a.yaml", "/b.har"]


def test_results_and_shapes_beside_recordings_are_none_of_them(tmp_path):
    (tmp_path / "a.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "results.json").write_text('{\n "format": "export-contracts/results/1"}', encoding="utf-8")
    (tmp_path / "braze.shape.json").write_text('{"format":"export-contracts/shape/1"}', encoding="utf-8")
    assert len(load(tmp_path, "braze")) == 1
    with pytest.raises(TrafficError):
        load(tmp_path / "results.json", "braze")


def test_a_text_that_aliases_repeat_counts_each_time(tmp_path):
    one = "{request: {method: GET, uri: http://h/, body: null}, response: {status: {code: 200}, body: {string: '%s'}}}"
    path = tmp_path / "bomb.yaml"
    path.write_text(f"version: 1\ninteractions:\n- &a {one % ('x' * 100_000)}\n" + "- *a\n" * 3_000)
    with pytest.raises(TrafficError, match="unfolds to more than 268435456 characters"):
        load(path, "braze")
