"""Keeps every exchange that a served reference has with somebody else's client, within a memory budget."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from export_contracts.model import Callback, Exchange, Headers, Intent, Json, Request, Response
from export_contracts.reference.server import Answer, Reference

MEMORY_KEPT = 256 * 1024 * 1024
"""Bytes of bodies kept in all; after that bodies are dropped, their requests are not judged, and the gate says so."""

ALIKE_KEPT = 100
"""Bodies remembered, so that a flood of equal answers is kept once."""

ALIKE_SIZE = 1024 * 1024
"""Bytes from which on bodies are not compared."""

UNKEPT = Intent(label="unkept", fault="size:unkept")
"""Marks an exchange of which a body is not at hand: no clause may take it for an empty one."""


class Recorder(Reference):
    """A reference that answers as `innocent` does and remembers what was said."""

    def __init__(self, innocent: Reference) -> None:
        super().__init__(innocent.world)
        self.innocent = innocent
        self.slug = innocent.slug  # type: ignore[misc]  # an instance speaks for the vendor it wraps
        self.alone = innocent.alone
        self.exchanges: list[Exchange] = []
        self.callbacks: list[Callback] = []
        self.kept = 0
        self.dropped = 0
        self._known: dict[bytes, bytes] = {}
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """The innocent answer, remembered. A status of 0 is a connection closed without an answer."""
        started = time.time()
        answer = self.innocent.answer(request)
        ended = time.time()
        with self._lock:
            sent, received = self._affordable(request.body), self._affordable(answer.body)
            trouble = answer.trouble or (None if answer.status else "the server closed the connection on purpose")
            response = None if trouble else Response(answer.status, Headers.of(answer.headers), received)
            self.exchanges.append(
                Exchange(
                    index=len(self.exchanges),
                    request=Request(request.method, request.url, request.headers, sent),
                    response=response,
                    started=started,
                    ended=ended,
                    operation=answer.operation,
                    intent=UNKEPT if len(sent) < len(request.body) or len(received) < len(answer.body) else None,
                    trouble=trouble,
                )
            )
        return answer

    def overhear(self) -> None:
        """Remember callbacks too: a client that waited for one knows that its export has ended."""
        send = self.world.send

        def remembered(request: Request) -> None:
            self.callbacks.append(Callback(time.time(), request))
            if send is not None:
                send(request)

        self.world.send = remembered

    def facts(self) -> dict[str, Json]:
        """The innocent server's facts."""
        return self.innocent.facts()

    def settle(self, now: float) -> None:
        """Let the innocent server catch up with the time."""
        self.innocent.settle(now)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self.exchanges)

    def _affordable(self, body: bytes) -> bytes:
        """The body, one object for all that are alike; none where memory cannot hold it."""
        known = self._known.get(body) if len(body) < ALIKE_SIZE else None
        if known is not None:
            return known
        if len(self._known) >= ALIKE_KEPT:
            self._known.clear()
        kept = body if self.kept + len(body) <= MEMORY_KEPT else b""
        self.dropped += len(kept) < len(body)
        self.kept += len(kept)
        if len(kept) < ALIKE_SIZE:
            self._known[kept] = kept
        return kept
