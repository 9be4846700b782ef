"""Behind the plain gate a test may send one order after another; behind an awkward one nothing is made easy."""

import json
import urllib.error
import urllib.request

import pytest

from export_contracts.catalogue import contract
from export_contracts.gate.passage import opened

FULL = {"fields_to_export": ["email", "purchases"], "callback_endpoint": "http://127.0.0.1:9/", "output_format": "zip"}
MINIMAL = {"fields_to_export": ["external_id"]}


def status(url, body, **headers):
    fields = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, json.dumps(body).encode(), fields)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, None


@pytest.mark.parametrize(
    ("orders", "expected"),
    [([FULL, MINIMAL, FULL], [200, 200, 200]), ([MINIMAL, MINIMAL], [200, 429])],
    ids=["one after another", "the same again"],
)
def test_orders_of_one_segment_follow_one_another(orders, expected):
    """A retry of what is still running is refused as documented (001, line 23); another order finds it ended."""
    with opened(contract.load("braze")) as gate:
        given = gate.variables
        key = {"Authorization": f"Bearer {given['EXPORT_CONTRACTS_BRAZE_TOKEN']}"}
        url = given["EXPORT_CONTRACTS_BRAZE_URL"] + "/users/export/segment"
        segment = {"segment_id": given["EXPORT_CONTRACTS_BRAZE_SEGMENT_ID"]}
        assert [status(url, {**segment, **one}, **key)[0] for one in orders] == expected


@pytest.mark.parametrize(("awkward", "refused"), [(None, False), (3, True)])
def test_tokens_are_not_counted_but_by_the_awkward(awkward, refused):
    with opened(contract.load("apsis"), awkward=awkward) as gate:
        given = gate.variables
        url = given["EXPORT_CONTRACTS_APSIS_URL"] + "/oauth/token"
        client = {name: given[f"EXPORT_CONTRACTS_APSIS_{name.upper()}"] for name in ("client_id", "client_secret")}
        body = {"grant_type": "client_credentials", **client}
        assert (429 in [status(url, body)[0] for _ in range(14)]) is refused
