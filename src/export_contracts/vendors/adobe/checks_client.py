"""Checks of requests: what a client of the export jobs must send, and had better not.

Drawn requests are no client's: what is merely unwise is not held against them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept, split_url
from export_contracts.schema.pointer import resolve
from export_contracts.schema.validation import shorten
from export_contracts.vendors.adobe.checks_walks import pages

JOBS: Final = re.compile(r"/export/jobs?(/|$)")
BASE: Final = "/data/core/ups/export/jobs"
PLATFORM: Final = re.compile(r"platform(-[a-z0-9-]+)?\.adobe\.io$")
DOCUMENTED: Final = ("limit", "offset", "status")
OFFSET: Final = re.compile(r"\d+_.+")


def _deliberate(talk: Talk) -> Iterator[tuple[Exchange, dict[str, Json]]]:
    """Orders that a client thought up, with their bodies."""
    for exchange in talk.selected:
        body = exchange.request.json
        if (exchange.intent is None or exchange.intent.label != "generated") and isinstance(body, dict):
            yield exchange, body


@check("adobe_chooses_segments")
def chooses_segments(talk: Talk) -> Iterator[Evidence]:
    """An order names segments; without them the whole profile store is exported."""
    for exchange, body in _deliberate(talk):
        at = exchange.at("/request/body/filter/segments")
        if resolve(body, "/filter/segments") in ([], None) or not isinstance(resolve(body, "/filter/segments"), list):
            yield Finding(at, "at least one segment", "none, which exports every profile there is")
        else:
            yield Kept(at)


@check("adobe_merge_policy")
def merge_policy(talk: Talk) -> Iterator[Evidence]:
    """An order of several segments says under which merge policy they are exported."""
    for exchange, body in _deliberate(talk):
        segments = resolve(body, "/filter/segments")
        if not isinstance(segments, list) or len(segments) < 2:
            continue
        at = exchange.at("/request/body/mergePolicy")
        if isinstance(body.get("mergePolicy"), dict) and body["mergePolicy"]:
            yield Kept(at)
        else:
            yield Finding(at, f"a merge policy for {len(segments)} segments", "none")


@check("adobe_known_members")
def known_members(talk: Talk, *, members: Mapping[str, Sequence[str]]) -> Iterator[Evidence]:
    """Each object of an order, by its pointer, holds no member that no document knows: it would be passed over."""
    for exchange, body in _deliberate(talk):
        at = "/request/body"
        others = [
            (pointer, known, name)
            for pattern, known in members.items()
            for pointer, value in _places(body, pattern.split("/")[1:])
            if isinstance(value, dict)
            for name in value
            if name not in known
        ]
        for pointer, known, name in others:
            yield Finding(exchange.at(at + pointer), f"none but {', '.join(known)}", shorten(name))
        if not others:
            yield Kept(exchange.at(at))


def _places(value: Json, names: Sequence[str], at: str = "") -> Iterator[tuple[str, Json]]:
    """What stands at a path of names, `*` being each item of a list, with its pointer."""
    if not names:
        yield at, value
    elif names[0] == "*" and isinstance(value, list):
        for place, one in enumerate(value):
            yield from _places(one, names[1:], f"{at}/{place}")
    elif isinstance(value, dict) and names[0] in value:
        yield from _places(value[names[0]], names[1:], f"{at}/{names[0]}")


@check("adobe_offset_taken")
def offset_taken(talk: Talk) -> Iterator[Evidence]:
    """An offset is one that an earlier page handed out; without an earlier page it has the documented form."""
    given: set[str] = set()
    listed = {page.exchange.index: page for page in pages(talk)}
    for exchange in talk.exchanges:
        if exchange.operation == "listExportJobs" and exchange.fault is None:
            offset = dict(exchange.request.query).get("offset") or None  # a blank one is none
            at = exchange.at("/request/query/offset")
            if offset is not None and (offset in given or (not given and OFFSET.fullmatch(offset))):
                yield Kept(at)
            elif offset is not None:
                yield Finding(at, "an offset taken from link.next", offset)
        page = listed.get(exchange.index)
        if page is not None:
            told = resolve(exchange.view, "/response/body/page/pageOffset")
            given |= {one for one in (page.next, told) if isinstance(one, str) and one}


@check("adobe_addressed")
def addressed(talk: Talk) -> Iterator[Evidence]:
    """A request to the export jobs has a documented method and path."""
    for exchange in talk.exchanges:
        if exchange.fault is not None or talk.surface.is_inquiry(exchange):
            continue
        astray = exchange.operation is None and talk.surface.amiss(exchange, None) is not None
        if not astray and not JOBS.search(exchange.request.path):
            continue
        if exchange.operation is None:
            got = f"{exchange.request.method} {exchange.request.path}"
            yield Finding(exchange.at("/request/path"), "a documented method and path", got)
        else:
            yield Kept(exchange.at("/request/path"))


@check("adobe_base_path")
def base_path(talk: Talk) -> Iterator[Evidence]:
    """On the platform's own hosts the path begins with the base path; elsewhere the prefix is free."""
    for exchange in talk.selected:
        split = split_url(exchange.request.url)
        if PLATFORM.search(split.hostname or "") and not split.path.startswith(BASE):
            yield Finding(exchange.at("/request/path"), f"{BASE}…", split.path)
        else:
            yield Kept(exchange.at("/request/path"))


@check("adobe_no_slash")
def no_slash(talk: Talk) -> Iterator[Evidence]:
    """The path does not end in a slash, other than that of a link that was followed."""
    links = {str(page.link) for page in pages(talk) if page.link}
    slashed = any(one.partition("?")[0].endswith("/") for one in links)
    for exchange in talk.selected:
        if not exchange.request.path.endswith("/"):
            yield Kept(exchange.at("/request/path"))
        elif not (slashed and "offset" in dict(exchange.request.query)):
            yield Finding(exchange.at("/request/path"), "no slash at the end", exchange.request.path)


@check("adobe_parameters")
def parameters(talk: Talk) -> Iterator[Evidence]:
    """A list is asked for with documented parameters only."""
    for exchange in talk.selected:
        other = [name for name, _ in exchange.request.query if name not in DOCUMENTED]
        if other:
            at = exchange.at("/request/query")
            yield Finding(at, f"none but {', '.join(DOCUMENTED)}", shorten(", ".join(other)))
        elif exchange.request.query:
            yield Kept(exchange.at("/request/query"))
