"""A page from the vendor's site, once and bounded: time, size, media type, no redirect to other hosts."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from export_contracts.drift.publications import LARGEST
from export_contracts.errors import UnreachableError, UsageError
from export_contracts.model import Headers, Request, Response, Unreadable, inflate
from export_contracts.targets import links, wire
from export_contracts.targets.transport import Trouble

SECONDS: Final = 30.0
"""For each answer on the way to a page."""
REDIRECTS: Final = 5
HINT: Final = "Save the page, and give the file."
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_READABLE: Final = (
    "text/",
    "application/json",
    "application/yaml",
    "application/x-yaml",
    "application/xhtml",
    "application/xml",
    "application/vnd.oai.openapi",
    "application/octet-stream",
    "multipart/related",
    "message/rfc822",
)


def is_url(place: str) -> bool:
    """Whether a document is one to fetch."""
    return place.lower().startswith(("http://", "https://"))


def fetch(url: str, *, seconds: float = SECONDS, most: int = LARGEST) -> bytes:
    """The page's bytes, inflated where they came packed; an error in one sentence where they cannot be had."""
    here = _checked(url, url)
    for _ in range(REDIRECTS + 1):
        response = _answer(here, seconds, most)
        if response.status not in _MOVED:
            return _body(here, response, most)
        here = _checked(url, links.absolute(here, response.headers.get("location") or ""))
    raise UnreachableError(f"{url} redirects more than {REDIRECTS} times.", hint=HINT)


def _checked(first: str, url: str) -> str:
    """The URL, if it may be asked: http only on this machine, no credentials, the host that the user named."""
    try:
        split, asked = urlsplit(url), urlsplit(first)
        host, port = split.hostname or "", split.port or (443 if split.scheme == "https" else 80)
    except ValueError:
        raise UsageError(f"{url!r} is no URL.", hint=HINT) from None
    if split.username or split.password:
        raise UsageError("A page's URL must not hold credentials.", hint=HINT)
    if not is_url(url) or not host:
        raise UsageError(f"{url!r} is no http or https URL.", hint=HINT)
    if split.scheme == "http" and not links.is_loopback(url):
        raise UsageError(f"{url} would be fetched without TLS.", hint="Give an https URL.")
    own = asked.port or (443 if asked.scheme == "https" else 80)
    if (host, port) != ((asked.hostname or ""), own):
        raise UnreachableError(f"{first} redirects to another host, {split.netloc}; it was not followed.", hint=HINT)
    return url.partition("#")[0]


def _answer(url: str, seconds: float, most: int) -> Response:
    request = Request("GET", url, Headers.of({"Accept": "text/markdown, text/html, application/json, */*;q=0.5"}))
    try:
        return wire.carry(request, timeout=seconds, body_limit=most)
    except Trouble as trouble:
        raise UnreachableError(f"{url} could not be fetched: {trouble}.", hint=HINT) from None


def _body(url: str, response: Response, most: int) -> bytes:
    if response.status != 200:
        raise UnreachableError(f"{url} answered {response.status}.", hint=HINT)
    kind = (response.headers.get("content-type") or "text/plain").split(";")[0].strip().lower()
    if not kind.startswith(_READABLE) and not kind.endswith(("+json", "+yaml", "+xml")):
        raise UsageError(f"{url} is {kind}, and no page that could be read.", hint=HINT)
    coding = (response.headers.get("content-encoding") or "identity").strip().lower()
    if coding in {"identity", ""}:
        return response.body
    inflated = inflate(response.body, most) if coding in {"gzip", "x-gzip", "deflate"} else None
    if inflated is None:
        raise UnreachableError(f"{url} came packed as {coding}, which was not asked for.", hint=HINT)
    if isinstance(inflated, Unreadable):
        raise UnreachableError(f"{url} could not be unpacked: {inflated.reason}.", hint=HINT)
    return inflated
