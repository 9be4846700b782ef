"""What was observed: exchanges, callbacks, files, and the transcript that holds them in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NoReturn
from urllib.parse import urljoin

from export_contracts.model.http import Request, Response, Unreadable, split_url, unescaped
from export_contracts.model.vocabulary import Json


class Untimed(Exception):
    """A check asked when something happened, and the recording does not tell; the judge takes it as silence."""


class UnknownTime(float):
    """A moment that a recording does not tell: whoever compares it or reckons with it gets `Untimed`."""

    def _refuse(self, *_: object) -> NoReturn:
        raise Untimed

    __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = _refuse
    __int__ = __round__ = __floor__ = __ceil__ = __trunc__ = __neg__ = __abs__ = _refuse


UNKNOWN_TIME: Final = UnknownTime()
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
"""Statuses whose Location a client may follow (RFC 9110, section 15.4)."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What the sender of a request meant by it; None for traffic recorded elsewhere.

    `fault` names the single thing made wrong on purpose (`required:/segment_id`,
    `credential:absent`); `twin` is the index of the same request without the fault.
    """

    label: str = ""
    fault: str | None = None
    twin: int | None = None


@dataclass(frozen=True)
class Exchange:
    """A request and its answer, with times in seconds since the epoch on the target's clock.

    Times are UNKNOWN_TIME where a recording does not tell them; `timed` says whether it does.
    `response` is None where none came; `trouble` then says why. `operation` is the operationId the
    request addresses, filled in by the judge where the sender did not know it.
    """

    index: int
    request: Request
    response: Response | None
    started: float = 0.0
    ended: float = 0.0
    operation: str | None = None
    intent: Intent | None = None
    trouble: str | None = None

    @property
    def status(self) -> int | None:
        """The answer's status, None where no answer came."""
        return self.response.status if self.response else None

    @property
    def timed(self) -> bool:
        """Whether it is known when this happened; where it is not, a check does without times or says nothing."""
        return not isinstance(self.started, UnknownTime)

    @property
    def fault(self) -> str | None:
        """The fault the sender planted, if any."""
        return self.intent.fault if self.intent else None

    @property
    def redirected_to(self) -> str | None:
        """The absolute URL that a redirect names, None where the answer is none."""
        location = self.response.headers.get("Location") if self.response and self.status in REDIRECTS else None
        try:
            return urljoin(self.request.url, location) if location else None
        except ValueError:
            return None

    def at(self, pointer: str = "") -> Where:
        """The exchange itself, or a place in it (`/response/body/url`)."""
        return Where(exchange=self.index, pointer=pointer)

    @cached_property
    def view(self) -> dict[str, Json]:
        """The exchange as JSON, for pointers, schemas and patches; unreadable bodies are text."""
        split, sent = split_url(self.request.url), self.request.content
        view: dict[str, Json] = {
            "request": {
                "method": self.request.method,
                "url": self.request.url,
                "path": unescaped(split.path),
                "query": dict(self.request.query),
                "headers": self.request.headers.lowered(),
                "body": _body_view(self.request.json, self.request.body if isinstance(sent, Unreadable) else sent),
            }
        }
        if self.response is not None:
            content = self.response.content
            raw = self.response.body if isinstance(content, Unreadable) else content
            view["response"] = {
                "status": self.response.status,
                "headers": self.response.headers.lowered(),
                "body": _body_view(self.response.json, raw),
            }
        return view


def _body_view(parsed: Json | Unreadable, raw: bytes) -> Json:
    if not isinstance(parsed, Unreadable):
        return parsed
    return raw.decode("utf-8", errors="replace") if len(raw) < 100_000 else f"({len(raw)} bytes)"


@dataclass(frozen=True, slots=True)
class Callback:
    """A request that the target sent to the address it was given."""

    at: float
    request: Request


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """A file that arrived in the bucket (`key` within the bucket) or in a folder.

    `at` is when it was found there, `missed` when a look had last not found it: None where nobody had looked.
    `changed` is when its content was first found to be another though it had been at rest, `gone` when it was no
    longer found.
    """

    key: str
    body: bytes
    at: float = 0.0
    missed: float | None = None
    changed: float | None = None
    gone: float | None = None


@dataclass(frozen=True)
class Transcript:
    """An ordered record of one conversation: the only thing a check ever sees.

    `facts` holds what the target's owner declared (ids, expected members, features); checks treat
    each as optional. `name` is the scenario or the file it came from; `recorded_at` is the date on a cassette.
    """

    vendor: str
    name: str
    origin: str
    exchanges: tuple[Exchange, ...] = ()
    callbacks: tuple[Callback, ...] = ()
    files: tuple[DeliveredFile, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)
    base_url: str | None = None
    recorded_at: str | None = None

    def of(self, *operations: str) -> Iterator[Exchange]:
        """Exchanges of the given operations that were answered, in order."""
        for exchange in self.exchanges:
            if exchange.operation in operations and exchange.response is not None:
                yield exchange

    def get(self, index: int | None) -> Exchange | None:
        """The exchange with that index."""
        return next((one for one in self.exchanges if one.index == index), None)


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a transcript: an exchange with a JSON pointer, or a file with a line."""

    exchange: int | None = None
    pointer: str = ""
    file: str | None = None
    line: int | None = None
    callback: int | None = None
