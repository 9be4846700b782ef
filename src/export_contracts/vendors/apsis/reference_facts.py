"""What a target file for the reference declares: ids that exist here, and what an export of them holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from export_contracts.model import Json
from export_contracts.reference.population import Population
from export_contracts.vendors.apsis.reference_profiles import rows
from export_contracts.vendors.apsis.reference_request import MOST, Order

SEGMENT: Final = "usercreated.segments.regulars-q3k8v2m1xa"
OTHER: Final = "usercreated.segments.north-7hd02kfw9z"
FILTERS: Final = ("wanted", "!(wanted)", "wanted & other", "!(other) & wanted")


def facts(account: Mapping[str, str], people: Population) -> dict[str, Json]:
    """Settings by name."""
    names = {"wanted": SEGMENT, "other": OTHER}
    return {
        **account,
        "segment_id": SEGMENT,
        "other_segment_id": OTHER,
        "segment_definition": "profile.events.any('com.apsis1.events.email.open')",
        "topics": ["usercreated.topics.boots-m2x9c4v7bn", "usercreated.topics.coats_-_wool-a8s6d4f2gh"],
        "channel": "com.apsis1.channels.email",
        "attributes": [
            {"field_name": "First name", "attribute_discriminator": "com.apsis1.attributes.firstname"},
            {"field_name": "Birth date", "attribute_discriminator": "com.apsis1.attributes.birthdate"},
            {"field_name": "City", "attribute_discriminator": "com.apsis1.attributes.city"},
            {"field_name": "Remark", "attribute_discriminator": "usercreated.attributes.remark"},
        ],
        "tags": [{"field_name": "Member", "tag_discriminator": "usercreated.tags.member-k3l5m7n9pq"}],
        "compared": "City",
        "expected_rows": {one: len(list(rows(Order(names, one, (), None, {}), people))) for one in FILTERS},
        "limits": dict(MOST),
        "rate_limits": True,
    }
