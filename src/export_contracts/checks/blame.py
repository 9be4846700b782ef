"""Who is blamed for a fault that was planted on purpose. Whether it is refused at all is judged elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.checks.builtin import twin_accepted
from export_contracts.checks.registry import check
from export_contracts.checks.talk import Talk
from export_contracts.model import Evidence, Exchange, Finding, Kept

BREAKDOWN: Final = 500
NOT_IMPLEMENTED: Final = 501
INSISTED: Final = 3
"""So many breakdowns running are no accident."""


@check("client_blamed")
def client_blamed(talk: Talk) -> Iterator[Evidence]:
    """A fault of the client's is not answered with 500 each time, nor by sending the client elsewhere.

    One 500 says nothing, as any service may break down: it counts where the same request met nothing else, three
    times or more, though others without the fault were served before and after.
    """
    for exchange in talk.selected:
        if exchange.fault is None or exchange.status is None or not twin_accepted(talk, exchange):
            continue
        if 400 <= exchange.status < BREAKDOWN:
            yield Kept(exchange.at("/response/status"))
        elif 300 <= exchange.status < 400 or _lacks_all(exchange) or _always_breaks(talk, exchange):
            got = f"{exchange.status} for the fault {exchange.fault}"
            yield Finding(exchange.at("/response/status"), "a status between 400 and 499", got)


def _lacks_all(exchange: Exchange) -> bool:
    """Whether the server says that it lacks what it serves without the fault; of a method it may well say so."""
    return exchange.status == NOT_IMPLEMENTED and not (exchange.fault or "").startswith("method:")


def _always_breaks(talk: Talk, exchange: Exchange) -> bool:
    if exchange.status != BREAKDOWN:
        return False
    alike = [one for one in talk.selected if one.request == exchange.request and one.fault == exchange.fault]
    served = any(one.index > exchange.index and one.status is not None and one.status < 300 for one in talk.exchanges)
    return served and len(alike) >= INSISTED and {one.status for one in alike} == {BREAKDOWN}
