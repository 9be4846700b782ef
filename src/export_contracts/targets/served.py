"""`serve`: references of vendors made ready to be served over HTTP, with bucket, state, defect and awkwardness."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from export_contracts.catalogue import contract as contracts
from export_contracts.errors import UsageError
from export_contracts.model import Clause, Json, Mutant
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
class Order:
    """What to serve and how. `bucket` is a URL as `open_bucket` takes it; without one, an S3 server of our own."""

    vendors: Sequence[str]
    host: str = "127.0.0.1"
    port: int = 0
    control_port: int = 0
    seed: int = 0
    users: int = 40
    awkward: int | None = None
    mutant: str | None = None
    state: Path | None = None
    bucket: str | None = None
    endpoint: str | None = None
    callbacks_anywhere: bool = False


class Served:
    """A server made ready; a context manager that begins and ends it.

    `serving` has its addresses, `settings` what a target needs to be told of it.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        self._mutant = find_mutant(order.mutant, order.vendors) if order.mutant else None
        self._file = StateFile(order.state) if order.state else None
        self._lock = threading.Lock()
        self._s3: EmbeddedS3 | None = None
        self._tables: dict[str, Mapping[str, Json]] = {}
        self._late: list[LateBucket] = []
        builders = {slug: self._builder(slug) for slug in order.vendors}
        house = House(builders, outbox=Outbox(anywhere=order.callbacks_anywhere), file=self._file)
        hosts = {slug: contracts.load(slug).manifest.hosts for slug in order.vendors}
        self.house = house
        self.serving = Serving(house, host=order.host, port=order.port, control_port=order.control_port, hosts=hosts)

    def __enter__(self) -> Self:
        self.serving.start()
        # the first request need not wait for the bucket's own server
        threading.Thread(target=self._open, name="buckets", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
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
        clause, mutant = self._mutant or (None, None)
        if clause is not None and clause.vendor_prefix not in {contracts.load(slug).manifest.prefix, "GEN"}:
            mutant = None
        bucket = self._bucket(slug)

        def make() -> Reference:
            awkward = None if order.awkward is None else random.Random(order.awkward)
            world = World(order.seed, Clock(), bucket, awkward=awkward, users=order.users)
            return build(slug, world, mutant, clause.when if clause else None)

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


def find_mutant(wanted: str, vendors: Sequence[str]) -> tuple[Clause, Mutant]:
    """The mutant that `BRZ-014:omits-prefix` names, where a server can have such a defect."""
    clause_id, _, name = wanted.partition(":")
    clause = _clause(clause_id, vendors)
    servable = [one for one in clause.mutants if one.kind != "client"]
    for one in servable:
        if one.name == name:
            return clause, one
    names = ", ".join(f"{clause.id}:{one.name}" for one in servable)
    raise UsageError(
        f"There is no mutant {wanted!r} of a server.",
        hint=f"Known: {names}." if names else f"{clause.id} binds clients; a server cannot break it.",
    )


def _clause(clause_id: str, vendors: Sequence[str]) -> Clause:
    for slug in vendors:
        for clause in contracts.load(slug).clauses:
            if clause.id == clause_id.upper():
                return clause
    raise UsageError(
        f"No clause {clause_id!r} binds {', '.join(vendors)}.",
        hint="Write --mutant CLAUSE:NAME, as in BRZ-014:omits-prefix.",
    )
