"""The two sides of a `House`: the vendors' address, and the management of time.

Nothing of any vendor is decided here; a request goes in as it came and the answer goes out as it is. Sockets and
threads are `serving`'s.
"""

from __future__ import annotations

import dataclasses
import fnmatch
import json
import math
from collections.abc import Mapping
from email.utils import formatdate
from urllib.parse import urlsplit

from export_contracts.model import Json, Request
from export_contracts.reference.house import House
from export_contracts.reference.server import Answer


class Front:
    """The vendors' side. One vendor has the whole address; several are told apart by path prefix or by host."""

    def __init__(self, house: House, hosts: Mapping[str, tuple[str, ...]]) -> None:
        self._house = house
        self._hosts = hosts
        self._alone = next(iter(house.references)) if len(house.references) == 1 else None

    def address(self, slug: str, origin: str) -> str:
        """What the reference calls itself."""
        return origin if self._alone else f"{origin}/{slug}"

    def __call__(self, request: Request) -> Answer:
        """The answer of the vendor that the request is for."""
        slug, request = (self._alone, request) if self._alone else self._told_apart(request)
        if slug is None:
            return _told(404, {"message": "no vendor here", "vendors": sorted(self._house.references)})
        answer = self._house.answer(slug, request)
        return dataclasses.replace(answer, headers=self._dated(slug, answer.headers))

    def _dated(self, slug: str, headers: Mapping[str, str]) -> dict[str, str]:
        """With the Date of the reference's own clock, unless it says one."""
        own = {} if "date" in {name.lower() for name in headers} else {"Date": self._now(slug)}
        return {**headers, **own}

    def _now(self, slug: str) -> str:
        return formatdate(self._house.references[slug].world.clock.now(), usegmt=True)

    def _told_apart(self, request: Request) -> tuple[str | None, Request]:
        split = urlsplit(request.url)
        first, _, rest = split.path.lstrip("/").partition("/")
        if first in self._house.references:
            return first, dataclasses.replace(request, url=split._replace(path="/" + rest).geturl())
        for slug, patterns in self._hosts.items():
            known = any(fnmatch.fnmatch(split.hostname or "", one) for one in patterns)
            if slug in self._house.references and known:
                return slug, request
        return None, request


class Management:
    """The other side: POST /advance {"seconds": N}, GET /state, POST /reset. No vendor has anything like it."""

    def __init__(self, house: House) -> None:
        self._house = house

    def __call__(self, request: Request) -> Answer:
        """Turn the clock, tell the state, or begin anew."""
        match request.method, request.path.rstrip("/"):
            case "POST", "/advance":
                seconds = _seconds(request.body)
                if seconds is None:
                    return _told(400, {"message": 'send {"seconds": N}, N from 0 to a thousand million'})
                return _told(200, {"now": self._house.advance(seconds)})
            case "GET", "/state":
                return _told(200, self._house.state())
            case "POST", "/reset":
                self._house.reset()
                return _told(200, {"now": self._house.now()})
        return _told(404, {"message": "POST /advance, GET /state, POST /reset"})


def _told(status: int, body: Json) -> Answer:
    return Answer(status, json.dumps(body, default=repr).encode(), {"Content-Type": "application/json"})


def _seconds(body: bytes) -> float | None:
    try:
        seconds = json.loads(body)["seconds"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    good = isinstance(seconds, int | float) and not isinstance(seconds, bool) and math.isfinite(seconds)
    return float(seconds) if good and 0 <= seconds <= 1e9 else None
