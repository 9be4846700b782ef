"""What the reference makes of `Accept` and `Accept-Encoding`. Header text in, a choice out."""

from __future__ import annotations

from collections.abc import Iterator

from export_contracts.vendors.apsis.reference_request import Refused
from export_contracts.vendors.apsis.reference_sheet import CSV, XLSX

_SERVED = {"*/*": CSV, "text/*": CSV, "text/csv": CSV, "application/*": XLSX, XLSX: XLSX}


def wanted_type(accept: str | None) -> str:
    """The format with the highest weight, CSV by default; raises `Refused` where neither is accepted."""
    if accept is None or not accept.strip():
        return CSV
    choices = [(weight, _SERVED[name]) for name, weight in _weighted(accept) if name in _SERVED and weight > 0]
    if not choices:
        raise Refused(406, "Not Acceptable", "The file exists as CSV and as XLSX only.")
    return max(choices, key=lambda one: one[0])[1]


def takes_gzip(accept_encoding: str | None) -> bool:
    """Whether gzip is asked for by name."""
    return any(name == "gzip" and weight > 0 for name, weight in _weighted(accept_encoding or ""))


def _weighted(header: str) -> Iterator[tuple[str, float]]:
    for item in header.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = next((one[2:].strip() for one in parameters if one.startswith("q=")), "1")
        try:
            yield name, float(weight)
        except ValueError:
            yield name, 0.0
