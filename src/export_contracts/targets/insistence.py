"""How often a request is sent again that met a breakdown. No waiting and no sending here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from export_contracts.model import Exchange

BREAKDOWN: Final = 500
TIMES: Final = 2
"""How often one request is sent again: a breakdown each time is no accident."""
MOST: Final = 6
"""How often that is done in one scenario, so that a broken target costs no minutes."""


class Insistence:
    """One scenario's insistence."""

    def __init__(self) -> None:
        self._left = MOST

    def upon(self, exchange: Exchange, again: Callable[[], Exchange]) -> Exchange:
        """The last answer: `again` sends the request once more, after a while.

        A look at a job is no such request, unless a fault was planted in it beside a sound twin.
        """
        intent = exchange.intent
        planted = intent is not None and intent.fault is not None and intent.twin is not None
        if exchange.request.method == "GET" and not planted:
            return exchange
        for _ in range(TIMES):
            if exchange.status != BREAKDOWN or self._left == 0:
                break
            self._left -= 1
            exchange = again()
        return exchange
