"""Which addresses a target may lead us to. Names are looked up here, once for each connection, and nowhere after.

The rule: the public network is open to every target. Private networks, this machine and whatever is neither are open
only to a target that is there itself; a target on this machine may also lead into private networks, where containers
are. It holds for the target's own name too, which may lead elsewhere tomorrow than today. Nothing is sent from here.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Final, Literal

from export_contracts.model import split_url
from export_contracts.targets.transport import NotSent, Trouble

Zone = Literal["public", "private", "loopback", "special"]
LookUp = Callable[[str, int], tuple[str, ...]]

_PRIVATE: Final = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)
_METADATA: Final = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "fd00:ec2::254")))
"""Where clouds hand credentials to their machines, beside 169.254.169.254, which is in no private network anyway."""
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_SAID: Final = {
    "private": "into a private network",
    "loopback": "back to this machine",
    "special": "to an address of special use",
}


def zone(address: str) -> Zone:
    """What kind of network a numeric address is in; an IPv4 address within an IPv6 one counts."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        found = inner or found
    if found.is_loopback or found.is_unspecified:
        return "loopback"
    if found in _METADATA:
        return "special"
    if any(found in one for one in _PRIVATE if one.version == found.version):
        return "private"
    return "public" if found.is_global and not found.is_multicast else "special"


def look_up(host: str, port: int) -> tuple[str, ...]:
    """Each address that a name leads to, in the resolver's order; OSError or UnicodeError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))


class Reach:
    """Where the target at `url` may lead. Its own zones are those of its first look-up."""

    def __init__(self, url: str, find: LookUp = look_up) -> None:
        self._url = url
        self._find = find
        self._open: frozenset[Zone] | None = None

    def addresses(self, url: str) -> tuple[str, ...]:
        """The addresses to which a request to `url` may be sent.

        `NotSent` where the rule leaves none, `Trouble` where the name leads to none.
        """
        own = split_url(url).hostname == split_url(self._url).hostname
        found = self._found(url)
        if self._open is None:
            self._open = _open(found if own else self._found(self._url))
        permitted = tuple(one for one in found if zone(one) in self._open)
        if not permitted:
            raise NotSent(_refusal(split_url(url).hostname or "", _SAID[zone(found[0])], own=own))
        return permitted

    def _found(self, url: str) -> tuple[str, ...]:
        split = split_url(url)
        host = split.hostname or ""
        try:
            return self._find(host, split.port or (443 if split.scheme == "https" else 80))
        except OSError:
            raise Trouble(f"the name {host} leads to no address") from None
        except UnicodeError:
            raise NotSent(f"the request cannot be put on the wire: {host[:100]!r} is no name of a host") from None


def _refusal(host: str, where: str, *, own: bool) -> str:
    if own:
        return f"{host} led elsewhere at first and leads {where} now, so nothing was sent"
    return f"the URL leads from another host {where} ({host}), so it was not followed"


def _open(addresses: Iterable[str]) -> frozenset[Zone]:
    own: set[Zone] = {zone(one) for one in addresses}
    return frozenset({"public", *own, *(("private",) if "loopback" in own else ())})
