"""An intercepting proxy for a vendor's hosts: CONNECT or direct TLS in, the reference on loopback behind it.

It never connects anywhere but to the reference. The certificate authority is made at start and thrown away;
a host that is not the vendor's is refused and remembered.
"""

from __future__ import annotations

import contextlib
import fnmatch
import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import trustme

HEAD_LIMIT = 64 * 1024
IDLE_SECONDS = 120.0
TLS_HANDSHAKE = 0x16
H2_PREFACE = b"PRI * HTTP/2.0"


@dataclass
class Journal:
    """What the proxy saw: hosts it let through, hosts it refused, and other trouble worth a sentence."""

    admitted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    troubles: set[str] = field(default_factory=set)


class Authority:
    """A certificate authority for one run; certificates are made when a host is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self.file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(str(self.file))
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def context(self, host: str) -> ssl.SSLContext:
        """A server context that proves to be `host`, speaking HTTP/1.1 only."""
        with self._lock:
            if host not in self._contexts:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self._ca.issue_cert(host).configure_cert(context)
                context.set_alpn_protocols(["http/1.1"])
                self._contexts[host] = context
            return self._contexts[host]


class Proxy(socketserver.ThreadingTCPServer):
    """Listens on a free loopback port from construction until `close`."""

    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, hosts: Sequence[str], upstream: tuple[str, int], authority: Authority) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hosts = tuple(hosts)
        self.upstream = upstream
        self.authority = authority
        self.journal = Journal()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        """The address for HTTP(S)_PROXY."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def admits(self, host: str) -> bool:
        """Whether `host` is one of the vendor's, or the reference itself."""
        return host in {"127.0.0.1", "localhost"} or any(fnmatch.fnmatchcase(host, one) for one in self.hosts)

    def close(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A broken connection is the client's affair; it is noted and never printed."""


class _Handler(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        client: socket.socket = self.request
        client.settimeout(IDLE_SECONDS)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError, ssl.SSLError):
            first = client.recv(1, socket.MSG_PEEK)
            if first and first[0] == TLS_HANDSHAKE:
                self._direct(client)
            elif first:
                self._proxied(client)

    def _direct(self, client: socket.socket) -> None:
        """TLS from the first byte: the host is the one the client names in its hello."""
        outer = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        outer.set_alpn_protocols(["http/1.1"])

        def choose(connection: ssl.SSLObject | ssl.SSLSocket, host: str | None, _: ssl.SSLContext) -> int | None:
            if host is None or not self._admitted(host):
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            connection.context = self.server.authority.context(host)
            return None

        outer.sni_callback = choose
        self._intercept(client, outer, "a client")

    def _proxied(self, client: socket.socket) -> None:
        head = _read_head(client)
        if head.startswith(H2_PREFACE):
            self._trouble("a client spoke HTTP/2 without asking; the gate speaks HTTP/1.1")
            return
        method, _, rest = head.partition(b" ")
        target = rest.split(b" ", 1)[0].decode("latin-1")
        host = target.rsplit(":", 1)[0] if method == b"CONNECT" else _host_of(target)
        if not self._admitted(host):
            client.sendall(_refusal(host))
            return
        if method == b"CONNECT":
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            if client.recv(1, socket.MSG_PEEK)[:1] == bytes([TLS_HANDSHAKE]):
                self._intercept(client, self.server.authority.context(host), host)
            else:
                self._splice(client, b"")
            return
        self._splice(client, head)

    def _intercept(self, client: socket.socket, context: ssl.SSLContext, host: str) -> None:
        try:
            with context.wrap_socket(client, server_side=True) as secure:
                self._splice(secure, b"")
        except ssl.SSLError as error:
            self._trouble(
                f"{host} broke off TLS ({error.reason or error}): most likely it does not trust the gate's certificate "
                "authority; see the README's table of runtimes"
            )

    def _splice(self, client: socket.socket, already: bytes) -> None:
        with socket.create_connection(self.server.upstream, timeout=10) as upstream:
            upstream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            upstream.sendall(already)
            _pump(client, upstream)

    def _admitted(self, host: str) -> bool:
        admitted = self.server.admits(host)
        journal = self.server.journal
        (journal.admitted if admitted else journal.refused).add(host)
        return admitted

    def _trouble(self, sentence: str) -> None:
        self.server.journal.troubles.add(sentence)


def _read_head(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and len(head) < HEAD_LIMIT and not head.startswith(H2_PREFACE):
        more = client.recv(4096)
        if not more:
            break
        head += more
    return head


def _host_of(target: str) -> str:
    rest = target.split("://", 1)[-1].split("/", 1)[0]
    return rest.rsplit(":", 1)[0] or "127.0.0.1"


def _refusal(host: str) -> bytes:
    text = f"{host} is no host of the vendor under test; the gate forwards nothing.\n".encode()
    return (
        b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
        % (
            len(text),
            text,
        )
    )


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until either side ends or both have been silent for IDLE_SECONDS."""
    pairs = {one: other, other: one}
    while True:
        pending = [side for side in pairs if isinstance(side, ssl.SSLSocket) and side.pending()]
        ready = pending or select.select(list(pairs), [], [], IDLE_SECONDS)[0]
        if not ready:
            return
        for side in ready:
            data = side.recv(65536)
            if not data:
                return
            pairs[side].sendall(data)
