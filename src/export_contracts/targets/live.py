"""A target reached over HTTP: requests, its clock, its callbacks, its bucket. Judges and retries nothing."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from export_contracts.model import Callback, DeliveredFile, Headers, Json, Request, Response, Unreadable, is_vast
from export_contracts.targets import delivered, links, wire
from export_contracts.targets.reach import Reach
from export_contracts.targets.receiver import Receiver
from export_contracts.targets.stage import Exhausted
from export_contracts.targets.target import Target
from export_contracts.targets.transport import NotSent, Trouble, Unread
from export_contracts.targets.venue import Venue
from export_contracts.targets.waiting import Deadlines

_LINGER = 0.3


class Breaker:
    """Gives a dead target up: after 3 troubles if it never answered, after 9 running if it once did."""

    def __init__(self) -> None:
        self._running = 0
        self._answered = False
        self._last = ""

    def check(self) -> None:
        """Raise `Exhausted` where the target was given up."""
        if self._running >= (9 if self._answered else 3):
            raise Exhausted(f"the target was given up after {self._running} requests without an answer: {self._last}")

    def patience(self, timeout: float) -> float:
        """Seconds to wait for the next answer: fewer where the target has been silent from the first."""
        return timeout if self._answered or not self._running else min(timeout, 10.0)

    def answered(self) -> None:
        """An answer came."""
        self._running, self._answered = 0, True

    def failed(self, trouble: str) -> None:
        """None came."""
        self._running += 1
        self._last = trouble


@dataclass
class Line:
    """What the transports of one run share: the breaker, the turned clock, the listener, the bucket."""

    target: Target
    breaker: Breaker = field(default_factory=Breaker)
    advanced: float = 0.0
    receiver: Receiver | None = None
    place: delivered.Delivered | None = None
    opened: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.reach = Reach(self.target.url)

    def now(self) -> float:
        """Real time, plus what the target's clock was turned by."""
        return time.time() + self.advanced


class LiveTransport:
    """Carries requests to `target` over HTTP. Those of one run share a `line`; each has a callback address."""

    def __init__(self, target: Target, line: Line | None = None) -> None:
        self._target = target
        self._line = line or Line(target)
        self._number = next(self._line.opened)

    def carry(self, request: Request) -> Response:
        """The target's answer, read whole and raw."""
        self._line.breaker.check()
        objection = links.objection(self._target.url, request.url, live=self._target.live)
        if objection:
            raise NotSent(objection)
        pace = self._target.pace
        try:
            patience = self._line.breaker.patience(pace.timeout)
            addresses = self._line.reach.addresses(request.url)
            response = wire.carry(request, timeout=patience, body_limit=pace.body_limit, addresses=addresses)
        except NotSent:
            raise
        except Unread:
            self._line.breaker.answered()
            raise
        except Trouble as trouble:
            if links.same_origin(self._target.url, request.url):
                self._line.breaker.failed(str(trouble))
            raise
        self._line.breaker.answered()
        if (bound := _bound(response)) is not None:
            raise Unread(f"the answer is too large to be judged: {bound}")
        return response

    def now(self) -> float:
        """Real time, plus what the target's clock was turned by."""
        return self._line.now()

    def advance(self, seconds: float) -> bool:
        """Turn the target's clock by its control; False where it has none."""
        control = _table(self._target.settings.get("clock")).get("control")
        if not control:
            return False
        url = str(control).rstrip("/")
        url = url if url.endswith("/advance") else f"{url}/advance"
        body = json.dumps({"seconds": seconds}).encode()
        request = Request("POST", url, Headers.of({"Content-Type": "application/json"}), body)
        try:
            answer = wire.carry(request, timeout=self._target.pace.timeout, body_limit=1_000_000)
        except Trouble as trouble:
            raise Exhausted(f"the clock control {url} gave no answer: {trouble}") from None
        if answer.status // 100 != 2:
            raise Exhausted(f"the clock control {url} answered {answer.status}")
        with self._line.lock:
            self._line.advanced += seconds
        time.sleep(0.02)  # what the turned clock made due may run in the background
        return True

    def sleep(self, seconds: float) -> None:
        """Let real time pass."""
        time.sleep(max(seconds, 0.0))

    def linger(self, seconds: float) -> None:
        """A fifth of what the clock was turned by, a third of a second at most: most are done at first sight."""
        time.sleep(min(max(seconds, 0.0) / 5, _LINGER))

    def listing(self) -> Mapping[str, str]:
        """Keys in the bucket that the target file names; nothing without one."""
        table = _table(self._target.settings.get("bucket"))
        if not table:
            return {}
        with self._line.lock:
            if self._line.place is None:
                self._line.place = delivered.open_place(table)
            return self._line.place.listing()

    def fetch(self, key: str) -> DeliveredFile | None:
        """One file of the bucket."""
        place = self._line.place
        body = place.read(key) if place is not None else None
        return None if body is None else DeliveredFile(key, body, self.now())

    def callbacks(self) -> list[Callback]:
        """Callbacks received so far at this transport's address."""
        receiver = self._line.receiver if self.callback_url() else None
        ours = f"/{self._number}"
        return [one for one in receiver.received if one.request.path.rstrip("/").endswith(ours)] if receiver else []

    def callback_url(self) -> str | None:
        """Where the target may send callbacks; None where the target file has no `[callback]`."""
        table = self._target.settings.get("callback")
        if not isinstance(table, Mapping):
            return None
        with self._line.lock:
            if self._line.receiver is None:
                listen = str(table.get("listen", "127.0.0.1:0"))
                self._line.receiver = Receiver(listen, self._line.now, table.get("url"))
        return f"{self._line.receiver.url.rstrip('/')}/{self._number}"


def live_venue(target: Target) -> Venue:
    """The venue whose every opening is the same address: one breaker, listener and patience for the run."""
    line = Line(target)
    return Venue(target, lambda: LiveTransport(target, line), Deadlines())


def _bound(response: Response) -> str | None:
    """What of the answer is more than we read, though its body is not."""
    content = response.content
    if isinstance(content, Unreadable):
        return content.reason if content.ours else None
    vast = content[:1] in {b"{", b"["} and is_vast(content)
    return "JSON of too many values to be read" if vast else None


def _table(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
