"""Clients that send too much, to the wrong place, or to somebody else."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from urllib.parse import urlsplit

import pytest
from counter import BASE, Counter, basic
from test_clients_of_adobe import listed as adobe_listed
from test_clients_of_adobe import order as adobe_order
from test_clients_of_apsis import call as apsis_order
from test_clients_of_braze import call as braze_order

from export_contracts.catalogue import contract
from export_contracts.gate.command import Ended
from export_contracts.gate.passage import Passage, opened
from export_contracts.gate.recorder import Recorder
from export_contracts.gate.verdict import judged
from export_contracts.model import Headers, Request

PATH = "/data/v2/projects/{}/customers/export"


def gated(path, body, method="POST", headers=None):
    """The judgement of one request to a gate for Bloomreach."""
    book = contract.load("bloomreach")
    with opened(book) as gate:
        facts, split = gate.facts, urlsplit(gate.url)
        connection = http.client.HTTPConnection(split.hostname, split.port, timeout=60)
        headers = {
            "Authorization": basic(facts["key_id"], facts["secret"]),
            "Content-Type": "application/json",
            **(headers or {}),
        }
        connection.request(method, path.format(facts["project_token"]), body, headers)
        connection.getresponse().read()
        connection.close()
        transcript = gate.transcript(book, "client")
        return judged(book, Passage(transcript, Ended(0), gate.journal, None, gate.recorder.dropped))


def broken(one):
    return {verdict.clause.id for verdict in one.judgement.verdicts if verdict.findings}


LARGE = b'{"format": "csv", "padding": "' + b"x" * 50_000_000 + b'"}'


def test_fifty_megabytes_are_judged_whole():
    one = gated(PATH, LARGE)
    assert broken(one) == {"BLR-064"}
    assert one.passage.dropped == 0


def test_what_memory_cannot_hold_is_not_judged_and_said_to_be(monkeypatch):
    monkeypatch.setattr("export_contracts.gate.recorder.MEMORY_KEPT", 1_000_000)
    one = gated(PATH, LARGE)
    assert broken(one) == set()
    assert one.passage.transcript.exchanges[0].request.body == b""
    assert any("too much to be kept" in sentence for sentence in one.notes)


def test_an_answer_that_memory_cannot_hold_is_marked_as_not_kept(monkeypatch):
    monkeypatch.setattr("export_contracts.gate.recorder.MEMORY_KEPT", 10)
    recorder = Recorder(Counter("bloomreach").reference)
    recorder.answer(Request("POST", f"{BASE}/data/v2/projects/x/customers/export", Headers(), b"{}"))
    (one,) = recorder.exchanges
    assert (one.request.body, one.response.body, one.fault) == (b"{}", b"", "size:unkept")


def test_a_misspelt_path_is_a_breach_and_no_silence():
    one = gated("/data/v2/projects/{}/customers/exports", b'{"format": "csv"}')
    assert broken(one) == {"BLR-063"}
    assert not one.silent


def test_an_order_sent_to_a_neighbour_of_its_path_is_a_breach():
    one = gated("/data/v2/projects/{}/customers/cohort", b'{"format": "csv"}')
    assert broken(one) == {"BLR-063"}


def test_what_a_browser_asks_before_it_sends_is_nobodys_fault():
    one = gated(PATH, b"", "OPTIONS", {"Access-Control-Request-Method": "POST", "Origin": "http://localhost"})
    assert broken(one) == set()


def test_an_endpoint_beside_the_contract_is_noted_and_counts_for_nothing():
    one = gated("/data/v2/projects/{}/customers/attributes", b"{}")
    assert broken(one) == set()
    assert one.silent
    assert any("addresses no operation of the contract" in sentence for sentence in one.notes)


@pytest.mark.parametrize("slug", ["adobe", "apsis", "braze"])
def test_a_compressed_order_is_read_and_answered_alike(slug):
    """Only Bloomreach's documents speak of compression, and against it."""
    orders = {"adobe": adobe_order, "apsis": apsis_order, "braze": braze_order}
    plain, packed = Counter(slug), Counter(slug)
    orders[slug]()(plain)
    sent = plain.exchanges[0].request
    headers = {**dict(sent.headers), "Content-Encoding": "gzip"}
    packed.send(sent.method, sent.url, headers, gzip.compress(sent.body))
    assert packed.exchanges[0].status == plain.exchanges[0].status < 300
    assert packed.broken() == set()


def test_the_guides_own_path_is_answered_where_it_is_not_adobes_host():
    counter = Counter("adobe")
    adobe_listed(path="/export/jobs")(counter)
    adobe_listed(path="https://platform.adobe.io/export/jobs")(counter)
    assert [one.status for one in counter.exchanges] == [200, 404]
    assert counter.broken() == {"ADB-126"}


def chunked(body):
    """The body in two chunks and their end."""
    pieces = (body[:7], body[7:], b"")
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces)


WIRES = {
    "plain": ("/users/export/segment", b"HTTP/1.1", b"Content-Length: %d\r\n", bytes),
    "absolute": ("http://{host}/users/export/segment", b"HTTP/1.1", b"Content-Length: %d\r\n", bytes),
    "HTTP/1.0": ("/users/export/segment", b"HTTP/1.0", b"Content-Length: %d\r\n", bytes),
    "chunked": ("/users/export/segment", b"HTTP/1.1", b"Transfer-Encoding: chunked\r\nX-Size: %d\r\n", chunked),
    "asks first": ("/users/export/segment", b"HTTP/1.1", b"Expect: 100-continue\r\nContent-Length: %d\r\n", bytes),
    "offers HTTP/2": (
        "/users/export/segment",
        b"HTTP/1.1",
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: %d\r\n",
        bytes,
    ),
    "needless query": ("/users/export/segment?trace=1", b"HTTP/1.1", b"Content-Length: %d\r\n", bytes),
}


def test_whatever_the_wire_looks_like_the_request_is_the_same():
    book = contract.load("braze")
    with opened(book) as gate:
        host = urlsplit(gate.url).netloc
        for segment, (target, version, length, written) in zip(
            gate.facts["many_segments"], WIRES.values(), strict=False
        ):
            body = json.dumps({"segment_id": segment, "fields_to_export": ["email"]}).encode()
            head = b"POST %s %s\r\nHost: %s\r\n" % (target.format(host=host).encode(), version, host.encode())
            head += b"Authorization: Bearer %s\r\nContent-Type: application/json\r\n" % gate.facts["token"].encode()
            with socket.create_connection(host.split(":"), timeout=10) as wire:
                wire.sendall(head + length % len(body) + b"\r\n" + written(body))
                wire.settimeout(5)
                said = wire.recv(65536)
                while b"object_prefix" not in said and (more := wire.recv(65536)):
                    said += more
            assert b" 200 " in said, said
        one = judged(book, Passage(gate.transcript(book, "client"), Ended(0), gate.journal))
    assert len(one.passage.transcript.exchanges) == len(WIRES)
    assert broken(one) == set()
    assert one.notes == ()
