"""Every journey through Braze's segment export, gathered from the modules that hold them."""

from __future__ import annotations

from export_contracts.vendors.braze.scenarios_exports import (
    callback_to_url,
    empty_segment,
    every_field,
    export_to_bucket,
    export_to_url,
    large_export,
)
from export_contracts.vendors.braze.scenarios_refused import requests_refused
from export_contracts.vendors.braze.scenarios_together import cancelled, hundred_at_once, second_export

__all__ = [
    "callback_to_url",
    "cancelled",
    "empty_segment",
    "every_field",
    "export_to_bucket",
    "export_to_url",
    "hundred_at_once",
    "large_export",
    "requests_refused",
    "second_export",
]
