"""`serve`: references of vendors made ready to be served over HTTP, with bucket, state, defect and awkwardness."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from export_contracts.catalogue import contract as contracts
from export_contracts.model import Json, Mutant
from export_contracts.reference.buckets import open_bucket
from export_contracts.reference.embedded_s3 import EmbeddedS3, LateBucket
from export_contracts.reference.house import Builder, House
from export_contracts.reference.outbox import Outbox
from export_contracts.reference.server import Reference
from export_contracts.reference.serving import Serving
from export_contracts.reference.state import MirroredBucket, StateFile
from export_contracts.reference.world import Bucket, Clock, World
from export_contracts.targets.embedded import build


@dataclass(frozen=True)
class Defect:
    """One vendor's server gets one defect; `when` is that of the mutant's clause."""

    vendor: str
    mutant: Mutant
    when: Mapping[str, Json]


@dataclass(frozen=True)
class Order:
    """What to serve and how. `bucket` is a URL as `open_bucket` takes it; without one, an S3 server of our own."""

    vendors: Sequence[str]
    host: str = "127.0.0.1"
    port: int = 0
    control_port: int = 0
    seed: int = 0
    users: int = 40
    awkward: int | None = None
    defect: Defect | None = None
    state: Path | None = None
    bucket: str | None = None
    endpoint: str | None = None
    callbacks_anywhere: bool = False
    as_of: str | None = None


class Served:
    """A server made ready; a context manager that begins and ends it.

    `serving` has its addresses, `settings` what a target needs to be told of it.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        self._file = StateFile(order.state) if order.state else None
        self._lock = threading.Lock()
        self._s3: EmbeddedS3 | None = None
        self._tables: dict[str, Mapping[str, Json]] = {}
        self._late: list[LateBucket] = []
        self._opening = threading.Thread(target=self._open, name="buckets", daemon=True)
        builders = {slug: self._builder(slug) for slug in order.vendors}
        house = House(builders, outbox=Outbox(anywhere=order.callbacks_anywhere), file=self._file)
        hosts = {slug: contracts.load(slug).manifest.hosts for slug in order.vendors}
        self.house = house
        self.serving = Serving(house, host=order.host, port=order.port, control_port=order.control_port, hosts=hosts)

    def __enter__(self) -> Self:
        self.serving.start()
        self._opening.start()  # the first request need not wait for the bucket's own server
        return self

    def __exit__(self, *_: object) -> None:
        self._opening.join(10.0)
        self.serving.stop()
        if self._s3 is not None:
            self._s3.close()

    def settings(self, slug: str) -> dict[str, Json]:
        """All that a target of this server may declare, by setting name; waits for the bucket."""
        self._open()
        features = {"bucket": self._tables[slug], "clock": {"control": self.serving.control}, "callback": {}}
        return {**self.house.references[slug].facts(), **features}

    def _open(self) -> None:
        for one in self._late:
            one.open()

    def _builder(self, slug: str) -> Builder:
        order = self._order
        defect = order.defect if order.defect and order.defect.vendor == slug else None
        bucket = self._bucket(slug)

        def make() -> Reference:
            world = World(order.seed, Clock(), bucket, awkward=order.awkward, users=order.users, as_of=order.as_of)
            return build(slug, world, defect.mutant, defect.when) if defect else build(slug, world)

        return make

    def _bucket(self, slug: str) -> Bucket:
        order = self._order
        if order.bucket is not None:
            self._tables[slug] = {"url": order.bucket, **({"endpoint": order.endpoint} if order.endpoint else {})}
            return open_bucket(order.bucket, endpoint=order.endpoint)
        late = LateBucket(lambda: self._own_bucket(slug))
        self._late.append(late)
        return late

    def _own_bucket(self, slug: str) -> Bucket:
        with self._lock:
            if self._s3 is None:
                self._s3 = EmbeddedS3()
            bucket = self._s3.bucket()
            self._tables[slug] = self._s3.settings(bucket)
        return bucket if self._file is None else MirroredBucket(bucket, self._file.bucket(slug))
