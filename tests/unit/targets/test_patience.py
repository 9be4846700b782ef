"""A 429 is obeyed as it asks, and otherwise met with growing pauses."""

import pytest

from export_contracts.model import Headers, Response
from export_contracts.targets.patience import pause, spent

NOW = 1_767_225_600.0


def too_many(**headers):
    return Response(429, Headers.of({name.replace("_", "-"): value for name, value in headers.items()}))


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (too_many(Retry_After="7"), 7.0),
        (too_many(Retry_After="0"), 0.05),
        (too_many(Retry_After="Thu, 01 Jan 2026 00:01:00 GMT"), 60.0),
        (too_many(X_RateLimit_Reset=str(NOW + 90)), 90.0),
        (too_many(X_RateLimit_Reset=str(NOW - 90)), 4.0),
        (too_many(Retry_After="soon"), 4.0),
        (too_many(Retry_After="inf"), 4.0),
        (too_many(Retry_After="3", X_RateLimit_Reset=str(NOW + 90)), 3.0),
        (too_many(), 4.0),
        (Response(503), None),
        (None, None),
    ],
)
def test_the_pause_after_an_answer(answer, seconds):
    assert pause(answer, NOW, attempt=2) == seconds


@pytest.mark.parametrize(
    ("remaining", "reset", "seconds"),
    [("0", NOW + 90, 90.0), ("1", NOW + 90, 0.0), ("0", NOW - 90, 0.0), ("0", "soon", 0.0), ("", "", 0.0)],
)
def test_a_live_target_is_paced_by_its_allowance(remaining, reset, seconds):
    headers = Headers.of({"X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": str(reset)})
    assert spent(Response(200, headers), NOW) == seconds
    assert spent(None, NOW) == 0
