"""Checks of the list: pages, filter, order, and walks from page to page.

Jobs of other people may appear meanwhile; they are never missed and never too many.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Finding, Kept
from export_contracts.schema.pointer import resolve
from export_contracts.schema.validation import shorten
from export_contracts.vendors.adobe.checks_story import TERMINAL, Sight, Story, number, owner, story
from export_contracts.vendors.adobe.checks_walks import Walk, pages, status_asked, walks

FILTERS: Final = ("NEW", *TERMINAL)
"""What a list may be narrowed to; of any other word, PROCESSING among them, nothing is documented."""
SMALL: Final = 10
"""Up to this limit a page that is not full is surprising; larger ones may exceed an undocumented maximum."""

MOMENT = 1.0
"""Seconds that a job may take from the answer to its order until the list has it."""


@check("adobe_limit")
def limit(talk: Talk) -> Iterator[Evidence]:
    """A page holds no more jobs than its limit."""
    for page in pages(talk):
        if page.limit is None:
            continue
        at = page.exchange.at("/response/body/records")
        if len(page.sights) > page.limit:
            yield Finding(at, f"at most {page.limit} jobs", str(len(page.sights)))
        else:
            yield Kept(at)


@check("adobe_full_page")
def full_page(talk: Talk) -> Iterator[Evidence]:
    """A page before one that shows jobs holds as many as its limit.

    A link alone does not prove that more follows: the last page may link to an empty one.
    """
    for page, after in (pair for walk in walks(talk) for pair in pairwise(walk.pages)):
        if page.limit is None or page.limit > SMALL or not after.sights:
            continue
        at = page.exchange.at("/response/body/records")
        if len(page.sights) < page.limit:
            yield Finding(at, f"{page.limit} jobs, as more follow", str(len(page.sights)))
        else:
            yield Kept(at)


@check("adobe_newest_first")
def newest_first(talk: Talk) -> Iterator[Evidence]:
    """No job is listed before one that was created later, on a page and from page to page."""
    for walk in walks(talk):
        dated = [one for one in walk.sights if number(one.view.get("creationTime"))]
        for older, newer in pairwise(dated):
            before, after = older.view["creationTime"], newer.view["creationTime"]
            if after > before:
                yield Finding(newer.at("/creationTime"), f"no later than {before}", str(after))
            else:
                yield Kept(newer.at("/creationTime"))


@check("adobe_filtered")
def filtered(talk: Talk) -> Iterator[Evidence]:
    """A list asked for one of the documented statuses shows jobs of that status alone."""
    for page in pages(talk):
        for sight in page.sights if status_asked(page) in FILTERS else ():
            if sight.status == status_asked(page):
                yield Kept(sight.at("/status"))
            else:
                yield Finding(sight.at("/status"), status_asked(page), shorten(sight.status))


@check("adobe_once")
def once(talk: Talk) -> Iterator[Evidence]:
    """A walk shows no job twice."""
    for walk in walks(talk):
        seen: dict[str, int] = {}
        for sight in walk.sights:
            if sight.job in seen:
                yield Finding(sight.at("/id"), "a job not yet shown", f"{sight.id}, as in exchange {seen[sight.job]}")
            seen.setdefault(sight.job, sight.exchange.index)
        if len(walk.pages) > 1 and len(seen) == len(walk.sights):
            yield Kept(walk.pages[-1].exchange.at("/response/body/records"))


@check("adobe_ends")
def ends(talk: Talk) -> Iterator[Evidence]:
    """A walk comes to an end: no link leads back, or on and on through empty pages."""
    for walk in walks(talk):
        last = walk.pages[-1]
        at = last.exchange.at("/response/body/link/next")
        if last.next is not None and last.next in {page.offset for page in walk.pages}:
            yield Finding(at, "an offset not used before", last.next)
        elif last.leads_back:
            yield Finding(at, "no link after the last page, or one that leads on", shorten(last.link))
        elif len(walk.pages) > 1 and last.next is not None and not any(one.sights for one in walk.pages[-2:]):
            yield Finding(at, "no next page after empty ones", last.next)
        elif last.next is None:
            yield Kept(at)


@check("adobe_visits")
def visits(talk: Talk) -> Iterator[Evidence]:
    """A walk over all jobs shows each job created before it began."""
    told = story(talk)
    for walk in walks(talk):
        if not status_asked(walk.pages[0]):
            yield from _visited(walk, _known(told, walk), "every job created before")


@check("adobe_filter_complete")
def filter_complete(talk: Talk) -> Iterator[Evidence]:
    """A walk over one status shows each job known to be of that status all the while."""
    told = story(talk)
    for walk in walks(talk):
        wanted = status_asked(walk.pages[0])
        if wanted in FILTERS:
            yield from _visited(walk, _steady(told, walk, wanted), f"every job that is {wanted}")


def _known(told: Story, walk: Walk) -> Iterator[Sight]:
    """The first sight of each job that was there before the walk and was not cancelled until its end.

    What was ordered a moment ago need not have come to the list yet.
    """
    first, last = walk.pages[0].exchange, walk.pages[-1].exchange
    for sight in told.lasting:
        if sight.exchange.index >= first.index:
            return
        if sight.kind == "created" and first.started - sight.exchange.ended < MOMENT:
            continue
        if owner(sight.exchange) == owner(first) and not told.is_cancelled(sight.job, last):
            yield sight


def _steady(told: Story, walk: Walk, wanted: str) -> Iterator[Sight]:
    """Jobs of this transcript seen in a state before the walk and certain to have kept it."""
    first, last = walk.pages[0].exchange.index, walk.pages[-1].exchange.index
    for one in _known(told, walk):
        before = [sight for sight in told.of(one.job) if sight.exchange.index < first]
        after = [sight for sight in told.of(one.job) if sight.exchange.index > last and sight.kind != "listed"]
        if before[-1].status == wanted and (wanted in TERMINAL or (after and after[0].status == wanted)):
            yield one


def _visited(walk: Walk, known: Iterator[Sight], what: str) -> Iterator[Evidence]:
    shown = {one.job for one in walk.sights}
    for job in known:
        if job.job in shown:
            yield Kept(walk.pages[-1].exchange.at("/response/body/records"))
        elif walk.ended or _passed(walk, job):
            yield Finding(walk.pages[-1].exchange.at("/response/body/records"), what, f"no job {job.id}")


def _passed(walk: Walk, job: Sight) -> bool:
    """Whether an unfinished walk had come to jobs older than this one."""
    created = job.view.get("creationTime")
    shown = [time for one in walk.sights if number(time := one.view.get("creationTime"))]
    if len(shown) < len(walk.sights) or not shown or not number(created):
        return False
    return shown[0] > shown[-1] and shown == sorted(shown, reverse=True) and created > shown[-1]


@check("adobe_link_repeats")
def link_repeats(talk: Talk, *, parameter: str) -> Iterator[Evidence]:
    """The link to the next page repeats the `parameter` that was asked for."""
    for page in pages(talk):
        if page.next is None or parameter not in page.asked:
            continue
        at = page.exchange.at("/response/body/link/next")
        if page.asked[parameter] == page.onward.get(parameter):
            yield Kept(at)
        else:
            yield Finding(at, f"{parameter}={page.asked[parameter]}", shorten(page.link))


@check("adobe_page_size")
def page_size(talk: Talk) -> Iterator[Evidence]:
    """The pageSize is the limit that was asked for, or the number of jobs on the page.

    The limit may have been cut down to an undocumented maximum, so that any size between the two is one.
    """
    for page in pages(talk):
        size = resolve(page.exchange.view, "/response/body/page/pageSize")
        at = page.exchange.at("/response/body/page/pageSize")
        if not number(size) or page.limit is None:
            continue
        if size == len(page.sights):
            yield Kept(at, reading="jobs on the page")
        elif size == page.limit:
            yield Kept(at, reading="limit")
        elif not len(page.sights) <= size <= page.limit:
            yield Finding(at, f"{page.limit} or {len(page.sights)}", str(size))
