"""What may be done with a URL that a target handed out: is it ours, may it be followed. Pure; no look-up, no I/O."""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from export_contracts.model import Exchange

HOPS: Final = 5
"""Redirects that are followed in a row."""
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def absolute(base: str, url: str) -> str:
    """`url` made absolute against `base`; as it came where it is no URL."""
    try:
        return urljoin(base.rstrip("/") + "/", url)
    except ValueError:
        return url


def same_origin(ours: str, theirs: str) -> bool:
    """Whether scheme, host and port agree; loopback's names are one host."""
    first, second = _origin(ours), _origin(theirs)
    return first is not None and first == second


def may_carry(ours: str, theirs: str) -> bool:
    """Whether credentials of the target at `ours` may travel: to its own origin, or from this machine to itself.

    A mock may hand files out on a port of their own, which asks for the same token.
    """
    return same_origin(ours, theirs) or (is_loopback(ours) and is_loopback(theirs))


def onward(exchange: Exchange) -> str | None:
    """Where a redirect leads within the same origin; None where it leads elsewhere or is none."""
    here, there = exchange.request.url, exchange.redirected_to
    return there if there is not None and there != here and same_origin(here, there) else None


def is_loopback(url: str) -> bool:
    """Whether the URL's host is this machine by name or address."""
    split = _split(url)
    return split is not None and _is_loopback_host(split.hostname or "")


def objection(ours: str, theirs: str, *, live: bool) -> str | None:
    """Why a URL handed out by the target at `ours` is not followed; None where it may be, as far as names tell.

    A target on this machine leads to this machine only, unless the user said `live`. Which addresses a name leads to,
    and whether the target may send us there, is for `reach` to say.
    """
    split = _split(theirs)
    if split is None or split.scheme not in _DEFAULT_PORTS or not split.hostname:
        return f"{theirs[:200]!r} is no http or https URL, so it was not followed"
    if is_loopback(ours) and not _is_loopback_host(split.hostname) and not live:
        return f"the URL leads from this machine to {split.hostname}, so it was not followed; --live allows it"
    return None


def _split(url: str) -> SplitResult | None:
    try:
        split = urlsplit(url)
        _ = split.port
    except ValueError:
        return None
    return split


def _origin(url: str) -> tuple[str, str, int | None] | None:
    split = _split(url)
    if split is None or split.scheme not in _DEFAULT_PORTS or not split.hostname:
        return None
    host = "loopback" if _is_loopback_host(split.hostname) else split.hostname
    return split.scheme, host, split.port or _DEFAULT_PORTS[split.scheme]


def _is_loopback_host(host: str) -> bool:
    plain = _plain(host)
    address = _address(plain)
    return plain == "localhost" or plain.endswith(".localhost") or (address is not None and address.is_loopback)


def _plain(host: str) -> str:
    """The host as a resolver takes it: with common digits and dots, without the dot of the root."""
    return unicodedata.normalize("NFKC", host).replace("\u3002", ".").lower().removesuffix(".")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is, also in the notations that resolvers take and `ipaddress` does not: 127.1, 0x7f1."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None
