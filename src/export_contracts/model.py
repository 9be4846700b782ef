"""The vocabulary as frozen data: exchanges, transcripts, clauses, findings, verdicts.

Everything observable becomes a `Transcript`; a check turns a transcript into `Finding` and `Kept`
values; the judge turns those into a `ClauseVerdict` per clause. No I/O, no clock, no HTTP library here.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Final, Literal, NoReturn
from urllib.parse import parse_qsl, urlsplit

Json = Any
Party = Literal["provider", "consumer"]
Level = Literal["must", "should", "may"]
Basis = Literal["stated", "example", "inferred"]

DECODED_LIMIT: Final = 256 * 1024 * 1024
"""Largest body, in bytes, that `content` inflates; what lies beyond is reported, not read."""
_SLICE: Final = 16 * 1024


class Verdict(Enum):
    """Outcome of a clause; the later one in this list wins when several apply."""

    RETIRED = "retired"
    UNSUPPORTED = "unsupported"
    UNEXERCISED = "unexercised"
    PASS = "pass"  # noqa: S105 - a verdict, no password
    NOTICE = "notice"
    WARN = "warn"
    FAIL = "fail"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Position in the order of badness."""
        return list(Verdict).index(self)

    def __lt__(self, other: Verdict) -> bool:
        return self.rank < other.rank


VERDICT_OF_LEVEL: Final[Mapping[str, Verdict]] = {
    "must": Verdict.FAIL,
    "should": Verdict.WARN,
    "may": Verdict.NOTICE,
}


class _Missing(Enum):
    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing.MISSING
"""What a pointer finds where there is nothing; distinct from JSON null."""


@dataclass(frozen=True, slots=True)
class Headers:
    """HTTP header fields in wire order; names compare without case."""

    fields: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, fields: Mapping[str, str] | list[tuple[str, str]] | None) -> Headers:
        """Headers from a mapping or from pairs."""
        pairs = fields.items() if isinstance(fields, Mapping) else (fields or ())
        return cls(tuple((str(name), str(value)) for name, value in pairs))

    def all(self, name: str) -> tuple[str, ...]:
        """Each value of the field `name`, in order."""
        wanted = name.lower()
        return tuple(value for key, value in self.fields if key.lower() == wanted)

    def get(self, name: str, default: str | None = None) -> str | None:
        """The field's values joined by a comma, or `default` where the field is absent."""
        values = self.all(name)
        return ", ".join(values) if values else default

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.all(name))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.fields)

    def lowered(self) -> dict[str, str]:
        """Lower-case names to joined values: the form that pointers address."""
        return {name.lower(): self.get(name) or "" for name, _ in self.fields}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a body is not the JSON it should be."""

    reason: str


def parse_json(body: bytes) -> Json | Unreadable:
    """Strict JSON of `body`: UTF-8, no NaN, bounded nesting; `Unreadable` with the reason otherwise."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        return Unreadable(f"not UTF-8 at byte {error.start}")
    except RecursionError:
        return Unreadable("JSON nested too deeply")
    except ValueError as error:
        return Unreadable(f"not JSON: {error}")


def _refuse_constant(name: str) -> Json:
    msg = f"{name} is not a JSON value"
    raise ValueError(msg)


@dataclass(frozen=True)
class Request:
    """One HTTP request as sent. `url` is absolute; `body` is what was on the wire."""

    method: str
    url: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    @property
    def path(self) -> str:
        """The URL's path."""
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Query parameters in order, blank values kept."""
        return tuple(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @cached_property
    def json(self) -> Json | Unreadable:
        """The body as JSON."""
        return parse_json(self.body)


@dataclass(frozen=True)
class Response:
    """One HTTP answer. `raw` tells whether `body` is as on the wire (a HAR holds it already decoded)."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    raw: bool = True

    @cached_property
    def content(self) -> bytes | Unreadable:
        """The body with a gzip or deflate Content-Encoding undone, at most DECODED_LIMIT bytes."""
        coding = (self.headers.get("content-encoding") or "").strip().lower()
        if not self.raw or coding in {"", "identity"} or not self.body:
            return self.body
        if coding not in {"gzip", "x-gzip", "deflate"}:
            return Unreadable(f"Content-Encoding {coding!r} cannot be undone")
        return inflate(self.body)

    @cached_property
    def json(self) -> Json | Unreadable:
        """The decoded body as JSON."""
        content = self.content
        return content if isinstance(content, Unreadable) else parse_json(content)

    @property
    def media_type(self) -> str:
        """Content-Type without its parameters, in lower case; empty where absent."""
        return (self.headers.get("content-type") or "").split(";")[0].strip().lower()


def inflate(body: bytes, limit: int = DECODED_LIMIT) -> bytes | Unreadable:
    """Undo gzip or zlib, all members, up to `limit` bytes. Input is fed in slices, or many members take for ever."""
    out = bytearray()
    place = 0
    while place < len(body):
        stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        try:
            while not stream.eof and place < len(body):
                piece = body[place : place + _SLICE]
                place += len(piece)
                out += stream.decompress(piece)
                if len(out) > limit:
                    return Unreadable(f"compressed body is larger than {limit} bytes when inflated")
        except zlib.error as error:
            return Unreadable(f"compressed body is damaged: {error}")
        if not stream.eof:
            return Unreadable("compressed body ends too early")
        place -= len(stream.unused_data)
    return bytes(out)


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

    def at(self, pointer: str = "") -> Where:
        """The exchange itself, or a place in it (`/response/body/url`)."""
        return Where(exchange=self.index, pointer=pointer)

    @cached_property
    def view(self) -> dict[str, Json]:
        """The exchange as JSON, for pointers, schemas and patches; unreadable bodies are text."""
        split = urlsplit(self.request.url)
        view: dict[str, Json] = {
            "request": {
                "method": self.request.method,
                "url": self.request.url,
                "path": split.path,
                "query": dict(self.request.query),
                "headers": self.request.headers.lowered(),
                "body": _body_view(self.request.json, self.request.body),
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
    """A file that arrived in the bucket (`key` within the bucket) or in a folder."""

    key: str
    body: bytes
    at: float = 0.0


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


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach: what the contract expects and what was seen instead, in a few words each."""

    at: Where
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One instance in which a clause applied and held; `reading` names which reading was seen."""

    at: Where
    reading: str | None = None


Evidence = Finding | Kept


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it: a document of the vendor's `documents.yaml`, with lines where it has any."""

    document: str
    lines: str | None = None


@dataclass(frozen=True, slots=True)
class Mutant:
    """A single defect that the clause must catch.

    kind `patch`: JSON Patch on the reference's answer; `server`: name of a class in the vendor's
    `mutants.py`; `client`: JSON Patch on an exchange of an innocent transcript, or the name of a
    function there that scripts a bad client. `also` lists further clauses that rightly catch it.
    """

    name: str
    kind: Literal["patch", "server", "client"]
    patch: tuple[Mapping[str, Json], ...] = ()
    call: str | None = None
    on: Mapping[str, Json] = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise, traced and dated. Months are `YYYY-MM`; `until` is the first month without it."""

    id: str
    title: str
    party: Party
    level: Level
    basis: Basis
    source: tuple[Source, ...]
    check: str
    when: Mapping[str, Json] = field(default_factory=dict)
    parameters: Mapping[str, Json] = field(default_factory=dict)
    since: str | None = None
    until: str | None = None
    needs: tuple[str, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    mutants: tuple[Mutant, ...] = ()
    note: str | None = None
    section: str = ""

    @property
    def vendor_prefix(self) -> str:
        """The letters before the number."""
        return self.id.split("-")[0]


@dataclass(frozen=True, slots=True)
class LocatedFinding:
    """A finding together with the transcript it was made in."""

    transcript: int
    finding: Finding


@dataclass(frozen=True)
class ClauseVerdict:
    """What became of one clause: the verdict, its evidence, and why where nothing was judged."""

    clause: Clause
    verdict: Verdict
    kept: int = 0
    findings: tuple[LocatedFinding, ...] = ()
    readings: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    touched: frozenset[tuple[int, int]] = frozenset()
    """(transcript, exchange) pairs in which the clause was kept or broken; -1 for files and callbacks."""
    broken: int = 0
    """Breaches seen; `findings` keeps the first of them."""


@dataclass(frozen=True)
class Judgement:
    """Every clause's verdict over a list of transcripts."""

    vendor: str
    transcripts: tuple[Transcript, ...]
    verdicts: tuple[ClauseVerdict, ...]

    @property
    def worst(self) -> Verdict:
        """The worst verdict of all clauses."""
        return max((one.verdict for one in self.verdicts), default=Verdict.UNEXERCISED, key=lambda v: v.rank)
