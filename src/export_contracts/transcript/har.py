"""HAR 1.2 as browsers, mitmproxy and Postman write it: read into a transcript. Writes none.

A HAR holds bodies already decoded, so compression cannot be judged from it. An answer whose body was not saved,
and a request that the browser itself gave up, say nothing of the server and are left out.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from export_contracts.errors import TrafficError
from export_contracts.model import UNKNOWN_TIME, Exchange, Headers, Json, Request, Response, Transcript, UnknownTime
from export_contracts.transcript.bounded_yaml import one_line

HINT: Final = "Save the traffic as HAR 1.2 with content, as the network panel of a browser offers it."
GIVEN_UP: Final = ("abort", "cancel", "blocked")
"""Parts of the reasons with which a browser ends a request by itself."""
BODILESS: Final = (204, 205, 304)


def parse(data: Json, *, name: str, vendor: str) -> Transcript:
    """The transcript in a parsed HAR; `TrafficError` with one sentence where it is none."""
    log = data.get("log") if isinstance(data, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise TrafficError(f"{name} is JSON but no HAR: it has no log with entries.", hint=HINT)
    version = str(log.get("version") or "1.2") if isinstance(log, dict) else "1.2"
    if not version.startswith("1."):
        raise TrafficError(f"{name} is a HAR of version {version}; version 1.2 is read.", hint=HINT)
    exchanges: list[Exchange] = []
    for number, entry in enumerate(entries):
        try:
            exchanges.extend(_exchange(entry))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, binascii.Error) as error:
            raise TrafficError(f"{name}: entry {number} {_why(error)}.", hint=HINT) from None
    if entries and not exchanges:
        raise TrafficError(f"{name} was saved without the bodies of its answers.", hint=HINT)
    if all(one.timed for one in exchanges):
        exchanges.sort(key=lambda one: one.started)
    numbered = (
        Exchange(index, one.request, one.response, one.started, one.ended, trouble=one.trouble)
        for index, one in enumerate(exchanges)
    )
    return Transcript(vendor, name, "recorded", tuple(numbered))


def _why(error: Exception) -> str:
    """What is wrong with an entry, in words for who made the file."""
    if isinstance(error, KeyError):
        return f"lacks {one_line(str(error.args[0]))}"
    if isinstance(error, binascii.Error):
        return "says base64 and holds something else"
    return "is not built as HAR 1.2 has it: a member is of another type"


def _exchange(entry: Json) -> Iterator[Exchange]:
    request = _request(entry["request"])
    answer = entry.get("response") or {}
    status = int(answer.get("status") or 0)
    started = _seconds(entry.get("startedDateTime"))
    took = max(0.0, float(entry.get("time") or 0.0)) / 1000
    if not math.isfinite(took):
        raise ValueError("it took for ever")
    ended = UNKNOWN_TIME if isinstance(started, UnknownTime) else started + took
    if status == 0:
        reason = str(answer.get("_error") or entry.get("_error") or answer.get("comment") or "no answer was recorded")
        if reason != "no answer was recorded" and not any(word in reason.lower() for word in GIVEN_UP):
            yield Exchange(0, request, None, started, ended, trouble=reason)
        return
    fields = _fields(answer.get("headers"))
    length = (fields.get("content-length") or "0").strip()
    bodiless = status in BODILESS or request.method == "HEAD" or (length == "0" and "content-length" in fields)
    body = b"" if bodiless else _body(answer.get("content") or {}, 0 if length == "0" else 1)
    if body is not None:
        yield Exchange(0, request, Response(status, fields, body, raw=False), started, ended)


def _request(one: Json) -> Request:
    posted = one.get("postData") or {}
    text = posted.get("text")
    if text is None and posted.get("params"):
        text = urlencode([(pair["name"], pair.get("value") or "") for pair in posted["params"]])
    encoded = str(posted.get("encoding") or posted.get("_encoding") or "").lower() == "base64"
    body = base64.b64decode(text) if encoded and text else _bytes(text)
    return Request(str(one["method"]).upper(), str(one["url"]), _fields(one.get("headers")), body)


def _body(content: Json, likely: int) -> bytes | None:
    """The decoded body; None where there was one and it was not saved.

    A size of -1 means that nobody looked; where there is no size, `likely` stands in for it.
    """
    text = content.get("text")
    if text is None:
        return b"" if float(content.get("size", likely) or 0) == 0 else None
    return base64.b64decode(text) if str(content.get("encoding") or "").lower() == "base64" else _bytes(text)


def _bytes(text: Json) -> bytes:
    if text is None:
        return b""
    if not isinstance(text, str):
        text = json.dumps(text)
    return str(text).encode("utf-8", "replace")


def _fields(headers: Json) -> Headers:
    """Headers in order, without the pseudo headers of HTTP/2."""
    named = ((str(one["name"]), one.get("value")) for one in headers or [])
    return Headers.of([(name, "" if value is None else str(value)) for name, value in named if name[:1] != ":"])


def _seconds(moment: Json) -> float:
    """RFC 3339 as seconds since the epoch; unknown where it is missing or no moment."""
    if not isinstance(moment, str):
        return UNKNOWN_TIME
    try:
        parsed = datetime.fromisoformat(moment)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return UNKNOWN_TIME
