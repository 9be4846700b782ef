"""The embedded reference as a target: no socket, and the reference's own clock."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from export_contracts.catalogue import plugins
from export_contracts.model import Callback, DeliveredFile, Json, Mutant, Request, Response
from export_contracts.reference.editions import of_month
from export_contracts.reference.server import Mutated, Reference
from export_contracts.reference.world import Bucket, Clock, MemoryBucket, World
from export_contracts.targets.target import Pace, Target
from export_contracts.targets.transport import Trouble

EPOCH = 1_767_225_600.0
"""2026-01-01T00:00:00Z: where the embedded clock starts, so that runs repeat to the byte."""


class EmbeddedTransport:
    """Carries requests into a `Reference` in this process."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self._received: list[Callback] = []
        reference.world.send = self._receive

    def carry(self, request: Request) -> Response:
        """The reference's answer."""
        self._settle()
        answer = self.reference.answer(request)
        if answer.status == 0:
            raise Trouble("the server closed the connection without an answer")
        return answer.response

    def now(self) -> float:
        """The reference's clock."""
        return self.reference.world.clock.now()

    def advance(self, seconds: float) -> bool:
        """Turn the reference's clock."""
        self.reference.world.clock.advance(seconds)
        self._settle()
        return True

    def sleep(self, seconds: float) -> None:
        """Time passes only by `advance`."""
        self.advance(seconds)

    def linger(self, seconds: float) -> None:
        """There is no other clock."""

    def listing(self) -> Mapping[str, str]:
        """Keys in the bucket, each with a checksum."""
        bucket = self.reference.world.bucket
        return {key: f"{zlib.crc32(body):x}" for key, body in bucket.objects()} if bucket is not None else {}

    def fetch(self, key: str) -> DeliveredFile | None:
        """One object."""
        bucket = self.reference.world.bucket
        body = bucket.get(key) if bucket is not None else None
        return None if body is None else DeliveredFile(key, body, self.now())

    def callbacks(self) -> list[Callback]:
        """Callbacks the reference sent."""
        return self._received

    def callback_url(self) -> str | None:
        """An address that leads back here."""
        return "http://127.0.0.1:9/callback"

    def _settle(self) -> None:
        clock = self.reference.world.clock
        clock.run_due()
        self.reference.settle(clock.now())

    def _receive(self, request: Request) -> None:
        self._received.append(Callback(self.now(), request))


def embedded(
    slug: str,
    *,
    seed: int = 0,
    users: int = 40,
    bucket: Bucket | None = None,
    mutant: Mutant | None = None,
    when: Mapping[str, Json] | None = None,
    awkward: int | None = None,
    large: int = 0,
    as_of: str | None = None,
) -> tuple[Target, EmbeddedTransport]:
    """A fresh reference of vendor `slug` and the target that describes it."""
    world = World(
        seed=seed,
        clock=Clock(start=EPOCH, frozen=True),
        bucket=MemoryBucket() if bucket is None else bucket,
        awkward=awkward,
        base_url=f"http://{slug}.reference.invalid",
        users=users,
        large=large,
        as_of=as_of,
    )
    reference = build(slug, world, mutant, when)
    settings = {**reference.facts(), "bucket": {"embedded": True}, "clock": {"embedded": True}, "callback": True}
    target = Target(slug, world.base_url, settings, Pace(poll=30.0, deadline=86_400.0), origin="reference")
    return target, EmbeddedTransport(reference)


def build(slug: str, world: World, mutant: Mutant | None = None, when: Mapping[str, Json] | None = None) -> Reference:
    """The reference of vendor `slug` in `world`, with one defect if a mutant is given (and its clause's `when`)."""
    if mutant is not None and mutant.kind == "server":
        defective: type[Reference] = getattr(plugins.module(slug, "mutants"), mutant.call or "")
        if world.as_of is not None:
            defective = of_month(defective, type(plugins.module(slug, "reference").build(world)))
        return defective(world)
    reference: Reference = plugins.module(slug, "reference").build(world)
    return Mutated(reference, mutant, when or {}) if mutant is not None and mutant.kind == "patch" else reference
