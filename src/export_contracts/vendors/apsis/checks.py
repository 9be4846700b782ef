"""Checks particular to APSIS One, gathered from the modules beside this one. No rule of its own."""

from export_contracts.vendors.apsis.checks_contents import (
    asked_columns_counted,
    asked_columns_named,
    expected_rows,
    key_in_every_row,
    readable_table,
    same_table_again,
)
from export_contracts.vendors.apsis.checks_filter import filters_agree
from export_contracts.vendors.apsis.checks_life import (
    comes_ready,
    no_file_for_strangers,
    not_gone_early,
    over_after_a_day,
    poll_status,
    poll_url_given,
    ready_stays_ready,
    unknown_is_refused,
)
from export_contracts.vendors.apsis.checks_negotiation import (
    bytes_fit_type,
    csv_parameters,
    gzip_is_gzip,
    gzip_on_request,
    plain_by_default,
    served_format,
)

__all__ = [
    "asked_columns_counted",
    "asked_columns_named",
    "bytes_fit_type",
    "comes_ready",
    "csv_parameters",
    "expected_rows",
    "filters_agree",
    "gzip_is_gzip",
    "gzip_on_request",
    "key_in_every_row",
    "no_file_for_strangers",
    "not_gone_early",
    "over_after_a_day",
    "plain_by_default",
    "poll_status",
    "poll_url_given",
    "readable_table",
    "ready_stays_ready",
    "same_table_again",
    "served_format",
    "unknown_is_refused",
]
