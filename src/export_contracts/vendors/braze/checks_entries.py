"""Checks of what the exported users' lists and codes mean: names there are, codes that exist, dates that can be.

Types and spellings are judged by schemas, windows and counts in `checks_lists`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Finding, Kept
from export_contracts.schema.validation import shorten
from export_contracts.vendors.braze.checks_files import inside, people
from export_contracts.vendors.braze.checks_lists import DATES, DAY, entries, moment
from export_contracts.vendors.braze.clocks import moments
from export_contracts.vendors.braze.codes import COUNTRIES, LANGUAGES, OTHER_COUNTRIES, OTHER_LANGUAGES

NAMED_BY: Final = {
    "user_aliases": ("alias_name", "alias_label"),
    "custom_events": ("name",),
    "purchases": ("name",),
    "campaigns_received": ("name", "api_campaign_id"),
    "canvases_received": ("name", "api_canvas_id"),
    "cards_clicked": ("name",),
    "apps": ("name",),
    "push_tokens": ("token",),
}
"""Members of a list's entries of which one at least tells what the entry is of; an alias is told by both."""
ALL_OF: Final = frozenset({"user_aliases"})
CODES: Final = {
    "country": frozenset(f"{COUNTRIES} {OTHER_COUNTRIES}".casefold().split()),
    "language": frozenset(f"{LANGUAGES} {OTHER_LANGUAGES}".casefold().split()),
}
TWO_LETTERS: Final = 2
AHEAD: Final = 2 * DAY
"""Seconds by which a date may lie ahead: clocks of devices differ, and a date alone has no zone."""


@check("entries_named")
def entries_named(talk: Talk) -> Iterator[Evidence]:
    """An entry of a list says what it is of."""
    for row, user in people(talk):
        for name, keys in NAMED_BY.items():
            for place, entry in entries(user, name):
                told = [key for key in keys if entry.get(key) not in (None, "")]
                at = inside(row.where, f"/{name}/{place}")
                if told and (name not in ALL_OF or len(told) == len(keys)):
                    yield Kept(at)
                else:
                    yield Finding(at, f"{' or '.join(sorted({*keys} - {*told}))}", shorten(entry, 80))


@check("code_assigned")
def code_assigned(talk: Talk, *, field: str) -> Iterator[Evidence]:
    """A code of two letters is one that was assigned, reserved or withdrawn; case is judged elsewhere."""
    for row, user in people(talk):
        code = user.get(field)
        if not isinstance(code, str) or len(code) != TWO_LETTERS:
            continue
        at = inside(row.where, f"/{field}")
        yield Kept(at) if code.casefold() in CODES[field] else Finding(at, "a code that the standard has", code)


@check("nothing_ahead")
def nothing_ahead(talk: Talk) -> Iterator[Evidence]:
    """What happened to a user is not dated after the export was delivered."""
    for row, user in people(talk):
        export = row.delivery.export
        clocks = [*moments(export.start), *(moments(export.ready) if export.ready is not None else ())]
        latest = max([*clocks, *(one.at for one in export.files)], default=0.0) if clocks else 0.0
        for name in DATES if latest else ():
            for place, entry in entries(user, name):
                dates = [found for key in DATES[name] if (found := moment(entry.get(key))) is not None]
                if not dates:
                    continue
                at = inside(row.where, f"/{name}/{place}")
                if max(dates) > latest + AHEAD:
                    ahead = f"{(max(dates) - latest) / DAY:.0f} days ahead"
                    yield Finding(at, "no date after the export", ahead)
                else:
                    yield Kept(at)


@check("used_in_order")
def used_in_order(talk: Talk) -> Iterator[Evidence]:
    """An app was not first used after it was last used."""
    for row, user in people(talk):
        for place, app in entries(user, "apps"):
            first, last = moment(app.get("first_used")), moment(app.get("last_used"))
            if first is None or last is None:
                continue
            at = inside(row.where, f"/apps/{place}/first_used")
            # A day alone is told by its midnight.
            slack = 0.0 if min(len(app["first_used"]), len(app["last_used"])) > len("2026-01-01") else DAY
            yield Kept(at) if first <= last + slack else Finding(at, f"at most {app['last_used']}", app["first_used"])
