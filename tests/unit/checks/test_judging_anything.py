"""Whatever stands in a recording, it is judged: no check breaks over it, and nothing else does."""

import pytest

from export_contracts.catalogue import contract
from export_contracts.judge import judge
from export_contracts.model import Exchange, Headers, Request, Response, Transcript, Verdict

URL = "https://rest.iad-01.braze.com/users/export/segment"
BROKEN = "http://[broken#part"


def verdicts(*exchanges):
    return judge(contract.load("braze"), [Transcript("braze", "odd", "recorded", exchanges)]).verdicts


def start(body=b"{}", answer=b"{}"):
    fields = Headers.of({"Content-Type": "application/json"})
    return Exchange(0, Request("POST", URL, fields, body), Response(200, fields, answer), 1.7e9, 1.7e9 + 1)


@pytest.mark.parametrize(
    "answer",
    [
        b'{"object_prefix": "p-1700000000", "url": "%s"}' % BROKEN.encode(),
        b'{"object_prefix": 1e999, "url": "\\ud800"}',
    ],
)
def test_an_answer_with_anything_in_it(answer):
    look = Exchange(1, Request("GET", BROKEN), Response(404), 1.7e9 + 2, 1.7e9 + 3)
    assert Verdict.ERROR not in {one.verdict for one in verdicts(start(answer=answer), look)}


@pytest.mark.parametrize("depth", [300, 600, 900])
def test_a_request_nested_deeply(depth):
    body = b'{"segment_id": "s", "fields_to_export": ' + b"[" * depth + b"]" * depth + b"}"
    assert Verdict.ERROR not in {one.verdict for one in verdicts(start(body=body))}


def test_a_request_to_no_url_at_all():
    (sent,) = (Exchange(0, Request("GET", BROKEN), Response(404), 1.7e9, 1.7e9),)
    assert sent.request.path == BROKEN
    assert sent.view["request"]["query"] == {}
    assert Verdict.ERROR not in {one.verdict for one in verdicts(sent)}
