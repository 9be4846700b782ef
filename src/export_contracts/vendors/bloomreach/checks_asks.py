"""What a request asked for, as far as the documents settle what must come of it. Judges nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from export_contracts.checks.talk import Talk
from export_contracts.model import Exchange, Json, Unreadable
from export_contracts.vendors.bloomreach import declared
from export_contracts.vendors.bloomreach.checks_sheet import Form, Sheet
from export_contracts.vendors.bloomreach.checks_tables import sheet, sheet_of

DOCUMENTED_FORMATS: Final = ("csv", "table_json")
DOCUMENTED_IDS: Final = ("registered", "cookie")
USUAL_PROPERTIES: Final = ("email", "first_name", "last_name", "phone")
SAFE_ZONES: Final = ("UTC", "Africa/Lagos", "Europe/Prague", "America/New_York", "Asia/Tokyo", "Australia/Sydney")
"""Names that any edition of the tz database holds."""
PLAIN_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
"""What a property is called where labels are names; a label such as `First name` may be no property's name."""
DRAWN: Final = "generated"
"""The label of requests that were drawn and not written."""
YEAR_2001: Final = 1_000_000_000
SKEW: Final = 300.0
"""Seconds by which a target's clock may be behind ours: what is just past for us may still be to come for it."""
AWHILE: Final = 7_200.0
"""Seconds for which customers may be taken to be the same, unless they are seen to change."""


def asked(exchange: Exchange) -> Mapping[str, Json]:
    """The request's body; empty where it is no JSON object."""
    body = exchange.request.json
    return body if not isinstance(body, Unreadable) and isinstance(body, dict) else {}


def without(exchange: Exchange, *names: str) -> str:
    """The request but for its body members `names`, as text that compares: target, credential and body."""
    body = {name: value for name, value in asked(exchange).items() if name not in names}
    return json.dumps([exchange.request.path, exchange.request.headers.get("authorization"), body], sort_keys=True)


def is_settled(talk: Talk, exchange: Exchange) -> bool:
    """Whether the documents and the target's facts leave no doubt that the request is a valid one."""
    body = asked(exchange)
    return (
        body.get("format") in DOCUMENTED_FORMATS
        and _settled_attributes(body.get("attributes"), talk)
        and _settled_filter(body.get("filter"), talk.facts)
        and _settled_moment(body.get("execution_time"), exchange)
        and body.get("timezone", "UTC") in SAFE_ZONES
        and set(body) <= {"format", "attributes", "filter", "execution_time", "timezone"}
    )


def _settled_attributes(attributes: Json, talk: Talk) -> bool:
    if attributes is None or attributes in ({}, {"type": "properties_and_ids"}):
        return True
    listed = attributes.get("list") if isinstance(attributes, dict) and attributes.get("type") == "some" else None
    if not isinstance(listed, list) or not listed:
        return False
    known = [{"type": "id", "id": name} for name in DOCUMENTED_IDS]
    known += [{"type": "property", "property": name} for name in declared.properties(talk.facts)]
    return all(one in known or _is_seen(one, talk) for one in listed)


def _is_seen(item: Json, talk: Talk) -> bool:
    """Whether it is a usual property and each export of everything has a column of its name.

    Of an unusual name it is not sure that it is a property's: it may be an aggregate's, say.
    """
    name = item.get("property") if isinstance(item, dict) and item.get("type") == "property" else None
    return name in USUAL_PROPERTIES and name in talk.once("bloomreach-seen", lambda: _seen(talk))


def _seen(talk: Talk) -> frozenset[str]:
    whole = (sheet(talk, one) for one in talk.of("exportCustomers") if asked(one).get("attributes") is None)
    headers = [set(one.header) for one in whole if one is not None and set(one.header) >= set(DOCUMENTED_IDS)]
    return frozenset(set.intersection(*headers)) if headers else frozenset()


def _settled_filter(wanted: Json, facts: Mapping[str, Json]) -> bool:
    if wanted is None or wanted == {"type": "all"}:
        return True
    segmentation = facts.get("segment_id")
    return segmentation is not None and wanted in [
        {"type": "segment", "segmentation_id": segmentation, "segment_index": index}
        for index in declared.known_indexes(facts)
    ]


def _settled_moment(moment: Json, exchange: Exchange) -> bool:
    if moment is None:
        return True
    if not isinstance(moment, int) or isinstance(moment, bool) or moment < YEAR_2001 or not exchange.timed:
        return False
    return moment <= exchange.started - SKEW


def listed(exchange: Exchange) -> list[Mapping[str, Json]]:
    """The items of an attribute list of type `some`; empty where there is none."""
    attributes = asked(exchange).get("attributes")
    items = attributes.get("list") if isinstance(attributes, dict) and attributes.get("type") == "some" else None
    return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []


def tables(talk: Talk) -> Iterator[tuple[Exchange, Sheet]]:
    """The selected exchanges whose answers hold a table that can be read."""
    for exchange in talk.selected:
        found = sheet(talk, exchange)
        if found is not None and _form_fits(exchange, found):
            yield exchange, found


def distinct_tables(talk: Talk) -> Iterator[tuple[Exchange, Sheet]]:
    """The same without repetitions: the same request, answered byte for byte the same, stands once."""
    seen: set[tuple[str, bytes]] = set()
    for exchange, found in tables(talk):
        key = without(exchange), exchange.response.body if exchange.response else b""
        if key not in seen:
            seen.add(key)
            yield exchange, found


def _form_fits(exchange: Exchange, found: Sheet) -> bool:
    form = asked(exchange).get("format")
    return form == "native_json" or (found.form is Form.CSV) == (form == "csv")


def name_of(item: Mapping[str, Json]) -> str | None:
    """What a list item calls its attribute; None for forms whose label nobody documents."""
    if item.get("type") == "id" and set(item) == {"type", "id"}:
        return str(item["id"])
    if item.get("type") == "property" and set(item) == {"type", "property"}:
        return str(item["property"])
    return None


def existing(talk: Talk) -> frozenset[str]:
    """Attributes that exist beyond doubt: documented, declared, or named by labels that are names."""
    labels = {label for _, table in tables(talk) for label in table.header}
    seen = {one for one in labels if PLAIN_NAME.fullmatch(one)} if labels >= set(DOCUMENTED_IDS) else set()
    return frozenset({*DOCUMENTED_IDS, *declared.properties(talk.facts), *seen})


def is_refusal(talk: Talk, exchange: Exchange) -> bool:
    """Whether the answer refuses: any status but success, or a failure told under status 200."""
    if exchange.status is None or exchange.status >= 300:
        return exchange.status is not None
    return says_failure(talk, exchange)


def says_failure(talk: Talk, exchange: Exchange) -> bool:
    """Whether a body, whatever the status, tells of failure: `success: false`, a reason, or the known text."""
    found = sheet_of(talk, exchange)
    if isinstance(found, Sheet) and (found.rows or found.form is not Form.CSV):
        return False
    content = exchange.response.content if exchange.response else b""
    told = not isinstance(content, Unreadable) and b"no permission" in content[:1000].lower()
    return found is Form.FAILURE or told


def has_known_access(talk: Talk, exchange: Exchange) -> bool:
    """Whether project and key are known to be good: declared for the target, or seen to work in this traffic."""
    if talk.facts.get("project_token") is not None:
        return True
    access = _access(exchange)
    return any(sheet(talk, one) is not None and _access(one) == access for one in talk.of(exchange.operation or ""))


def _access(exchange: Exchange) -> tuple[str, str | None]:
    return exchange.request.path, exchange.request.headers.get("authorization")


def is_steady(talk: Talk) -> bool:
    """Whether requests sent twice brought the same customers, and not long after: else the project changes meanwhile.

    Drawn requests, unlike scenarios, do not end as they began, so that nothing is known of theirs.
    """
    return talk.once("bloomreach-steady", lambda: _steady(talk))


def _steady(talk: Talk) -> bool:
    if any(one.intent is not None and one.intent.label == DRAWN for one in talk.exchanges):
        return False
    times = [one.started for one in talk.of("exportCustomers") if one.timed]
    if times and max(times) - min(times) > AWHILE:
        return False
    seen: dict[str, Sheet] = {}
    for exchange in talk.of("exportCustomers"):
        found = sheet(talk, exchange)
        if found is None or exchange.fault is not None:
            continue
        before = seen.setdefault(without(exchange), found)
        if before.identities != found.identities:
            return False
    return True
