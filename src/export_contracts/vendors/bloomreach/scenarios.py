"""Every journey through Bloomreach's customer export, gathered from the modules that hold them; refusals come last."""

from __future__ import annotations

from export_contracts.vendors.bloomreach.scenarios_exports import (
    formats,
    likely_attributes,
    listed_attributes,
    other_times,
    past_segments,
    segments,
    segments_by_default_zone,
    segments_found,
    spelt_out_defaults,
    undocumented_format,
)
from export_contracts.vendors.bloomreach.scenarios_refused import (
    refused_bodies,
    refused_credentials,
    refused_index,
    refused_permission,
    refused_project,
    refused_values,
)

__all__ = [
    "formats",
    "likely_attributes",
    "listed_attributes",
    "other_times",
    "past_segments",
    "refused_bodies",
    "refused_credentials",
    "refused_index",
    "refused_permission",
    "refused_project",
    "refused_values",
    "segments",
    "segments_by_default_zone",
    "segments_found",
    "spelt_out_defaults",
    "undocumented_format",
]
