"""Serves a `House` with uvicorn in a thread of its own: the vendors on one port, the management of time on another."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Mapping
from typing import Any, Self

from export_contracts.errors import EngineError, UsageError
from export_contracts.reference.front import Front, Management
from export_contracts.reference.house import TICK, House


class Serving:
    """A running server in a thread of its own: `url` for vendors, `control` for management. A context manager."""

    def __init__(
        self,
        house: House,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int = 0,
        hosts: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._house = house
        front = Front(house, hosts or {})
        self._sockets = [_listening(host, port), _listening("127.0.0.1", control_port)]
        self.url, self.control = (_origin(one) for one in self._sockets)
        self.addresses = {slug: front.address(slug, self.url) for slug in house.references}
        house.settle_in(self.addresses)
        self._servers = [_server(front), _server(Management(house))]
        self._over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="reference", daemon=True)

    def start(self) -> Self:
        """Begin to serve; returns once requests are answered."""
        self._thread.start()
        for _ in range(1000):
            if all(one.started for one in self._servers):
                return self
            self._over.wait(0.005)
            if not self._thread.is_alive():
                break
        raise EngineError("The reference server did not start.")

    def stop(self) -> None:
        """Stop, within a second or two."""
        for one in self._servers:
            one.should_exit = True
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(5.0)
        self._house.close()

    def wait(self) -> None:
        """Serve until SIGINT or SIGTERM; for the main thread."""
        before = {one: signal.signal(one, lambda *_: self._over.set()) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self._over.wait(0.5) and self._thread.is_alive():
                continue
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _run(self) -> None:
        ticking = asyncio.create_task(self._tick())
        pairs = zip(self._servers, self._sockets, strict=True)
        await asyncio.gather(*(server.serve(sockets=[one]) for server, one in pairs))
        ticking.cancel()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            await asyncio.to_thread(self._house.tick)


def _server(app: Any) -> Any:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Protocol(H11Protocol):
        """Sends without delay, and lets an answer of status 0 close the connection: ASGI has no word for it."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            # asyncio leaves this off for listeners of socket.create_server, which costs 40 ms for each answer.
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.app_state = {**self.app_state, "close": transport.close}

    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,  # the front says the time of the reference
            timeout_graceful_shutdown=1,
        )
    )


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
