"""The HTTP side of a `House` as plain ASGI: the vendors' address, and the management of time.

Nothing of any vendor is decided here; a request goes in as it came and the answer goes out as it is, but for the
length of its body. Sockets and threads are `serving`'s.
"""

from __future__ import annotations

import asyncio
import dataclasses
import fnmatch
import json
import math
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Any, Final
from urllib.parse import urlsplit

from export_contracts.model import Headers, Json, Request
from export_contracts.reference.house import House
from export_contracts.reference.server import Answer

BODY_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of a request's body; a larger one is answered 413."""

Scope = Mapping[str, Any]
Receive = Callable[[], Any]
Send = Callable[[Mapping[str, Any]], Any]


class Front:
    """The vendors' side. One vendor has the whole address; several are told apart by path prefix or by host."""

    def __init__(self, house: House, hosts: Mapping[str, tuple[str, ...]]) -> None:
        self._house = house
        self._hosts = hosts
        self._alone = next(iter(house.references)) if len(house.references) == 1 else None

    def address(self, slug: str, origin: str) -> str:
        """What the reference calls itself."""
        return origin if self._alone else f"{origin}/{slug}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as ASGI has it."""
        body = await _body(receive)
        if body is None:
            await _reply(scope, send, Answer(413, b'{"message": "the body is too large"}'))
            return
        slug, request = self._routed(scope, body)
        if slug is None:
            await _reply(
                scope, send, _told(404, {"message": "no vendor here", "vendors": sorted(self._house.references)})
            )
            return
        answer = await asyncio.to_thread(self._house.answer, slug, request)
        if answer.status == 0:
            scope["state"]["close"]()
            while (await receive())["type"] != "http.disconnect":
                continue
            return
        await _reply(scope, send, dataclasses.replace(answer, headers=self._dated(slug, answer.headers)))

    def _dated(self, slug: str, headers: Mapping[str, str]) -> dict[str, str]:
        """With the Date of the reference's own clock, unless it says one."""
        now = self._house.references[slug].world.clock.now()
        own = {} if "date" in {name.lower() for name in headers} else {"Date": formatdate(now, usegmt=True)}
        return {**headers, **own}

    def _routed(self, scope: Scope, body: bytes) -> tuple[str | None, Request]:
        headers = Headers(tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]))
        host = headers.get("host") or "localhost"
        slug, path = self._told_apart(host.rpartition(":")[0] or host, _path(scope))
        query = scope["query_string"].decode("latin-1")
        url = f"http://{host}{path}" + (f"?{query}" if query else "")
        return slug, Request(scope["method"], url, headers, body)

    def _told_apart(self, host: str, path: str) -> tuple[str | None, str]:
        if self._alone:
            return self._alone, path
        first, _, rest = path.lstrip("/").partition("/")
        if first in self._house.references:
            return first, "/" + rest
        for slug, patterns in self._hosts.items():
            if slug in self._house.references and any(fnmatch.fnmatch(host.lower(), one) for one in patterns):
                return slug, path
        return None, path


class Management:
    """The other side: POST /advance {"seconds": N}, GET /state, POST /reset. No vendor has anything like it."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as ASGI has it."""
        body = await _body(receive, 1_000_000)
        answer = await asyncio.to_thread(self._answer, scope["method"], _path(scope), body or b"")
        await _reply(scope, send, answer)

    def _answer(self, method: str, path: str, body: bytes) -> Answer:
        match method, path.rstrip("/"):
            case "POST", "/advance":
                seconds = _seconds(body)
                if seconds is None:
                    return _told(400, {"message": 'send {"seconds": N}, N from 0 to a thousand million'})
                return _told(200, {"now": self._house.advance(seconds)})
            case "GET", "/state":
                return _told(200, self._house.state())
            case "POST", "/reset":
                self._house.reset()
                return _told(200, {"now": self._house.now()})
        return _told(404, {"message": "POST /advance, GET /state, POST /reset"})


def _path(scope: Scope) -> str:
    raw = scope["raw_path"].decode("latin-1")
    return raw if raw.startswith("/") else urlsplit(raw).path or "/"


async def _body(receive: Receive, limit: int = BODY_LIMIT) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body", False):
            return bytes(body)


async def _reply(scope: Scope, send: Send, answer: Answer) -> None:
    empty = answer.status in {204, 304}
    fields = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in answer.headers.items()
        if name.lower() not in {"content-length", "transfer-encoding", "connection"}
    ]
    if not empty:
        fields.append((b"Content-Length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": fields})
    await send({"type": "http.response.body", "body": b"" if empty or scope["method"] == "HEAD" else answer.body})


def _told(status: int, body: Json) -> Answer:
    return Answer(status, json.dumps(body, default=repr).encode(), {"Content-Type": "application/json"})


def _seconds(body: bytes) -> float | None:
    try:
        seconds = json.loads(body)["seconds"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    good = isinstance(seconds, int | float) and not isinstance(seconds, bool) and math.isfinite(seconds)
    return float(seconds) if good and 0 <= seconds <= 1e9 else None
