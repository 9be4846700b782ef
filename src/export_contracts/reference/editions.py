"""Puts a vendor's edition over one of its servers, plain or with a defect. Knows no vendor and no month."""

from __future__ import annotations

from typing import TypeVar

from export_contracts.reference.server import Reference

Server = TypeVar("Server", bound=Reference)


def of_month(server: type[Server], edition: type[Reference]) -> type[Server]:
    """The server's class with the edition below what the server itself does otherwise than its parent.

    Both descend from the vendor's reference, so that a defect overrides the edition, and the edition the reference.
    """
    if issubclass(edition, server):
        return edition
    made: type[Server] = type(server.__name__, (server, edition), {"__doc__": server.__doc__})
    return made
