"""What a poll URL and an order tell besides the file: by which status, and under which media type. No life cycle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Exchange, Finding, Kept
from export_contracts.vendors.apsis.checks_calls import Export, exports, is_fair
from export_contracts.vendors.apsis.checks_life import RUNNING, STATUS, got

BREAKDOWNS: Final = (500, 502, 503, 504)
ENOUGH: Final = 3
"""Looks at unfinished exports from which on one answer to all of them is no accident."""
ELSEWHERE: Final = ("html", "xml", "csv")


@check("unknown_named")
def unknown_named(talk: Talk) -> Iterator[Evidence]:
    """An identifier that was never given is answered with a status that the documents give this meaning."""
    for look in talk.selected:
        if look.status in {404, 410}:
            yield Kept(look.at(STATUS))
        elif look.status is not None and 400 <= look.status < 500 and look.status not in {401, 408, 429}:
            yield Finding(look.at(STATUS), "404 or 410 for an identifier that was never given", got(look))


@check("running_told")
def running_told(talk: Talk) -> Iterator[Evidence]:
    """Exports whose files came later were not, while these were made, looked at in vain for breakdowns only."""
    waited = [list(_looks_in_vain(export)) for export in exports(talk)]
    together = [look for looks in waited for look in looks]
    for look in together:
        if look.status in RUNNING:
            yield Kept(look.at(STATUS))
    often = len(together) >= ENOUGH and any(len(looks) > 1 for looks in waited)
    if often and all(look.status in BREAKDOWNS for look in together):
        yield Finding(together[0].at(STATUS), "404 (or 202) while the file is made", f"{got(together[0])} at each look")


def _looks_in_vain(export: Export) -> Iterator[Exchange]:
    """Looks before the file came; none where it never did."""
    ready = export.first_file
    for look in export.looks if ready is not None else ():
        if is_fair(look) and ready is not None and look.index < ready.index and look.status != 429:
            yield look


@check("answer_labelled")
def answer_labelled(talk: Talk) -> Iterator[Evidence]:
    """An answer in JSON is not called something else."""
    for exchange in talk.selected:
        if exchange.response is None or not isinstance(exchange.response.json, (dict, list)):
            continue
        said = (exchange.response.headers.get("content-type") or "").partition(";")[0].strip().lower()
        if any(one in said for one in ELSEWHERE):
            yield Finding(exchange.at("/response/headers/content-type"), "a media type that fits JSON", said)
        elif said:
            yield Kept(exchange.at("/response/headers/content-type"))
