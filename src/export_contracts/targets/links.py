"""What may be done with a URL that a target handed out: is it ours, may it be followed. Pure; no look-up, no I/O."""

from __future__ import annotations

import ipaddress
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
    """Whether scheme, host and port agree; loopback's names are one host. Only then do credentials travel."""
    first, second = _origin(ours), _origin(theirs)
    return first is not None and first == second


def onward(exchange: Exchange) -> str | None:
    """Where a redirect leads within the same origin; None where it leads elsewhere or is none."""
    here, there = exchange.request.url, exchange.redirected_to
    return there if there is not None and there != here and same_origin(here, there) else None


def is_loopback(url: str) -> bool:
    """Whether the URL's host is this machine by name or address."""
    split = _split(url)
    return split is not None and _is_loopback_host(split.hostname or "")


def objection(ours: str, theirs: str, *, live: bool) -> str | None:
    """Why a URL handed out by the target at `ours` is not followed; None where it may be.

    A target on this machine leads to this machine only, unless the user said `live`; a target elsewhere must not
    lead back into this machine or its private network.
    """
    split = _split(theirs)
    if split is None or split.scheme not in _DEFAULT_PORTS or not split.hostname:
        return f"{theirs[:200]!r} is no http or https URL, so it was not followed"
    here, there = is_loopback(ours), _is_loopback_host(split.hostname)
    if here and not there and not live:
        return f"the URL leads from this machine to {split.hostname}, so it was not followed; --live allows it"
    inside = there or _is_private(split.hostname)
    if not here and inside and split.hostname != (_split(ours) or split).hostname:
        return f"the URL leads from another host into this network ({split.hostname}), so it was not followed"
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
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_private(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private or address.is_link_local or address.is_unspecified
