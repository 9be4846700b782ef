"""Journeys through APSIS One's duplicate profile export, gathered from the modules beside this one.

They are played as an exemplary client; nothing is asserted in any of them.
"""

from __future__ import annotations

from export_contracts.model import Exchange
from export_contracts.targets.stage import Stage
from export_contracts.vendors.apsis.scenarios_export import export_as_csv, export_as_workbook, one_day, strangers
from export_contracts.vendors.apsis.scenarios_orders import (
    definitions,
    everything,
    faulty_orders,
    faulty_topics,
    filters,
    filters_of_two,
    huge_order,
    over_the_limit,
    topics,
)
from export_contracts.vendors.apsis.scenarios_tokens import (
    authenticate,
    burst_of_looks,
    burst_of_orders,
    burst_of_tokens,
    one_token_for_a_day,
    own_token,
)

__all__ = [
    "at_rest",
    "authenticate",
    "burst_of_looks",
    "burst_of_orders",
    "burst_of_tokens",
    "definitions",
    "everything",
    "export_as_csv",
    "export_as_workbook",
    "faulty_orders",
    "faulty_topics",
    "filters",
    "filters_of_two",
    "huge_order",
    "one_day",
    "one_token_for_a_day",
    "over_the_limit",
    "own_token",
    "strangers",
    "topics",
]


def at_rest(stage: Stage, sent: Exchange) -> None:
    """Let the account's second between two orders pass, where the target counts or waiting is free."""
    if stage.target.features & {"rate_limits", "clock"} or sent.status == 429:
        stage.wait(1.0)
