"""Journeys around the order's body: what narrows an export, what becomes a column, and what is wrong with a body."""

from __future__ import annotations

from typing import Final

from export_contracts.model import Exchange, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.apsis.checks_calls import is_accepted
from export_contracts.vendors.apsis.scenarios_bodies import (
    LISTS,
    body,
    by_definition,
    by_topics,
    changed,
    listed,
    too_many,
)
from export_contracts.vendors.apsis.scenarios_moves import SCHEMES, Mark, intent, keep_pace, order, until_ready

HUGE: Final = 120_000
"""Bytes of a body beyond the general bound of 100 kB."""


@scenario(exports=4)
def filters(stage: Stage) -> None:
    """Export with a segment, with its negation, and with both at once, under one name and under two."""
    base = order(stage, body(stage))
    mark = Mark(feature="negation", twin=base.index)
    negated = [order(stage, body(stage, expression), mark) for expression in ("!(wanted)", "wanted & !(wanted)")]
    segment = stage.setting("segment_id")
    twice = {"wanted": segment, "again": segment}
    again = order(stage, changed(body(stage), segment_discriminators=twice, filter="!(again) & wanted"))
    _fetch_all(stage, base, *negated, again)


@scenario(needs=("other_segment_id",), exports=4)
def filters_of_two(stage: Stage) -> None:
    """Export by expressions over two segments, among them the form that the document shows."""
    base = order(stage, body(stage, "wanted"))
    mark = Mark(feature="two segments", twin=base.index)
    both = [order(stage, body(stage, one), mark) for one in ("wanted & other", "!(other) & wanted")]
    _fetch_all(stage, *both, base, order(stage, body(stage, "other")))


@scenario(exports=3)
def everything(stage: Stage) -> None:
    """Export without segments, with every column, and the same narrowed by a segment, before and after."""
    base = order(stage, body(stage, columns=True))
    wide = order(stage, body(stage, None, columns=True), Mark(feature="no segments", twin=base.index))
    order(stage, body(stage, columns=True), Mark(feature="segments", twin=wide.index))
    _fetch_all(stage, base, wide)


@scenario(needs=("segment_definition",), exports=2)
def definitions(stage: Stage) -> None:
    """Export by an AQL query instead of a segment."""
    base = order(stage, body(stage))
    until_ready(stage, order(stage, by_definition(stage), Mark(feature="definitions", twin=base.index)))


@scenario(needs=("topics", "channel"), exports=4)
def topics(stage: Stage) -> None:
    """Export the subscribers of topics, beside all profiles; then those of a segment, who subscribed and at all."""
    base = order(stage, body(stage, None))
    _fetch_all(stage, base, order(stage, by_topics(stage), Mark(feature="topics", twin=base.index)))
    segment = order(stage, body(stage))
    both = {**body(stage), **by_topics(stage)}
    _fetch_all(stage, segment, order(stage, both, Mark(feature="topics", twin=segment.index)))


def _fetch_all(stage: Stage, *orders: Exchange) -> None:
    """Fetch the files of orders that were all sent before any of them was waited for."""
    for one in orders:
        until_ready(stage, one)


@scenario(exports=11)
def faulty_orders(stage: Stage) -> None:
    """Order once well, then with one fault at a time."""
    good = body(stage)
    base = order(stage, good)
    if not is_accepted(base):
        return
    faults: dict[str, Json] = {
        "required:/segments/filter": changed(good, filter=None),
        "filter:unknown-name": changed(good, filter="wanted & unheard_of"),
        "filter:unbalanced": changed(good, filter="(wanted"),
        "filter:incomplete": changed(good, filter="wanted &"),
        "type:/segments/filter": changed(good, filter=7),
        "type:/segments/segment_discriminators": changed(good, segment_discriminators=[stage.setting("segment_id")]),
        "type:/segments": {**good, "segments": ["wanted"]},
        "type:/segments/timezone": changed(good, timezone=7),
        "type:/segments/segment_discriminators/wanted": changed(good, segment_discriminators={"wanted": 7}),
        "type:/": [good],
        "required:/segments/segment_discriminators": changed(good, segment_discriminators=None),
    }
    for name in LISTS:
        faults |= {f"type:/{name}": {**good, name: 7}, f"type:/{name}/0": {**good, name: [7]}}
    for fault, what in faults.items():
        order(stage, what, Mark(fault, twin=base.index))
    for fault in ("credential:absent", "credential:wrong"):
        _unauthorised(stage, good, Mark(fault, twin=base.index))
    _with_other_schemes(stage, good, base)
    _broken_json(stage, base)
    order(stage, good)


def _unauthorised(stage: Stage, good: Json, mark: Mark) -> None:
    keep_pace(stage)
    auth = "none" if mark.fault == "credential:absent" else "wrong"
    stage.send("requestDuplicatesExport", json=good, auth=auth, intent=intent(stage, mark))  # type: ignore[arg-type]  # one of two


def _with_other_schemes(stage: Stage, good: Json, base: Exchange) -> None:
    """The token without the word Bearer before it, and with another word."""
    token = (base.request.headers.get("authorization") or "").partition(" ")[2]
    for fault, scheme in SCHEMES.items() if token else ():
        keep_pace(stage)
        given = {"Authorization": f"{scheme}{token}"}
        mark = intent(stage, Mark(fault, twin=base.index))
        stage.send("requestDuplicatesExport", json=good, headers=given, auth="none", intent=mark)


def _broken_json(stage: Stage, base: Exchange) -> None:
    keep_pace(stage)
    stage.send(
        "requestDuplicatesExport",
        body=base.request.body[:-1],
        headers={"Content-Type": "application/json"},
        intent=intent(stage, Mark("syntax:/", twin=base.index)),
    )


@scenario(needs=("topics", "channel"), exports=3)
def faulty_topics(stage: Stage) -> None:
    """Order by topics well, then without the channel, without a topic, and with topics that are no list."""
    base = order(stage, by_topics(stage))
    if not is_accepted(base):
        return
    faults = {
        "required:/channel_discriminator": by_topics(stage, channel_discriminator=None),
        "minItems:/topic_discriminators": by_topics(stage, topic_discriminators=[]),
        "type:/topic_discriminators": by_topics(stage, topic_discriminators=7),
        "type:/channel_discriminator": by_topics(stage, channel_discriminator=7),
    }
    for fault, what in faults.items():
        order(stage, what, Mark(fault, twin=base.index))
    order(stage, by_topics(stage))


@scenario(needs=("limits",), exports=3)
def over_the_limit(stage: Stage) -> None:
    """Order one topic, attribute or tag more than the target's owner says it supports."""
    limits = stage.setting("limits")
    base = order(stage, body(stage))
    for name, most in limits.items() if isinstance(limits, dict) and is_accepted(base) else ():
        if isinstance(most, int) and listed(stage, "topics" if name == "topic_discriminators" else name):
            order(stage, too_many(stage, name, most + 1), Mark(f"maxItems:/{name}", twin=base.index))


@scenario(needs=("attributes",), exports=3)
def huge_order(stage: Stage) -> None:
    """Order far more columns than any account supports, in a body beyond the general bound; then soundly again."""
    base = order(stage, body(stage, columns=True))
    name = next((one for one in LISTS if listed(stage, one)), None)
    if name is not None and is_accepted(base):
        order(stage, too_many(stage, name, HUGE // 40), Mark(f"maxLength:/{name}", twin=base.index))
        order(stage, body(stage))
