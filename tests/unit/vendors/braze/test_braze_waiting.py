"""An export that nobody watched may have come and gone; one that was watched all along and never came is late."""

import json

import pytest

from export_contracts.catalogue import contract
from export_contracts.judge import judge
from export_contracts.model import Exchange, Headers, Intent, Request, Response, Transcript, Verdict

URL = "https://rest.iad-01.braze.com/users/export/segment"
FILE = "https://files.example/1"
BEGUN = 1_700_000_000.0


def waiting(*looks):
    """The verdict over a start and looks, each as (seconds after the start, status); the last ended our patience."""
    fields = Headers.of({"Content-Type": "application/json"})
    asked = Request("POST", URL, fields, b'{"segment_id": "s", "fields_to_export": ["email"]}')
    told = Response(201, fields, json.dumps({"message": "success", "object_prefix": "p", "url": FILE}).encode())
    exchanges = [Exchange(0, asked, told, BEGUN, BEGUN, "exportUsersBySegment", Intent("test"))]
    for place, (after, status) in enumerate(looks, 1):
        mark = Intent("test", "patience-ended" if place == len(looks) else None)
        at = BEGUN + after
        exchanges.append(
            Exchange(place, Request("GET", FILE), Response(status), at, at, "downloadExport", mark),
        )
    talk = Transcript("braze", "waiting", "live", tuple(exchanges))
    (judged,) = judge(contract.load("braze"), [talk], parties=("provider",), only={"BRZ-073"}).verdicts
    return judged.verdict


@pytest.mark.parametrize(
    ("looks", "verdict"),
    [
        ([(1, 403), (1800, 403), (3600, 403), (5400, 403)], Verdict.FAIL),
        ([(1, 403), (86_400, 403), (86_401, 403)], Verdict.UNEXERCISED),
        ([(7200, 403), (7201, 403)], Verdict.UNEXERCISED),
        ([(1, 403), (1800, 429), (3601.5, 403), (3700, 403)], Verdict.UNEXERCISED),
    ],
)
def test_an_export_is_late_only_where_it_was_watched(looks, verdict):
    assert waiting(*looks) is verdict
