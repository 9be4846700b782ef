"""The life of a poll URL: handed out, not ready, ready, gone; and who may look. Contents stand in other modules.

A status means what the documents let it mean: 404 may be "in progress", "gone" or "unknown", 410 "gone" or
"unknown"; a later form of the same URL says 202 while the file is made. Where both fit, the reading is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.checks.pages import is_page
from export_contracts.model import Evidence, Exchange, Finding, Kept
from export_contracts.vendors.apsis.checks_calls import DAY, NEUTRAL, SLACK, Export, exports, poll_urls
from export_contracts.vendors.apsis.checks_negotiation import asked_format
from export_contracts.vendors.apsis.checks_tokens import is_good_later

RUNNING: Final = {404: "404 while the file is made", 202: "202 while the file is made (later form)"}
OVER: Final = {410: "410 once gone", 404: "404 once gone"}
STATUS: Final = "/response/status"
REFUSALS: Final = (401, 403)
UNSEEN: Final = 7 * 3_600.0
"""Seconds between two looks in which no file that is kept for a day can have come and gone."""
CRASHES: Final = frozenset({500, 501})
"""Said of one request alone, these mean nothing; said of all of a kind, they are the answer to that kind."""


@check("poll_url_given")
def poll_url_given(talk: Talk) -> Iterator[Evidence]:
    """The answer to an accepted order holds a URL, wherever it stands."""
    for exchange in talk.selected:
        places = [where for where, _ in poll_urls(exchange)]
        if places:
            yield Kept(exchange.at(places[0]), reading=f"in {places[0].removeprefix('/response/')}")
        else:
            yield Finding(exchange.at("/response/body"), "a poll URL in the answer", "no URL in body or Location")


@check("poll_status")
def poll_status(talk: Talk) -> Iterator[Evidence]:
    """A look with the right token is answered with one of the documented statuses."""
    for export in exports(talk):
        for look in export.told:
            if look.status in REFUSALS:
                known_good = is_good_later(talk, look) and not export.surely_over(look)
                if known_good or not _may_have_lapsed(export, look):
                    yield Finding(look.at(STATUS), "the token that opened the order to open its poll URL", got(look))
            elif look.status in {200, *RUNNING, *OVER}:
                yield Kept(look.at(STATUS))
            elif not _picky(look):
                yield Finding(look.at(STATUS), "200, 404, 410 (or 202 in the later form)", got(look))
        yield from _always_crashing(export)


def _always_crashing(export: Export) -> Iterator[Finding]:
    """A documented format for which a ready file is always an error of the server, and never a file."""
    ready = export.first_file
    later = [one for one in export.looks if ready is not None and one.index > ready.index and one.fault is None]
    for wanted in sorted({asked_format(one) or "" for one in later} - {""}):
        asked = [one for one in later if asked_format(one) == wanted]
        if len(asked) > 1 and all(one.status in CRASHES for one in asked):
            yield Finding(asked[0].at(STATUS), f"the file as {wanted}, which is ready", got(asked[0]))


def _may_have_lapsed(export: Export, look: Exchange) -> bool:
    """Whether the token may have run out, or was never good for the order: then the refusal says nothing."""
    order = export.order
    if order is None or look.request.headers.get("authorization") != order.request.headers.get("authorization"):
        return True
    return look is not export.told[0] or look.started > order.ended + 3600


def _picky(look: Exchange) -> bool:
    """Whether the look asks for a format that the documents do not list, so that a refusal is as good as a file."""
    return look.status in {400, 406, 415} and asked_format(look) is None


@check("not_gone_early")
def not_gone_early(talk: Talk) -> Iterator[Evidence]:
    """Before its first file a poll URL says "in progress", never "gone", while its day lasts."""
    for export in exports(talk):
        ready = export.first_file
        for look in export.told:
            if ready is not None and look.index >= ready.index:
                break
            if look.status in RUNNING:
                yield Kept(look.at(STATUS), reading=RUNNING[look.status])
            elif look.status == 410 and (ready is not None or export.surely_valid(look)):
                yield Finding(look.at(STATUS), "404 (or 202) while the file is made", "410")


@check("ready_stays_ready")
def ready_stays_ready(talk: Talk) -> Iterator[Evidence]:
    """A poll URL that has given the file gives it again as long as its day lasts."""
    for export in exports(talk):
        ready = export.first_file
        for look in export.told:
            if ready is None or look.index <= ready.index or not export.surely_valid(look):
                continue
            if look.status == 200:
                yield Kept(look.at(STATUS))
            elif look.status in {202, 404, 410}:
                yield Finding(look.at(STATUS), "200 again within a day of the order", got(look))


@check("over_after_a_day")
def over_after_a_day(talk: Talk) -> Iterator[Evidence]:
    """Once its day has passed, however it is counted, a poll URL gives no file."""
    for export in exports(talk):
        for look in export.told:
            lapsed = look.status in REFUSALS and not is_good_later(talk, look)
            if not export.surely_over(look) or lapsed:
                continue
            if look.status in OVER:
                yield Kept(look.at(STATUS), reading=OVER[look.status])
            else:
                yield Finding(look.at(STATUS), "410 or 404 more than a day after order and file", got(look))


@check("later_form_separates")
def later_form_separates(talk: Talk) -> Iterator[Evidence]:
    """In the later form of a poll URL 202 alone means "in progress", and 410 alone "gone"."""
    for export in exports(talk):
        ready = _first_file_of_order(talk, export)
        for look in export.told if export.is_later_form else ():
            if ready is None or look.index < ready:
                wanted = 202
            elif export.surely_over(look):
                wanted = 410
            else:
                continue
            if look.status == wanted:
                yield Kept(look.at(STATUS))
            elif look.status in {202, 404, 410}:
                yield Finding(look.at(STATUS), f"{wanted} in the later form of the URL", got(look))


def _first_file_of_order(talk: Talk, export: Export) -> int | None:
    """The exchange in which either form of the order's URL first gave the file."""
    same = [one.first_file.index for one in exports(talk) if one.order is export.order and one.first_file is not None]
    return min(same, default=None)


@check("comes_ready")
def comes_ready(talk: Talk) -> Iterator[Evidence]:
    """An export that was looked at again and again for the whole of its day gives its file at some time in it."""
    for export in exports(talk):
        if export.first_file is not None:
            yield Kept(export.first_file.at(STATUS))
        elif export.order is not None and export.told and not export.is_later_form:
            last = export.told[-1]
            if last.status in {*RUNNING, *OVER} and _watched(export, export.order):
                yield Finding(
                    last.at(STATUS), "200 with the file at some time within the day", f"{last.status} to the end"
                )


def _watched(export: Export, order: Exchange) -> bool:
    """Whether no hours went by unseen in which the file may have come, here or where a redirect led, for a day."""
    if any(one.redirected_to is not None for one in export.looks):
        return False
    moments = [order.ended, *(one.started for one in export.told)]
    return moments[-1] > order.ended + DAY - SLACK and all(
        late - early <= UNSEEN or early > order.ended + DAY - SLACK for early, late in pairwise(moments)
    )


@check("no_file_for_strangers")
def no_file_for_strangers(talk: Talk) -> Iterator[Evidence]:
    """A ready file is refused to whoever shows no token, or a wrong one."""
    for export in exports(talk):
        for look in export.looks:
            stranger = (look.fault or "").startswith("credential:")
            if not stranger or look.status in NEUTRAL or is_page(look) or not _ready_before(export, look):
                continue
            if look.status is not None and 400 <= look.status < 500:
                yield Kept(look.at(STATUS), reading=f"{look.status} without a good token")
            else:
                yield Finding(look.at(STATUS), "a refusal (401 or 403) without the account's token", got(look))


def _ready_before(export: Export, look: Exchange) -> bool:
    return export.first_file is not None and export.first_file.index < look.index


@check("unknown_is_refused")
def unknown_is_refused(talk: Talk) -> Iterator[Evidence]:
    """A poll URL with an identifier that was never given says so: 404 or 410. A refused token or form says nothing."""
    for look in talk.selected:
        if look.status in {404, 410}:
            yield Kept(look.at(STATUS), reading=f"{look.status} for an unknown identifier")
        elif look.status is not None and look.status not in {*NEUTRAL, *REFUSALS, 400, 422}:
            yield Finding(look.at(STATUS), "404 or 410 for an identifier that was never given", got(look))


def got(look: Exchange) -> str:
    """The status that came, in words."""
    return f"status {look.status}"
