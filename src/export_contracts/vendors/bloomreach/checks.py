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

__all__ = [
    "csv_text",
    "declined",
    "envelope",
    "exported",
    "json_table",
    "not_successful",
    "once_each",
    "row_width",
    "succeeds",
]
