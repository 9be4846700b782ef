"""Sends a reference's callbacks over HTTP: from a bounded queue, one by one, to this machine unless allowed further."""

from __future__ import annotations

import contextlib
import ipaddress
import queue
import threading
import time
from typing import Final
from urllib.parse import urlsplit

from export_contracts.model import Request

WAITING: Final = 1000
"""Callbacks that wait; what comes beyond is dropped and counted."""

TIMEOUT: Final = 5.0
"""Seconds for one callback. Redirects are not followed, failures not repeated."""


class Outbox:
    """Takes callbacks and sends them from a thread of its own."""

    def __init__(self, *, anywhere: bool = False) -> None:
        self._anywhere = anywhere
        self._queue: queue.Queue[Request | None] = queue.Queue(WAITING)
        self.sent = 0
        self.failed: list[str] = []
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def put(self, request: Request) -> None:
        """Take one callback; never waits and never raises."""
        if not self._anywhere and not _is_here(request.url):
            self._note(f"{request.url}: not on this machine")
            return
        try:
            self._queue.put_nowait(request)
        except queue.Full:
            self._note(f"{request.url}: too many are waiting")

    def flush(self, seconds: float = 2.0) -> bool:
        """Wait until all is sent, at most `seconds`; whether it was."""
        until = time.monotonic() + seconds
        while self._queue.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.005)
        return not self._queue.unfinished_tasks

    def close(self) -> None:
        """Send what waits, for a moment, and end the thread."""
        self.flush(1.0)
        with contextlib.suppress(queue.Full):
            self._queue.put_nowait(None)
        self._thread.join(1.0)

    def _run(self) -> None:
        while (request := self._queue.get()) is not None:
            try:
                self._send(request)
            finally:
                self._queue.task_done()
        self._queue.task_done()

    def _send(self, request: Request) -> None:
        from http.client import HTTPException  # few exports ask to be called back

        try:
            _post(request)
            self.sent += 1
        except (OSError, HTTPException, ValueError) as error:
            self._note(f"{request.url}: {type(error).__name__}")

    def _note(self, failure: str) -> None:
        del self.failed[:-99]
        self.failed.append(failure)


def _is_here(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _post(request: Request) -> None:
    from http.client import HTTPConnection, HTTPSConnection

    split = urlsplit(request.url)
    kind = HTTPSConnection if split.scheme == "https" else HTTPConnection
    connection = kind(split.hostname or "", split.port, timeout=TIMEOUT)
    try:
        target = (split.path or "/") + (f"?{split.query}" if split.query else "")
        connection.request(request.method, target, request.body, dict(request.headers))
        connection.getresponse().read(65_536)
    finally:
        connection.close()
