"""Servers that misbehave at the level of bytes: each a function that is given one accepted connection."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator

Manner = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextlib.contextmanager
def serving(manner: Manner) -> Iterator[str]:
    """The URL of a server that treats every connection in that manner."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def accept() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=treat, args=(connection,), daemon=True).start()

    def treat(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(30)
            manner(connection)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        listener.close()


def request_of(connection: socket.socket) -> bytes:
    """What the client sent, head and body."""
    seen = b""
    while not _whole(seen):
        piece = connection.recv(65536)
        if not piece:
            break
        seen += piece
    return seen


def _whole(seen: bytes) -> bool:
    head, end, body = seen.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return bool(end) and len(body) >= int(length[1] if length else 0)


def answering(*pieces: bytes, pause: float = 0.0) -> Manner:
    """Reads the request, then sends the pieces, pausing between them."""

    def manner(connection: socket.socket) -> None:
        request_of(connection)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return manner


def silent(connection: socket.socket) -> None:
    """Accepts, reads, and never says a word."""
    request_of(connection)
    connection.recv(1)


def endless(connection: socket.socket) -> None:
    """A body that never ends."""
    request_of(connection)
    connection.sendall(OK + b"\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def dripping_body(connection: socket.socket) -> None:
    """One byte of the body now and then, always before the socket's time-out."""
    request_of(connection)
    connection.sendall(OK + b"Content-Length: 100000\r\n\r\n")
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


def dripping_head(connection: socket.socket) -> None:
    """One byte of an endless header line now and then."""
    request_of(connection)
    connection.sendall(OK + b"X-Slow: ")
    while True:
        connection.sendall(b"z")
        time.sleep(0.05)


def reset(connection: socket.socket) -> None:
    """Resets the connection instead of answering."""
    request_of(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def unread(connection: socket.socket) -> None:
    """Answers 413 and closes before it has read the body."""
    connection.recv(100)
    connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def no_tls(connection: socket.socket) -> None:
    """Answers a TLS greeting in plain HTTP."""
    connection.recv(10_000)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def dripping_tls(connection: socket.socket) -> None:
    """A TLS record that comes byte by byte, always before the socket's time-out."""
    connection.recv(10_000)
    connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
    while True:
        connection.sendall(b"\x00")
        time.sleep(0.05)
