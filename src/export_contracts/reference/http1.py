"""HTTP/1.1 on a server's side: requests read from a connection, answers written to it.

Takes what RFC 9112 tells a server to take: chunks, whole URLs, 100-continue, HTTP/1.0. Opens no socket and knows no
vendor.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, Protocol
from urllib.parse import urlsplit

from export_contracts.model import Headers, Request
from export_contracts.reference.server import Answer

HEAD_LIMIT: Final = 64 * 1024
BODY_LIMIT = 64 * 1024 * 1024
"""Bytes of a request's body; a larger one is answered 413."""
H2_PREFACE: Final = b"PRI * HTTP/2.0"
_SLICE: Final = 256 * 1024
_LINE: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^ \x00-\x1f]+) HTTP/1\.([0-9])")
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")
_SILENT: Final = frozenset({204, 304})


class Connection(Protocol):
    """What is needed of a socket."""

    def recv(self, size: int, /) -> bytes:
        """Some bytes, none at the end."""

    def sendall(self, data: bytes, /) -> None:
        """All of the bytes."""


class Malformed(Exception):
    """A request that is none. `status` is what it is answered with; the connection is of no use afterwards."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def converse(connection: Connection, handle: Callable[[Request], Answer], scheme: str = "http") -> None:
    """Answer request after request until either side ends it. An answer of status 0 hangs up.

    Raises Malformed once the refusal is sent, OSError where the connection breaks.
    """
    wire = Wire(connection, scheme)
    while wire.is_open:
        try:
            request = wire.request()
        except Malformed as error:
            wire.is_open = False
            wire.send(Answer(error.status, f"{error}\n".encode(), {"Content-Type": "text/plain; charset=utf-8"}), "")
            raise
        if request is None:
            return
        answer = handle(request)
        if answer.status == 0:
            return
        wire.send(answer, request.method)


class Wire:
    """One connection: what has arrived and was not read yet, and whether another request may follow."""

    def __init__(self, connection: Connection, scheme: str = "http") -> None:
        self.is_open = True
        self._connection = connection
        self._scheme = scheme
        self._arrived = bytearray()

    def request(self) -> Request | None:
        """The next request with all of its body; None where the client has ended in good order."""
        head = self._head()
        if head is None:
            return None
        lines = head.split(b"\n")
        found = _LINE.fullmatch(lines[0].rstrip(b"\r"))
        if found is None:
            if head.startswith(H2_PREFACE):
                raise Malformed(505, "HTTP/2 without asking; this server speaks HTTP/1.1")
            raise Malformed(400, "no request line of HTTP/1.1")
        headers = Headers(tuple(_field(one) for one in lines[1:]))
        self.is_open = _stays(headers, found[3])
        url = self._url(found[2].decode("latin-1"), headers, found[3])
        return Request(found[1].decode("latin-1"), url, headers, self._body(headers, found[3]))

    def send(self, answer: Answer, method: str) -> None:
        """Write the answer to a request of that method."""
        bare = answer.status in _SILENT
        phrase = _PHRASES.get(answer.status, "")
        lines = [f"HTTP/1.1 {answer.status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items() if name.lower() not in _OURS]
        if not bare:
            lines.append(f"Content-Length: {len(answer.body)}")
        if not self.is_open:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
        self._connection.sendall(head if bare or method == "HEAD" else head + answer.body)

    def _head(self) -> bytes | None:
        while True:
            while self._arrived[:2] == b"\r\n":  # some clients end a body with a line too many
                del self._arrived[:2]
            end, width = _end(self._arrived)
            if end >= 0:
                head = bytes(self._arrived[:end])
                del self._arrived[: end + width]
                return head
            if len(self._arrived) > HEAD_LIMIT:
                raise Malformed(431, "the request's head is too large")
            if not self._more():
                if self._arrived:
                    raise Malformed(400, "the request ends within its head")
                return None

    def _url(self, target: str, headers: Headers, minor: bytes) -> str:
        hosts = headers.all("host")
        if len(hosts) > 1 or (not hosts and minor != b"0"):
            raise Malformed(400, "a request names one host")
        host = hosts[0].strip() if hosts else ""
        url = target if "://" in target.partition("?")[0] and target[0] != "/" else ""
        if not url:
            url = f"{self._scheme}://{host or 'localhost'}{target if target.startswith('/') else '/'}"
        try:
            urlsplit(url)
        except ValueError:
            raise Malformed(400, "the request's address cannot be read") from None
        return url.partition("#")[0]

    def _body(self, headers: Headers, minor: bytes) -> bytes:
        coding = (headers.get("transfer-encoding") or "").strip().lower()
        lengths = {one.strip() for value in headers.all("content-length") for one in value.split(",")}
        if coding not in {"", "identity", "chunked"}:
            raise Malformed(501, f"the transfer coding {coding[:50]} is not known here")
        if coding != "chunked" and not lengths:
            return b""
        if coding != "chunked" and (len(lengths) > 1 or not _is_number(next(iter(lengths)))):
            raise Malformed(400, "the request's length cannot be told")
        length = 0 if coding == "chunked" else int(next(iter(lengths)))
        if length > BODY_LIMIT:
            raise Malformed(413, "the body is too large")
        if (headers.get("expect") or "").strip().lower() == "100-continue" and minor != b"0" and not self._arrived:
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self._chunks() if coding == "chunked" else self._take(length)

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            found = _SIZE.fullmatch(self._line())
            if found is None:
                raise Malformed(400, "a chunk without its size")
            size = int(found[1], 16)
            if len(body) + size > BODY_LIMIT:
                raise Malformed(413, "the body is too large")
            if size == 0:
                while self._line():  # trailers: nobody here reads them
                    continue
                return bytes(body)
            body += self._take(size)
            if self._line():
                raise Malformed(400, "a chunk longer than its size")

    def _line(self) -> bytes:
        while (end := self._arrived.find(b"\n")) < 0:
            if len(self._arrived) > HEAD_LIMIT or not self._more():
                raise Malformed(400, "the request ends within its body")
        line = bytes(self._arrived[:end])
        del self._arrived[: end + 1]
        return line.rstrip(b"\r")

    def _take(self, size: int) -> bytes:
        while len(self._arrived) < size:
            if not self._more():
                raise Malformed(400, "the request ends within its body")
        taken = bytes(self._arrived[:size])
        del self._arrived[:size]
        return taken

    def _more(self) -> bool:
        piece = self._connection.recv(_SLICE)
        self._arrived += piece
        return bool(piece)


_OURS: Final = frozenset({"content-length", "transfer-encoding", "connection"})
_PHRASES: Final = {int(one): one.phrase for one in HTTPStatus}


def _end(arrived: bytearray) -> tuple[int, int]:
    """Where the head ends, and how many bytes part it from what follows; -1 where it does not end yet."""
    found = [(arrived.find(mark), len(mark)) for mark in (b"\r\n\r\n", b"\n\n")]
    return min((one for one in found if one[0] >= 0), default=(-1, 0))


def _field(line: bytes) -> tuple[str, str]:
    name, colon, value = line.partition(b":")
    if not colon or _NAME.fullmatch(name) is None:
        raise Malformed(400, "a header field cannot be read")
    return name.decode("latin-1"), value.strip(b" \t\r").decode("latin-1")


def _stays(headers: Headers, minor: bytes) -> bool:
    wishes = {one.strip().lower() for value in headers.all("connection") for one in value.split(",")}
    return "close" not in wishes and (minor != b"0" or "keep-alive" in wishes)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16
