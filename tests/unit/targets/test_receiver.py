"""Callbacks arrive as requests; whatever is too large or malformed is turned away."""

import socket
import struct
from urllib.request import Request, urlopen

import pytest

from export_contracts.errors import UsageError
from export_contracts.targets import receiver as module
from export_contracts.targets.receiver import Receiver


@pytest.fixture
def receiver():
    one = Receiver("127.0.0.1:0", lambda: 42.0)
    yield one
    one.close()


def talk(receiver, text):
    port = int(receiver.url.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(text)
        return connection.recv(100).split(b"\r\n")[0]


def test_a_callback_is_kept_whole(receiver):
    with urlopen(Request(receiver.url + "?n=1", b'{"ok": true}', {"X-One": "1"}), timeout=5) as answer:
        assert answer.status == 200
    (kept,) = receiver.received
    assert (kept.at, kept.request.method, kept.request.url) == (42.0, "POST", receiver.url + "?n=1")
    assert kept.request.json == {"ok": True}
    assert kept.request.headers.get("x-one") == "1"


def test_a_chunked_callback(receiver):
    head = b"POST /callback HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b"200" in talk(receiver, head + b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
    assert receiver.received[0].request.body == b"abc"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 99999999",
        pytest.param(b"Content-Length: " + b"9" * 5000, id="digits"),
        b"Content-Length: -1",
        b"Transfer-Encoding: chunked\r\n\r\nzz",
        b"Content-Length: x",
    ],
)
def test_a_callback_beyond_bounds(receiver, head):
    assert b"413" in talk(receiver, b"POST / HTTP/1.1\r\nHost: h\r\n" + head + b"\r\n\r\n")
    assert receiver.received == []


def test_a_target_that_hangs_up_leaves_no_traceback(receiver, capfd):
    port = int(receiver.url.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nab")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert b"200" in talk(receiver, b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
    assert capfd.readouterr().err == ""


def test_no_more_than_a_run_can_need(receiver, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 1)
    for _ in range(3):
        talk(receiver, b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
    assert len(receiver.received) == 1


@pytest.mark.parametrize("listen", ["127.0.0.1:port", "127.0.0.1:99999", "192.0.2.1:80"])
def test_an_address_that_cannot_be_listened_at(listen):
    with pytest.raises(UsageError, match="Callbacks cannot be received"):
        Receiver(listen, lambda: 0.0)
