"""Requests and answers as they were on the wire, and how their bodies are read: strictly and within bounds."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from export_contracts.model.vocabulary import Json

DECODED_LIMIT: Final = 256 * 1024 * 1024
"""Largest body, in bytes, that `content` inflates; what lies beyond is reported, not read."""
MOST_VALUES: Final = 4_000_000
"""Values of the largest JSON that is made into objects: each takes some 70 bytes, however short it is written."""
MOST_MEMBERS: Final = 50_000
"""Streams of gzip one after the other in a body: each takes some time, however little it holds."""
REQUEST_LIMIT: Final = 64 * 1024 * 1024
"""The same for requests: who is judged by them must not fill our memory with them."""
_UNRESERVED: Final = re.compile(r"%(2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9AaEe])")
_SLICE: Final = 16 * 1024
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_COMPRESSED: Final = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


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
    """Why a body is not the JSON it should be. `ours`: for a bound of ours, which is no fault of who sent it."""

    reason: str
    ours: bool = False


def unescaped(path: str) -> str:
    """The path with letters, digits and `-._~` written plainly, which by RFC 3986 makes no difference."""
    return _UNRESERVED.sub(lambda found: chr(int(found[1], 16)), path) if "%" in path else path


def parse_json(body: bytes) -> Json | Unreadable:
    """Strict JSON of `body`: UTF-8, no NaN, bounded nesting and number; `Unreadable` with the reason otherwise."""
    if is_vast(body):
        return Unreadable(f"JSON of more than {MOST_VALUES} values, too many to be read", ours=True)
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        return Unreadable(f"not UTF-8 at byte {error.start}")
    except RecursionError:
        return Unreadable("JSON nested too deeply")
    except ValueError as error:
        return Unreadable(f"not JSON: {error}")


def is_vast(body: bytes) -> bool:
    """Whether JSON has more than MOST_VALUES values, going by its commas and brackets."""
    if _marks(body) <= MOST_VALUES:
        return False
    return _marks(_STRING.sub(b"", body)) > MOST_VALUES


def _marks(body: bytes) -> int:
    return body.count(b",") + body.count(b"[") + body.count(b"{") if len(body) > MOST_VALUES else 0


def _refuse_constant(name: str) -> Json:
    msg = f"{name} is not a JSON value"
    raise ValueError(msg)


def split_url(url: str) -> SplitResult:
    """The URL in its parts; all of it is path where it is none: targets hand out anything, and recordings hold it."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", url, "", "")


@dataclass(frozen=True)
class Request:
    """One HTTP request as sent. `url` is absolute; `body` is what was on the wire."""

    method: str
    url: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    @property
    def path(self) -> str:
        """The URL's path, in which no percent sign stands without need."""
        return unescaped(split_url(self.url).path) or "/"

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Query parameters in order, blank values kept."""
        return tuple(parse_qsl(split_url(self.url).query, keep_blank_values=True))

    @cached_property
    def content(self) -> bytes | Unreadable:
        """The body with a gzip or deflate Content-Encoding undone, at most REQUEST_LIMIT bytes.

        A body that is not compressed in spite of what it declares is taken as it is: recorders undo compression.
        """
        if not self.body.startswith(_COMPRESSED):
            return self.body
        return _decoded(self.headers, self.body, REQUEST_LIMIT)

    @cached_property
    def json(self) -> Json | Unreadable:
        """The decoded body as JSON."""
        content = self.content
        return content if isinstance(content, Unreadable) else parse_json(content)


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
        return _decoded(self.headers, self.body) if self.raw else self.body

    @cached_property
    def json(self) -> Json | Unreadable:
        """The decoded body as JSON."""
        content = self.content
        return content if isinstance(content, Unreadable) else parse_json(content)

    @property
    def media_type(self) -> str:
        """Content-Type without its parameters, in lower case; empty where absent."""
        return (self.headers.get("content-type") or "").split(";")[0].strip().lower()


def _decoded(headers: Headers, body: bytes, limit: int = DECODED_LIMIT) -> bytes | Unreadable:
    coding = (headers.get("content-encoding") or "").strip().lower()
    if coding in {"", "identity"} or not body:
        return body
    if coding not in {"gzip", "x-gzip", "deflate"}:
        return Unreadable(f"Content-Encoding {coding!r} cannot be undone")
    return inflate(body, limit)


def inflate(body: bytes, limit: int = DECODED_LIMIT) -> bytes | Unreadable:
    """Undo gzip or zlib, all members, up to `limit` bytes. Input is fed in slices, or many members take for ever."""
    out = bytearray()
    place = members = 0
    while place < len(body):
        members += 1
        if members > MOST_MEMBERS:
            return Unreadable(f"compressed body is made of more than {MOST_MEMBERS} parts", ours=True)
        stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        try:
            while not stream.eof and place < len(body):
                piece = body[place : place + _SLICE]
                place += len(piece)
                out += stream.decompress(piece)
                if len(out) > limit:
                    return Unreadable(f"compressed body is larger than {limit} bytes when inflated", ours=True)
        except zlib.error as error:
            return Unreadable(f"compressed body is damaged: {error}")
        if not stream.eof:
            return Unreadable("compressed body ends too early")
        place -= len(stream.unused_data)
    return bytes(out)
