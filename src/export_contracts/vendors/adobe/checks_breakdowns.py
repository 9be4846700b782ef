"""When a 500 is a service's answer. One says nothing, for any service may break down; nothing judged here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from export_contracts.model import Exchange

BROKEN: Final = 500


def always_broken(alike: Iterable[Exchange]) -> bool:
    """Whether exchanges that ask for the same were answered 500 at least twice, and never otherwise."""
    statuses = [one.status for one in alike]
    return len(statuses) > 1 and set(statuses) == {BROKEN}
