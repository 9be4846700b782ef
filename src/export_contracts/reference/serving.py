"""Serves a `House`: the vendors on one port, the management of time on another, a thread for each connection."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Self

from export_contracts.errors import UsageError
from export_contracts.reference.connections import Listener
from export_contracts.reference.front import Front, Management
from export_contracts.reference.house import TICK, House


class Serving:
    """A running server: `url` for vendors, `control` for management. A context manager.

    `front` answers what is sent to the vendors, for others that take connections on their behalf. `trouble` is told,
    in a sentence, of clients that speak no HTTP/1.1.
    """

    def __init__(
        self,
        house: House,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int = 0,
        hosts: Mapping[str, tuple[str, ...]] | None = None,
        trouble: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._house = house
        self.front = Front(house, hosts or {})
        sockets = [_listening(host, port), _listening("127.0.0.1", control_port)]
        self.url, self.control = (_origin(one) for one in sockets)
        self.addresses = {slug: self.front.address(slug, self.url) for slug in house.references}
        house.settle_in(self.addresses)
        self._listeners = [Listener(sockets[0], self.front, trouble), Listener(sockets[1], Management(house))]
        self._over = threading.Event()
        self._ticking = threading.Thread(target=self._tick, name="reference", daemon=True)

    def start(self) -> Self:
        """Begin to serve; requests are answered from now on."""
        self._ticking.start()
        for one in self._listeners:
            one.start()
        return self

    def stop(self) -> None:
        """Stop, within a second or two."""
        self._over.set()
        for one in self._listeners:
            one.close()
        if self._ticking.is_alive():
            self._ticking.join(5.0)
        self._house.close()

    def wait(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until SIGINT or SIGTERM, which are heard by the time `ready` is called; for the main thread."""
        before = {one: signal.signal(one, lambda *_: self._over.set()) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            ready()
            while not self._over.wait(0.5):
                continue
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _tick(self) -> None:
        while not self._over.wait(TICK):
            self._house.tick()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise UsageError(
            f"Port {port} of {host} cannot be listened at: {reason}.", hint="--port 0 takes any."
        ) from None


def _origin(one: socket.socket) -> str:
    host, port = one.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"http://{shown}:{port}"
