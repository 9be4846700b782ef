"""What a target file for the reference declares: ids that exist here, and what an export of them holds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from export_contracts.model import Json
from export_contracts.reference.population import Population
from export_contracts.vendors.apsis.reference_profiles import rows
from export_contracts.vendors.apsis.reference_request import MOST, Order

SEGMENT: Final = "usercreated.segments.regulars-q3k8v2m1xa"
OTHER: Final = "usercreated.segments.north-7hd02kfw9z"
TOPICS: Final = ("usercreated.topics.boots-m2x9c4v7bn", "usercreated.topics.coats_-_wool-a8s6d4f2gh")
CHANNEL: Final = "com.apsis1.channels.email"
AQL: Final = "profile.events.any('com.apsis1.events.email.open')"
FILTERS: Final = ("wanted", "!(wanted)", "wanted & other", "!(other) & wanted")


def facts(account: Mapping[str, str], people: Population) -> dict[str, Json]:
    """Settings by name."""
    return {
        **account,
        "segment_id": SEGMENT,
        "other_segment_id": OTHER,
        "segment_definition": AQL,
        "topics": list(TOPICS),
        "channel": CHANNEL,
        "attributes": [
            {"field_name": "First name", "attribute_discriminator": "com.apsis1.attributes.firstname"},
            {"field_name": "Birth date", "attribute_discriminator": "com.apsis1.attributes.birthdate"},
            {"field_name": "City", "attribute_discriminator": "com.apsis1.attributes.city"},
            {"field_name": "Remark", "attribute_discriminator": "usercreated.attributes.remark"},
        ],
        "tags": [{"field_name": "Member", "tag_discriminator": "usercreated.tags.member-k3l5m7n9pq"}],
        "compared": "City",
        "expected_rows": _expected(people),
        "limits": dict(MOST),
        "rate_limits": True,
    }


@lru_cache(maxsize=4)
def _counted(people: Population) -> tuple[tuple[str, int], ...]:
    names = {"wanted": SEGMENT, "other": OTHER}
    orders = {one: Order(names, one, (), None, {}) for one in FILTERS}
    orders["everything"] = Order({}, None, (), None, {})
    orders["topics"] = Order({}, None, TOPICS, CHANNEL, {})
    orders["definition"] = Order({"wanted": AQL}, "wanted", (), None, {})
    return tuple((name, sum(1 for _ in rows(order, people))) for name, order in orders.items())


def _expected(people: Population) -> dict[str, Json]:
    """Rows by filter, and of an export by nothing, by topics and by the AQL query."""
    return dict(_counted(people))
