"""HTTP/1.1 on a server's side, by h11: requests read from a connection, answers written to it.

h11 keeps the protocol; here is what a socket, a limit and a refusal need. Opens no socket and knows no vendor.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final, Protocol
from urllib.parse import urlsplit

import h11

from export_contracts.model import Headers, Request
from export_contracts.reference.server import Answer

HEAD_LIMIT: Final = 64 * 1024
BODY_LIMIT = 64 * 1024 * 1024
"""Bytes of a request's body; a larger one is answered 413."""
_SLICE: Final = 256 * 1024
_SILENT: Final = frozenset({204, 304})
_OURS: Final = frozenset({"content-length", "transfer-encoding", "connection"})
_PHRASES: Final = {int(one): one.phrase.encode() for one in HTTPStatus}


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
    wire = _Wire(connection, scheme)
    while True:
        try:
            request = wire.request()
        except Malformed as error:
            wire.refuse(error)
            raise
        if request is None:
            return
        answer = handle(request)
        if answer.status == 0 or not wire.send(answer, request.method):
            return


class _Wire:
    """One connection and where its talk stands."""

    def __init__(self, connection: Connection, scheme: str) -> None:
        self._connection = connection
        self._scheme = scheme
        self._talk = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_LIMIT)

    def request(self) -> Request | None:
        """The next request with all of its body; None where the client has ended in good order."""
        head = self._next()
        if not isinstance(head, h11.Request):
            return None
        if not head.http_version.startswith(b"1."):
            raise Malformed(505, "HTTP/2 without asking; this server speaks HTTP/1.1")
        fields = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items())
        headers = Headers(tuple(fields))
        url = self._url(head.target.decode("latin-1"), headers)
        return Request(head.method.decode("latin-1"), url, headers, self._body(headers))

    def send(self, answer: Answer, method: str) -> bool:
        """Write the answer to a request of that method. Returns whether another request may follow."""
        try:
            sent = self._written(answer, method)
        except h11.LocalProtocolError as error:  # what a gate passes on is another server's answer, and may be anything
            self.refuse(Malformed(502, f"this answer cannot be put on the wire: {error}"))
            return False
        self._connection.sendall(sent)
        if self._talk.our_state is not h11.DONE or self._talk.their_state is not h11.DONE:
            return False
        self._talk.start_next_cycle()
        return True

    def _written(self, answer: Answer, method: str) -> bytes:
        bare = answer.status in _SILENT
        headers = [(name, value) for name, value in answer.headers.items() if name.lower() not in _OURS]
        if not bare:
            headers.append(("Content-Length", str(len(answer.body))))
        fields = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers]
        reason = _PHRASES.get(answer.status, b"")
        events = [h11.Response(status_code=answer.status, headers=fields, reason=reason), h11.EndOfMessage()]
        if not bare and method != "HEAD":
            events.insert(1, h11.Data(data=answer.body))
        return b"".join(self._talk.send(one) or b"" for one in events)

    def refuse(self, error: Malformed) -> None:
        """Say what is wrong with a request that cannot be understood; nothing follows."""
        body = f"{error}\n".encode(errors="replace")
        head = f"HTTP/1.1 {error.status} {_PHRASES[error.status].decode()}\r\nContent-Type: text/plain\r\n"
        head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        self._connection.sendall(head.encode() + body)

    def _next(self) -> object:
        try:
            while (event := self._talk.next_event()) is h11.NEED_DATA:
                if self._talk.they_are_waiting_for_100_continue:
                    go_on = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
                    self._connection.sendall(self._talk.send(go_on) or b"")
                self._talk.receive_data(self._connection.recv(_SLICE))
        except h11.RemoteProtocolError as error:
            raise Malformed(error.error_status_hint, f"this is no request: {error}") from None
        return event

    def _body(self, headers: Headers) -> bytes:
        length = headers.get("content-length") or "0"
        if "transfer-encoding" not in headers and length.isdecimal() and int(length) > BODY_LIMIT:
            raise Malformed(413, "the body is too large")
        body = bytearray()
        while isinstance(event := self._next(), h11.Data):
            body += event.data
            if len(body) > BODY_LIMIT:
                raise Malformed(413, "the body is too large")
        return bytes(body)

    def _url(self, target: str, headers: Headers) -> str:
        url = target if "://" in target.partition("?")[0] and target[0] != "/" else ""
        if not url:
            host = (headers.get("host") or "localhost").strip()
            url = f"{self._scheme}://{host}{target if target.startswith('/') else '/'}"
        try:
            urlsplit(url)
        except ValueError:
            raise Malformed(400, "the request's address cannot be read") from None
        return url.partition("#")[0]
