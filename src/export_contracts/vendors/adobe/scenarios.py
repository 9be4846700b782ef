"""Every journey through Adobe's export jobs, gathered from the modules that hold them.

They are an exemplary client's, which asserts nothing. What it does wrong on purpose is marked by an intent.
"""

from __future__ import annotations

from export_contracts.vendors.adobe.scenarios_lists import filter_by_status, look_around, walk_the_list
from export_contracts.vendors.adobe.scenarios_orders import (
    a_day_for_an_export,
    batch_for_each_segment,
    cancel_a_job,
    export_everything,
    export_one_segment,
    export_two_segments,
    export_with_everything,
    export_with_halves,
    failed_export,
)
from export_contracts.vendors.adobe.scenarios_refusals import (
    refused_orders,
    stopped_at_the_gateway,
    unknown_job,
    unreadable_orders,
)

__all__ = [
    "a_day_for_an_export",
    "batch_for_each_segment",
    "cancel_a_job",
    "export_everything",
    "export_one_segment",
    "export_two_segments",
    "export_with_everything",
    "export_with_halves",
    "failed_export",
    "filter_by_status",
    "look_around",
    "refused_orders",
    "stopped_at_the_gateway",
    "unknown_job",
    "unreadable_orders",
    "walk_the_list",
]
