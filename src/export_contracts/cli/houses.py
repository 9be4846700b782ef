"""What `serve` does between its options and a running server: builders, buckets, and what to tell the user."""

from __future__ import annotations

import random
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.cli import choose
from export_contracts.cli.nearest import did_you_mean
from export_contracts.errors import UsageError
from export_contracts.model import Clause, Json, Mutant
from export_contracts.reference.house import House
from export_contracts.reference.outbox import Outbox
from export_contracts.reference.server import Reference
from export_contracts.reference.serving import Serving
from export_contracts.reference.state import StateFile
from export_contracts.reference.world import Bucket, World
from export_contracts.targets import embedded


@dataclass(frozen=True)
class Asked:
    """The options of `serve`, as given."""

    vendor: str | None = None
    port: int = 8080
    host: str = "127.0.0.1"
    management_port: int = 0
    seed: int = 0
    users: int = 40
    mutant: str | None = None
    awkward: int | None = None
    state: str | None = None
    bucket: str | None = None
    endpoint: str | None = None
    callbacks_anywhere: bool = False


@dataclass(frozen=True)
class Running:
    """A server that answers, what it is made of, and what was asked of it."""

    asked: Asked
    server: Serving
    house: House
    contracts: tuple[Contract, ...]


@contextmanager
def serving(asked: Asked) -> Iterator[Running]:
    """Serve until the block ends."""
    contracts = tuple(choose.load(one) for one in ([asked.vendor] if asked.vendor else plugins.slugs()))
    defect = _defect(asked.mutant, contracts) if asked.mutant else None
    bucket = _bucket(asked)
    builders = {one.manifest.slug: partial(_build, one.manifest.slug, asked, bucket, defect) for one in contracts}
    file = StateFile(Path(asked.state)) if asked.state else None
    house = House(builders, outbox=Outbox(anywhere=asked.callbacks_anywhere), file=file)
    hosts = {one.manifest.slug: one.manifest.hosts for one in contracts}
    server = Serving(house, host=asked.host, port=asked.port, control_port=asked.management_port, hosts=hosts)
    with server:
        yield Running(asked, server, house, contracts)


def told(running: Running) -> Iterator[str]:
    """Lines for the user: where to send, where time is managed, how to check it."""
    for contract in running.contracts:
        slug = contract.manifest.slug
        yield f"{slug:<12}  {running.server.addresses[slug]}"
    yield f'{"time":<12}  {running.server.control}   POST /advance {{"seconds": N}}'
    yield "to check it:"
    for contract in running.contracts:
        yield f"  {_check(running, contract)}"


def told_json(running: Running) -> dict[str, Json]:
    """The same as data, with all that a target file for each vendor would declare."""
    return {
        "control": running.server.control,
        "vendors": {
            one.manifest.slug: {
                "url": running.server.addresses[one.manifest.slug],
                "settings": running.house.references[one.manifest.slug].facts(),
            }
            for one in running.contracts
        },
    }


def _check(running: Running, contract: Contract) -> str:
    slug = contract.manifest.slug
    words = ["export-contracts", "check", slug, "--url", running.server.addresses[slug]]
    words += ["--clock", running.server.control]
    facts = running.house.references[slug].facts()
    for name, setting in contract.manifest.settings.items():
        if setting.required and name in facts:
            words += [f"--{name.replace('_', '-')}", str(facts[name])]
    words += ["--bucket", running.asked.bucket] if running.asked.bucket else []
    return shlex.join(words)


def _build(slug: str, asked: Asked, bucket: Bucket | None, defect: tuple[str, Clause, Mutant] | None) -> Reference:
    chance = None if asked.awkward is None else random.Random(asked.awkward)
    world = World(seed=asked.seed, bucket=bucket, awkward=chance, users=asked.users)
    if defect is None or defect[0] != slug:
        return embedded.build(slug, world)
    when: Mapping[str, Json] = defect[1].when
    return embedded.build(slug, world, defect[2], when)


def _bucket(asked: Asked) -> Bucket | None:
    if asked.bucket is None:
        return None
    from export_contracts.reference.buckets import open_bucket

    return open_bucket(asked.bucket, endpoint=asked.endpoint)


def _defect(wanted: str, contracts: tuple[Contract, ...]) -> tuple[str, Clause, Mutant]:
    """The vendor that gets the defect, the clause and the mutant that `ID:name` names."""
    name, _, mutant_name = wanted.partition(":")
    (wanted_id,) = choose.clause_ids([name], contracts)
    contract = next(one for one in contracts if wanted_id in {clause.id for clause in one.clauses})
    clause = contract.clause(wanted_id)
    known = {one.name: one for one in clause.mutants}
    if mutant_name not in known:
        raise UsageError(
            f"{wanted_id} has no mutant {mutant_name!r}.{did_you_mean(mutant_name, known)}",
            hint=f"Its mutants: {', '.join(known)}.",
        )
    mutant = known[mutant_name]
    if mutant.kind == "client":
        raise UsageError(f"{wanted_id}:{mutant_name} is a defect of a client; no server can have it.")
    return contract.manifest.slug, clause, mutant
