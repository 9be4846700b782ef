"""What clients write on the wire, and what the server reads of it; nothing here opens a socket."""

from __future__ import annotations

import pytest

from export_contracts.reference import http1
from export_contracts.reference.http1 import Malformed, converse
from export_contracts.reference.server import Answer


class Wire:
    """A connection on which pieces arrive as given; what is written is kept."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)
        self.written = b""

    def recv(self, _):
        return self.pieces.pop(0) if self.pieces else b""

    def sendall(self, data):
        self.written += data


OK = Answer(200, b"ok")


def heard(*pieces, scheme="http", answer=OK):
    """The requests read from the pieces, and what was written."""
    wire, requests = Wire(*pieces), []
    converse(wire, lambda request: requests.append(request) or answer, scheme)
    return requests, wire.written


@pytest.fixture
def small_bodies(monkeypatch):
    monkeypatch.setattr(http1, "BODY_LIMIT", 500)


def refusal(*pieces):
    wire = Wire(*pieces)
    with pytest.raises(Malformed) as caught:
        converse(wire, lambda _: Answer(200))
    assert wire.written.startswith(b"HTTP/1.1 %d " % caught.value.status)
    assert b"Connection: close" in wire.written
    return caught.value.status


POST = b"POST /a HTTP/1.1\r\nHost: x\r\n"


def test_a_request_and_its_answer():
    (one,), written = heard(
        b"POST /a?b=%20 HTTP/1.1\r\nhost: x:1\r\nX-A:  y \r\nContent-Length: 3\r\n\r\nabc", scheme="https"
    )
    assert (one.method, one.url, one.body) == ("POST", "https://x:1/a?b=%20", b"abc")
    assert tuple(one.headers) == (("host", "x:1"), ("X-A", "y"), ("Content-Length", "3"))
    assert written == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def test_a_request_in_single_bytes_and_requests_in_one_piece():
    text = POST + b"Content-Length: 1\r\n\r\na"
    assert [one.body for one in heard(*(text[at : at + 1] for at in range(len(text))))[0]] == [b"a"]
    assert len(heard(text * 3)[0]) == 3


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (
            POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: 1\r\n\r\n",
            b"abc0123456789",
        ),
        (POST + b"Transfer-Encoding: Chunked\r\nContent-Length: 99\r\n\r\n0\r\n\r\n", b""),
        (POST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na", b"a"),
        (POST + b"Content-Length: 1, 1\r\n\r\na", b"a"),
        (b"POST /a HTTP/1.1\nHost: x\nContent-Length: 1\n\na", b"a"),
        (b"POST /a HTTP/1.0\r\nContent-Length: 1\r\n\r\na", b"a"),
    ],
)
def test_bodies(text, body):
    assert [one.body for one in heard(text)[0]] == [body]


@pytest.mark.parametrize(
    ("target", "url"),
    [
        (b"http://y:2/b?c", "http://y:2/b?c"),
        (b"https://y/b", "https://y/b"),
        (b"/b?to=http://z", "http://x/b?to=http://z"),
        (b"//b", "http://x//b"),
        (b"/b%2Fc", "http://x/b%2Fc"),
        (b"/b#c", "http://x/b"),
        (b"*", "http://x/"),
    ],
)
def test_targets(target, url):
    assert heard(b"OPTIONS " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")[0][0].url == url


def test_a_client_that_asks_may_go_on():
    _, written = heard(POST + b"Expect: 100-continue\r\nContent-Length: 1\r\n\r\n", b"a")
    assert written.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("head", "stays"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n", True),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Keep-Alive, Close\r\n", False),
        (b"GET / HTTP/1.0\r\n", False),
    ],
)
def test_connections_stay_as_their_clients_wish(head, stays):
    requests, written = heard((head + b"\r\n") * 2)
    assert len(requests) == 1 + stays
    assert (b"Connection: close" in written) is not stays


@pytest.mark.parametrize(
    ("answer", "method", "end"),
    [
        (Answer(204, b"x"), b"GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        (Answer(200, b"xy"), b"HEAD", b"Content-Length: 2\r\n\r\n"),
        (Answer(200, b"x", {"Content-Length": "9", "A": "é"}), b"GET", b"A: \xe9\r\nContent-Length: 1\r\n\r\nx"),
        (Answer(299, b""), b"GET", b"HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n"),
        (Answer(0, b"x"), b"GET", b""),
    ],
)
def test_answers(answer, method, end):
    _, written = heard(method + b" / HTTP/1.1\r\nHost: x\r\n\r\n", answer=answer)
    assert written.endswith(end)
    assert bool(written) == bool(answer.status)


@pytest.mark.parametrize("answer", [Answer(200, b"", {"A": "b\r\nC: d"}), Answer(200, b"", {"A B": "c"}), Answer(101)])
def test_an_answer_that_no_wire_carries_is_the_server_s_fault(answer):
    _, written = heard(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", answer=answer)
    assert written.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")
    assert b"\r\nC: d" not in written


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"GET / HTTP/2\r\nHost: x\r\n\r\n", 400),
        (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"\x16\x03\x01\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: [\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        (POST + b"Content-Length: -1\r\n\r\n", 400),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\na", 400),
        (POST + b"Content-Length: 2\r\n\r\na", 400),
        (POST + b"Content-Length: 999999999\r\n\r\n", 413),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n200\r\n" + b"a" * 512, 413),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\na", 400),
        (POST + b"X: " + b"y" * http1.HEAD_LIMIT, 431),
        (POST, 400),
    ],
)
@pytest.mark.usefixtures("small_bodies")
def test_what_is_no_request_is_answered_once(text, status):
    assert refusal(text) == status
