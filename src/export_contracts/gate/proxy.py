"""An intercepting proxy for a vendor's hosts: CONNECT or direct TLS in, answered here as the vendor would.

It connects nowhere. A host that is not the vendor's is refused and remembered.
"""

from __future__ import annotations

import fnmatch
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from export_contracts.gate.authority import Authority
from export_contracts.model import Request
from export_contracts.reference.connections import Listener
from export_contracts.reference.http1 import HEAD_LIMIT
from export_contracts.reference.server import Answer

HEAD_SECONDS: Final = 10.0
TLS_HANDSHAKE: Final = b"\x16"


@dataclass
class Journal:
    """What the proxy saw: hosts it let through, hosts it refused, and other trouble worth a sentence."""

    admitted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    troubles: set[str] = field(default_factory=set)


class Proxy(Listener):
    """Listens on a free loopback port from construction until `close`; what is asked of the vendor goes to `handle`."""

    def __init__(
        self, hosts: Sequence[str], handle: Callable[[Request], Answer], authority: Authority, journal: Journal
    ) -> None:
        listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.journal = journal
        self.hosts = tuple(hosts)
        self.authority = authority
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._handle = handle
        super().__init__(listening, self._guarded, self.journal.troubles.add)
        self.start()

    def serve(self, client: socket.socket) -> None:
        """One connection: TLS from the first byte, a tunnel, or requests that name their host."""
        head = _peek(client)
        if head[:1] == TLS_HANDSHAKE:
            self._direct(client)
        elif head.startswith(b"CONNECT "):
            self._tunnel(client, head)
        elif head:
            self.talk(client, "http")

    def _guarded(self, request: Request) -> Answer:
        host = urlsplit(request.url).hostname or ""
        return self._handle(request) if self._admits(host) else _refusal(host)

    def _admits(self, host: str) -> bool:
        admitted = host in {"127.0.0.1", "localhost"} or any(fnmatch.fnmatchcase(host, one) for one in self.hosts)
        (self.journal.admitted if admitted else self.journal.refused).add(host)
        return admitted

    def _direct(self, client: socket.socket) -> None:
        """TLS from the first byte: the host is the one the client names in its hello."""
        outer = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        outer.set_alpn_protocols(["http/1.1"])

        def choose(connection: ssl.SSLObject | ssl.SSLSocket, host: str | None, _: ssl.SSLContext) -> int | None:
            if host is None or not self._admits(host):
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            connection.context = self.authority.context(host)
            return None

        outer.sni_callback = choose
        self._intercept(client, outer, "the host it names")

    def _tunnel(self, client: socket.socket, head: bytes) -> None:
        host = head.split(b" ", 2)[1].decode("latin-1").rsplit(":", 1)[0].lower()
        client.recv(len(head), socket.MSG_WAITALL)
        if not self._admits(host):
            refused = _refusal(host)
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n")
            client.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(refused.body), refused.body))
            return
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if client.recv(1, socket.MSG_PEEK) == TLS_HANDSHAKE:
            self._intercept(client, self.authority.context(host), host)
        else:
            self.talk(client, "http")

    def _intercept(self, client: socket.socket, context: ssl.SSLContext, host: str) -> None:
        try:
            secure = context.wrap_socket(client, server_side=True)
        except OSError as error:  # TLS's own complaints are among them
            reason = getattr(error, "reason", None) or error
            self.trouble(
                f"TLS for {host} was broken off ({reason}): most likely the client does not trust the gate's "
                "certificate authority; see the README's table of runtimes"
            )
            return
        with self.adopted(secure):
            asked = self.talk(secure, "https")
            if not asked and secure.selected_alpn_protocol() is None:
                self.trouble(
                    f"a connection to {host} asked nothing; a client that insists on HTTP/2 does so, and the gate "
                    "speaks HTTP/1.1"
                )


def _peek(client: socket.socket) -> bytes:
    """What a client says first, left unread: one byte of TLS, the whole head of a CONNECT."""
    client.settimeout(HEAD_SECONDS)
    head, until = client.recv(1, socket.MSG_PEEK), time.monotonic() + HEAD_SECONDS
    while head and head != TLS_HANDSHAKE and time.monotonic() < until:
        seen = client.recv(HEAD_LIMIT, socket.MSG_PEEK)
        end = seen.find(b"\r\n\r\n")
        if end >= 0 or not b"CONNECT ".startswith(seen[:8]):
            return seen[: end + 4] if end >= 0 else seen
        time.sleep(0.01)  # the rest of a head in pieces
    return head


def _refusal(host: str) -> Answer:
    text = f"{host} is no host of the vendor under test; the gate forwards nothing.\n"
    return Answer(403, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})
