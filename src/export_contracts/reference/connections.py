"""Takes connections on a listening socket and answers what is asked on each, in a thread of its own."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Final

from export_contracts.model import Request
from export_contracts.reference.http1 import Malformed, converse
from export_contracts.reference.server import Answer

IDLE_SECONDS: Final = 120.0
LINGER_SECONDS: Final = 2.0
GRACE_SECONDS: Final = 1.0


class Listener:
    """A listening socket that is served from `start` until `close`. Subclasses say otherwise what a connection is."""

    def __init__(
        self,
        listening: socket.socket,
        handle: Callable[[Request], Answer],
        trouble: Callable[[str], None] = lambda _: None,
    ) -> None:
        listening.setblocking(False)
        self._listening = listening
        self.handle = handle
        self.trouble = trouble
        self._open: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to take connections."""
        self._thread.start()

    def close(self) -> None:
        """Take no more connections and end those that are open, the last answers first."""
        self._wake.close()
        if self._thread.is_alive():
            self._thread.join(5.0)
        self._listening.close()
        self._woken.close()
        with self._lock:
            left = dict(self._open)
        for one in left:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RD)
        until = time.monotonic() + GRACE_SECONDS
        for thread in left.values():
            thread.join(max(0.0, until - time.monotonic()))

    def serve(self, client: socket.socket) -> None:
        """Answer on one connection until it ends."""
        self.talk(client, "http")

    def talk(self, client: socket.socket, scheme: str) -> int:
        """HTTP with a client, inside of its TLS where the scheme is https. Returns how many requests there were."""
        asked = 0

        def counted(request: Request) -> Answer:
            nonlocal asked
            asked += 1
            return self.handle(request)

        try:
            converse(client, counted, scheme)
        except Malformed as error:
            asked += 1
            if error.status == 505:
                self.trouble("a client spoke HTTP/2 without asking; the gate speaks HTTP/1.1")
            else:  # by its status alone: what h11 says of a request repeats some of it
                self.trouble(f"a request was refused unread: {error.status} {HTTPStatus(error.status).phrase}")
            _linger(client)
        return asked

    @contextlib.contextmanager
    def adopted(self, client: socket.socket) -> Iterator[None]:
        """A socket that has taken the place of the one connected, as TLS does; closed at the end."""
        with self._lock:
            self._open[client] = threading.current_thread()
        try:
            yield
        finally:
            self._ended(client)

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listening, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not any(key.fileobj is self._woken for key, _ in selector.select()):
                with contextlib.suppress(OSError):
                    client, _ = self._listening.accept()
                    thread = threading.Thread(target=self._served, args=(client,), name="connection", daemon=True)
                    with self._lock:
                        self._open[client] = thread
                    thread.start()

    def _served(self, client: socket.socket) -> None:
        try:
            client.settimeout(IDLE_SECONDS)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.serve(client)
        except OSError:
            pass  # a connection that breaks is the client's affair
        finally:
            self._ended(client)

    def _ended(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        client.close()
        with self._lock:
            self._open.pop(client, None)


def _linger(client: socket.socket) -> None:
    """Read on for a moment: a connection closed over unread bytes would take the refusal with it."""
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_WR)
        client.settimeout(LINGER_SECONDS)
        until = time.monotonic() + LINGER_SECONDS
        while time.monotonic() < until and client.recv(65536):
            continue
