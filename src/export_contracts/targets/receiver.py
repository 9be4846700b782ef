"""A listener for the callbacks a target sends: bounded, on this machine, started when first asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from export_contracts.errors import UsageError
from export_contracts.model import Callback, Headers, Request

BODY_LIMIT: Final = 4 * 1024 * 1024
"""Bytes of one callback that are kept; what lies beyond is refused with 413."""

_DIGITS: Final = 20
"""Digits of a length that is a number; thousands of them Python itself refuses to read."""
KEPT: Final = 1000
"""Callbacks that are kept of one run."""


class Receiver:
    """Listens at `listen` (`host:port`, port 0 for a free one); `url` is the address targets are told."""

    def __init__(self, listen: str, now: Callable[[], float], url: str | None = None) -> None:
        host, _, port = listen.rpartition(":")
        try:
            self._server = _Server((host or "127.0.0.1", int(port)), _handler(self, now))
        except (OSError, ValueError, OverflowError) as error:
            raise UsageError(
                f"Callbacks cannot be received at {listen!r}: {error}.",
                hint='Write listen = "127.0.0.1:0" under [callback] for any free port.',
            ) from None
        self.url = url or f"http://{host or '127.0.0.1'}:{self._server.server_address[1]}/callback"
        self.received: list[Callback] = []
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="callbacks", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: a target that hangs up in the middle is no trouble of ours, and a traceback would look so."""


def _handler(receiver: Receiver, now: Callable[[], float]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10.0

        def do_POST(self) -> None:
            at = now()
            body = self._read()
            if body is None or len(receiver.received) >= KEPT:
                self._reply(413)
                return
            url = receiver.url.split("/", 3)
            absolute = "/".join(url[:3]) + self.path
            request = Request(self.command, absolute, Headers.of(list(self.headers.items())), body)
            receiver.received.append(Callback(at, request))
            self._reply(200)

        do_GET = do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - http.server finds them by name

        def _read(self) -> bytes | None:
            if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
                return self._chunks()
            length = self.headers.get("Content-Length", "0")
            if not length.isdecimal() or len(length) > _DIGITS or int(length) > BODY_LIMIT:
                return None
            return self.rfile.read(int(length))

        def _chunks(self) -> bytes | None:
            body = bytearray()
            while True:
                line = self.rfile.readline(64).split(b";")[0].strip()
                size = int(line, 16) if line and all(c in b"0123456789abcdefABCDEF" for c in line) else -1
                if size < 0 or len(body) + size > BODY_LIMIT:
                    return None
                body += self.rfile.read(size)
                self.rfile.readline(3)
                if size == 0:
                    return bytes(body)

        def _reply(self, status: int) -> None:
            self.close_connection = True
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: what came is in the transcript."""

    return Handler
