"""When a 500 is a service's moment, and when it is the answer."""

import pytest

from export_contracts.checks.outage import breaks_down, says_nothing
from export_contracts.checks.talk import Talk
from export_contracts.model import Exchange, Request, Response, Transcript


def told(*answers, method="POST"):
    """A talk of requests, each given as its body and status."""
    exchanges = tuple(
        Exchange(at, Request(method, "http://a/x", body=body), Response(status), float(at), float(at))
        for at, (body, status) in enumerate(answers)
    )
    return Talk(Transcript("braze", "t", "live", exchanges=exchanges), exchanges, None)


@pytest.mark.parametrize(
    ("answers", "broken"),
    [
        ([(b"a", 500)] * 3 + [(b"b", 200)], True),
        ([(b"a", 500)] * 2, False),
        ([(b"a", 500)] * 3 + [(b"a", 400)], False),
        ([(b"a", 500)] * 3 + [(b"b", 500), (b"b", 200)], False),
        ([(b"a", 503)] * 3, False),
    ],
)
def test_only_what_is_asked_again_and_always_breaks_down_is_an_answer(answers, broken):
    talk = told(*answers)
    assert breaks_down(talk, talk.exchanges[0]) is broken
    assert says_nothing(talk, talk.exchanges[0]) is not broken


def test_a_look_that_breaks_down_again_and_again_is_a_job_under_way():
    talk = told(*[(b"", 500)] * 4, method="GET")
    assert says_nothing(talk, talk.exchanges[0])
