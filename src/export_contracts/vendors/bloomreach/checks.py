"""Every check that a Bloomreach clause can name, gathered from the modules that hold them."""

from __future__ import annotations

from export_contracts.vendors.bloomreach.checks_answers import (
    csv_text,
    declined,
    envelope,
    exported,
    json_table,
    not_successful,
    once_each,
    row_width,
    succeeds,
)
from export_contracts.vendors.bloomreach.checks_clients import plain_body, private_access
from export_contracts.vendors.bloomreach.checks_columns import (
    everything,
    ids_first,
    listed_columns,
    listed_order,
    reversed_list,
)
from export_contracts.vendors.bloomreach.checks_comparisons import (
    names_first,
    same_as_default,
    same_cells,
    same_customers,
    same_labels,
    same_values,
    same_width,
)
from export_contracts.vendors.bloomreach.checks_room import room_for_rows
from export_contracts.vendors.bloomreach.checks_segments import adds_up, apart, counted, members, moments, within

__all__ = [
    "adds_up",
    "apart",
    "counted",
    "csv_text",
    "declined",
    "envelope",
    "everything",
    "exported",
    "ids_first",
    "json_table",
    "listed_columns",
    "listed_order",
    "members",
    "moments",
    "names_first",
    "not_successful",
    "once_each",
    "plain_body",
    "private_access",
    "reversed_list",
    "room_for_rows",
    "row_width",
    "same_as_default",
    "same_cells",
    "same_customers",
    "same_labels",
    "same_values",
    "same_width",
    "succeeds",
    "within",
]
