"""A target that exists only on a cassette: scenarios play against it through vcrpy, and no socket is opened.

vcrpy answers from the recording; what HTTP does not hold (time, callbacks, delivered files, requests that went
unanswered) comes from the cassette's metadata. Judging a cassette needs none of this: `transcript.traffic`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import urllib3

from export_contracts.errors import TrafficError
from export_contracts.model import Callback, DeliveredFile, Exchange, Headers, Request, Response, Transcript
from export_contracts.targets.target import Pace, Target
from export_contracts.targets.transport import Trouble
from export_contracts.targets.venue import Venue
from export_contracts.transcript.traffic import load

PACE: Final = Pace(poll=30.0, deadline=86_400.0)
"""That of the embedded reference; time on a cassette costs nothing."""


@contextmanager
def replayed(path: Path, vendor: str) -> Iterator[Venue]:
    """The venue of one cassette, for one play of the scenario it was recorded from."""
    import vcr
    from vcr.errors import CannotOverwriteExistingCassetteException

    (transcript,) = load(path, vendor)
    if transcript.base_url is None:
        raise TrafficError(f"{path} does not say where it was recorded.", hint="export-contracts record writes one.")
    target = Target(vendor, transcript.base_url, transcript.facts, PACE, origin=transcript.origin)
    with (
        vcr.use_cassette(str(path), record_mode="none"),
        urllib3.PoolManager(retries=False) as pool,
    ):
        yield Venue(target, lambda: ReplayTransport(transcript, pool, CannotOverwriteExistingCassetteException))


class ReplayTransport:
    """Carries requests to a cassette. Its clock stands where the recording was when the same request was answered."""

    def __init__(self, transcript: Transcript, pool: urllib3.PoolManager, absent: type[Exception]) -> None:
        self._transcript = transcript
        self._left = list(transcript.exchanges)
        self._pool = pool
        self._absent = absent
        self._now = min((one.started for one in transcript.exchanges), default=0.0)

    def carry(self, request: Request) -> Response:
        """The recorded answer; `Trouble` where there was none, or where nobody asked this."""
        recorded = self._take(request)
        self._now = max(self._now, recorded.ended)
        if recorded.response is None:
            raise Trouble(recorded.trouble or "no answer was recorded")
        try:
            answer = self._pool.request(
                request.method,
                request.url,
                body=request.body or None,
                headers=dict(request.headers.fields),
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        except self._absent:
            raise Trouble(f"the cassette holds no further answer to {request.method} {request.url}") from None
        return _response(answer)

    def _take(self, request: Request) -> Exchange:
        for place, one in enumerate(self._left):
            if (one.request.method, one.request.url) == (request.method, request.url):
                return self._left.pop(place)
        raise Trouble(f"the cassette holds no further answer to {request.method} {request.url}")

    def now(self) -> float:
        """The recording's time."""
        return self._now

    def advance(self, seconds: float) -> bool:
        """Time passes at once."""
        self._now += seconds
        return True

    def sleep(self, seconds: float) -> None:
        """The same."""
        self._now += seconds

    def linger(self, seconds: float) -> None:
        """There is no other clock."""

    def listing(self) -> Mapping[str, str]:
        """Keys of the files that had arrived by now."""
        return dict.fromkeys((one.key for one in self._transcript.files if one.at <= self._now), "")

    def fetch(self, key: str) -> DeliveredFile | None:
        """One of them."""
        return next((one for one in self._transcript.files if one.key == key), None)

    def callbacks(self) -> list[Callback]:
        """Callbacks that had come by now."""
        return [one for one in self._transcript.callbacks if one.at <= self._now]

    def callback_url(self) -> str | None:
        """An address, for requests that name one."""
        return "http://127.0.0.1:9/callback"


def _response(answer: Any) -> Response:
    return Response(answer.status, Headers.of(list(answer.headers.items())), answer.read(decode_content=False))
