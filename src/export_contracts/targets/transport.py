"""What carries requests to a target: the protocol that every transport keeps, and how it says that it failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from export_contracts.model import Callback, DeliveredFile, Request, Response


class Trouble(Exception):
    """No complete answer came; the text says why, in words for a report."""


class NotSent(Trouble):
    """The request was never sent, because we would not: no word about whether the target is alive."""


class Unread(Trouble):
    """An answer came and is larger than we read: no word about whether it is whole."""


class Transport(Protocol):
    """Carries one request to a target and brings back the answer, within bounds, or raises Trouble."""

    def carry(self, request: Request) -> Response:
        """Send and receive; never follows a redirect."""

    def now(self) -> float:
        """Seconds since the epoch on the target's clock."""

    def advance(self, seconds: float) -> bool:
        """Turn the target's clock forward; False where it has no control."""

    def sleep(self, seconds: float) -> None:
        """Let real time pass."""

    def linger(self, seconds: float) -> None:
        """After turning the clock: let some real time pass too, since a job may run by a clock of its own."""

    def listing(self) -> Mapping[str, str]:
        """Keys in the target's bucket now, each with a mark that differs when the content does."""

    def fetch(self, key: str) -> DeliveredFile | None:
        """One file of the bucket; None where it has gone."""

    def callbacks(self) -> list[Callback]:
        """Callbacks received so far."""

    def callback_url(self) -> str | None:
        """An address to which the target may send callbacks."""
