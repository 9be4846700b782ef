"""Every check that a Bloomreach clause can name, gathered from the modules that hold them."""

from __future__ import annotations

from export_contracts.checks.blame import client_blamed
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
    same_crowd,
    same_customers,
    same_labels,
    same_values,
    same_when_filtered,
    same_width,
)
from export_contracts.vendors.bloomreach.checks_forms import (
    comma_between,
    cut_evenly,
    labels_differ,
    media_type_fits,
    names_somewhere,
    one_form,
)
from export_contracts.vendors.bloomreach.checks_room import room_for_rows
from export_contracts.vendors.bloomreach.checks_segments import adds_up, apart, counted, members, moments, within

__all__ = [
    "adds_up",
    "apart",
    "client_blamed",
    "comma_between",
    "counted",
    "csv_text",
    "cut_evenly",
    "declined",
    "envelope",
    "everything",
    "exported",
    "ids_first",
    "json_table",
    "labels_differ",
    "listed_columns",
    "listed_order",
    "media_type_fits",
    "members",
    "moments",
    "names_first",
    "names_somewhere",
    "not_successful",
    "once_each",
    "one_form",
    "plain_body",
    "private_access",
    "reversed_list",
    "room_for_rows",
    "row_width",
    "same_as_default",
    "same_cells",
    "same_crowd",
    "same_customers",
    "same_labels",
    "same_values",
    "same_when_filtered",
    "same_width",
    "succeeds",
    "within",
]
