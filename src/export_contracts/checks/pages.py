"""Web pages under a status of success: a login form, say. They are neither what was asked for nor a refusal."""

from __future__ import annotations

from typing import Final

from export_contracts.model import Exchange, Unreadable

SMALL: Final = 2_000_000
"""Bytes beyond which a body is a delivery and not looked into."""
BEGINNING: Final = 500
SIGNS: Final = (b"<!doctype html", b"<html")


def is_page(exchange: Exchange) -> bool:
    """Whether the answer claims success and is a web page: no evidence that what was asked was taken or refused."""
    response = exchange.response
    if response is None or not 200 <= response.status < 300 or len(response.body) > SMALL:
        return False
    content = response.content
    if isinstance(content, Unreadable):
        return False
    start = content[:BEGINNING].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith(b"<") and any(one in start for one in SIGNS)
