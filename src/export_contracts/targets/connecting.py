"""Connections that are made and used within a deadline, to addresses that were found beforehand.

A name that is looked up twice may lead to two places: whoever has judged the first answer says `addresses`, and no
further look-up is made. What is sent and read over a connection stands in `wire`.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError


class Late(Exception):
    """The deadline for the whole answer has passed."""


class Deadline:
    """Shuts a socket down when the time for the whole answer is up: socket time-outs alone never end a slow drip."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds
        self._passed = threading.Event()
        self._timer: threading.Timer | None = None
        self._guard: socket.socket | None = None

    @property
    def left(self) -> float:
        """Seconds until the time is up; a moment where it is."""
        return max(self._at - time.monotonic(), 0.001)

    @property
    def passed(self) -> bool:
        """Whether the deadline cut the exchange."""
        return self._passed.is_set()

    def check(self) -> None:
        """Raise where the deadline cut the exchange."""
        if self.passed:
            raise Late

    def watch(self, sock: socket.socket) -> None:
        """Guard the connection behind `sock`, whatever TLS makes of the socket, until `release`."""
        self._guard = sock.dup()
        self._timer = threading.Timer(self.left, self._shut, (self._guard,))
        self._timer.daemon = True
        self._timer.start()

    def release(self) -> None:
        """The exchange is over."""
        if self._timer is not None and self._guard is not None:
            self._timer.cancel()
            self._guard.close()

    def _shut(self, guard: socket.socket) -> None:
        self._passed.set()
        with suppress(OSError):  # closed already
            guard.shutdown(socket.SHUT_RDWR)


class Plain(HTTPConnection):
    """One connection over TCP, to the first of `addresses` that takes it, or where its name leads."""

    addresses: Sequence[str] = ()
    deadline: Deadline

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        addresses = list(self.addresses) or [name]
        try:
            while True:
                self._dns_host = addresses.pop(0)
                self.timeout = self.deadline.left
                try:
                    sock = super()._new_conn()
                except (NewConnectionError, ConnectTimeoutError):
                    if not addresses or self.deadline.left < self.deadline.seconds / 100:
                        raise
                else:
                    self.deadline.watch(sock)
                    return sock
        finally:
            self._dns_host = name


class Tls(Plain, HTTPSConnection):
    """The same with TLS; the certificate is still that of the name."""


def connection(url: str, deadline: Deadline, addresses: Sequence[str]) -> Plain:
    """A connection to the URL's host, not yet made."""
    split = urlsplit(url)
    host, port = split.hostname or "", split.port
    made = (
        Tls(host, port, timeout=deadline.seconds, ssl_context=ssl.create_default_context())
        if split.scheme == "https"
        else Plain(host, port, timeout=deadline.seconds)
    )
    made.addresses, made.deadline = addresses, deadline
    return made
