"""Checks particular to APSIS One, gathered from the modules beside this one. No rule of its own."""

from export_contracts.checks.blame import client_blamed
from export_contracts.vendors.apsis.checks_client import (
    client_asks_known_format,
    client_backs_off,
    client_body_size,
    client_filter,
    client_keeps_rate,
    client_same_token,
    client_stops_after_a_day,
    client_stops_when_gone,
)
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
    later_form_separates,
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
from export_contracts.vendors.apsis.checks_orders import (
    feature_accepted,
    narrowing_removes,
    plain_order_taken,
    problem_repeats_status,
    rate_enforced,
    sound_order_answered,
    values_are_shared,
)
from export_contracts.vendors.apsis.checks_tokens import token_lives, token_opens, token_says_its_end
from export_contracts.vendors.apsis.checks_told import answer_labelled, running_told, unknown_named

__all__ = [
    "answer_labelled",
    "asked_columns_counted",
    "asked_columns_named",
    "bytes_fit_type",
    "client_asks_known_format",
    "client_backs_off",
    "client_blamed",
    "client_body_size",
    "client_filter",
    "client_keeps_rate",
    "client_same_token",
    "client_stops_after_a_day",
    "client_stops_when_gone",
    "comes_ready",
    "csv_parameters",
    "expected_rows",
    "feature_accepted",
    "filters_agree",
    "gzip_is_gzip",
    "gzip_on_request",
    "key_in_every_row",
    "later_form_separates",
    "narrowing_removes",
    "no_file_for_strangers",
    "not_gone_early",
    "over_after_a_day",
    "plain_by_default",
    "plain_order_taken",
    "poll_status",
    "poll_url_given",
    "problem_repeats_status",
    "rate_enforced",
    "readable_table",
    "ready_stays_ready",
    "running_told",
    "same_table_again",
    "served_format",
    "sound_order_answered",
    "token_lives",
    "token_opens",
    "token_says_its_end",
    "unknown_is_refused",
    "unknown_named",
    "values_are_shared",
]
