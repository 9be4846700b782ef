"""Proof that every clause can fail: each mutant is caught by exactly the clauses it declares.

Provider mutants are references with one defect; consumer mutants are innocent transcripts with one
request spoilt. The innocent run is clean, or the proof is void.
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode, urlsplit

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.check.run import play, scenarios_of
from export_contracts.errors import ContractError, EngineError
from export_contracts.judge import judge
from export_contracts.model import (
    Clause,
    Exchange,
    Headers,
    Json,
    Judgement,
    Mutant,
    Party,
    Request,
    Transcript,
    Verdict,
)
from export_contracts.reference.server import apply_patch
from export_contracts.targets.venue import Venue, embedded_venue

PROVIDER: tuple[Party, ...] = ("provider",)
CONSUMER: tuple[Party, ...] = ("consumer",)


@dataclass(frozen=True)
class Proof:
    """What became of one mutant: the clauses that should catch it and those that did."""

    clause: str
    mutant: str
    expected: frozenset[str]
    caught: frozenset[str]
    seconds: float
    trouble: str | None = None

    @property
    def exact(self) -> bool:
        """Whether exactly the declared clauses caught it."""
        return self.trouble is None and self.caught == self.expected


def broken(judgement: Judgement) -> frozenset[str]:
    """Ids of the clauses with findings, whatever their level. A check that breaks proves nothing."""
    for one in judgement.verdicts:
        if one.verdict is Verdict.ERROR:
            raise EngineError(f"{one.clause.id}: {one.reason}.")
    return frozenset(one.clause.id for one in judgement.verdicts if one.findings)


def transcripts(contract: Contract, venue: Venue, *, seed: int = 0) -> tuple[Transcript, ...]:
    """Every scenario of the vendor, and the generated cases, played on `venue`. One that breaks proves nothing.

    Exchanges are numbered within their transcript, so that what a defect does not touch stays equal.
    """
    played = [play(contract, venue, one, seed=seed) for one in scenarios_of(contract.manifest.slug)]
    for one in played:
        if one.broke:
            raise EngineError(f"{one.broke}.")
    return tuple(one.transcript for one in played)


def prove(
    contract: Contract, *, seed: int = 0, only: Collection[str] | None = None, workers: int = 1
) -> Iterator[Proof]:
    """One proof for each mutant of each active clause; first one named `innocent` that must be empty.

    With `workers` above one, proofs are made by so many processes and come in the same order.
    """
    slug, month = contract.manifest.slug, contract.as_of
    started = time.perf_counter()
    features = embedded_venue(slug, seed=seed, as_of=month).target.features
    clean = judge(contract, _innocent(slug, seed, month), features=features)
    yield Proof("", "innocent", frozenset(), broken(clean), time.perf_counter() - started)
    wanted = [
        (slug, month, clause.id, mutant.name, seed)
        for clause in contract.clauses
        if contract.is_active(clause) and (only is None or clause.id in only)
        for mutant in clause.mutants
    ]
    if workers <= 1:
        yield from map(_named_proof, wanted)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(_named_proof, wanted, chunksize=4)


@cache
def _innocent(slug: str, seed: int, month: str | None = None) -> tuple[Transcript, ...]:
    return transcripts(contracts.load(slug, month), embedded_venue(slug, seed=seed, as_of=month), seed=seed)


@cache
def _exercised(slug: str, seed: int, month: str | None) -> frozenset[str]:
    """Clauses to which the innocent run of an edition gives an occasion."""
    judged = judge(contracts.load(slug, month), _innocent(slug, seed, month))
    return frozenset(one.clause.id for one in judged.verdicts if one.verdict.rank >= Verdict.PASS.rank)


def _named_proof(wanted: tuple[str, str | None, str, str, int]) -> Proof:
    slug, month, clause_id, mutant_name, seed = wanted
    contract = contracts.load(slug, month)
    clause = contract.clause(clause_id)
    mutant = next(one for one in clause.mutants if one.name == mutant_name)
    return prove_one(contract, clause, mutant, _innocent(slug, seed, month), seed=seed)


def prove_one(
    contract: Contract, clause: Clause, mutant: Mutant, innocent: tuple[Transcript, ...], *, seed: int = 0
) -> Proof:
    """Run one mutant and see which clauses catch it.

    Which others catch it too is written of the newest edition. In another one its own clause alone counts, and a
    defect in something that the edition did not have yet changes nothing and need not be caught.
    """
    started = time.perf_counter()
    own = frozenset((clause.id,))
    expected = own | frozenset(mutant.also)
    try:
        caught, touched = _caught(contract, clause, mutant, innocent, seed)
    except (ContractError, EngineError, AttributeError) as error:
        return Proof(clause.id, mutant.name, expected, frozenset(), 0.0, str(error))
    if contract.as_of is not None:
        possible = caught & own or (touched and clause.id in _exercised(contract.manifest.slug, seed, contract.as_of))
        expected, caught = own if possible else frozenset(), caught & own
    return Proof(clause.id, mutant.name, expected, caught, time.perf_counter() - started)


def _caught(
    contract: Contract, clause: Clause, mutant: Mutant, innocent: tuple[Transcript, ...], seed: int
) -> tuple[frozenset[str], bool]:
    """Ids of the clauses that caught it, and whether it changed anything."""
    slug = contract.manifest.slug
    if mutant.kind == "client":
        return broken(judge(contract, [bad_client(contract, clause, mutant, innocent)], parties=CONSUMER)), True
    venue = embedded_venue(slug, seed=seed, mutant=mutant, when=dict(clause.when), as_of=contract.as_of)
    played = transcripts(contract, venue, seed=seed)
    # What the defect did not change was judged clean with the innocent run; time is virtual, so equal means equal.
    pairs = [(one, before) for one, before in zip(played, innocent, strict=True) if one != before]
    caught = broken(judge(contract, [one for one, _ in pairs], parties=PROVIDER, features=venue.target.features))
    return caught, any(_reads_otherwise(*pair) for pair in pairs)


def _reads_otherwise(one: Transcript, before: Transcript) -> bool:
    """Whether more differs than how JSON was written."""
    views = ([exchange.view for exchange in talk.exchanges] for talk in (one, before))
    return next(views) != next(views) or (one.files, one.callbacks) != (before.files, before.callbacks)


def bad_client(contract: Contract, clause: Clause, mutant: Mutant, innocent: tuple[Transcript, ...]) -> Transcript:
    """The transcript of a client with the mutant's one defect."""
    if mutant.call is not None:
        scripted: Transcript = getattr(plugins.module(contract.manifest.slug, "mutants"), mutant.call)(innocent)
        return scripted
    wanted = mutant.on.get("operation", clause.when.get("operation"))
    names = wanted if isinstance(wanted, list) else [wanted]
    for talk in innocent:
        for place, exchange in enumerate(talk.exchanges):
            if exchange.operation in names and exchange.fault is None and exchange.response is not None:
                spoilt = dataclasses.replace(exchange, request=_spoilt(exchange, mutant))
                exchanges = (*talk.exchanges[:place], spoilt, *talk.exchanges[place + 1 :])
                return dataclasses.replace(talk, exchanges=exchanges)
    raise ContractError(f"{clause.id}: no innocent exchange of {', '.join(map(str, names))} to spoil.")


def _spoilt(exchange: Exchange, mutant: Mutant) -> Request:
    before = exchange.view["request"]
    after: Json = apply_patch(mutant.patch, exchange.view)["request"]
    request = exchange.request
    split = urlsplit(request.url)
    if after["path"] != before["path"] or after["query"] != before["query"]:
        split = split._replace(path=after["path"], query=urlencode(after["query"]))
    body = request.body
    if after.get("body") != before["body"]:
        changed = after.get("body", "")
        body = changed.encode() if isinstance(changed, str) else json.dumps(changed).encode()
    return Request(after["method"], split.geturl(), Headers.of(after["headers"]), body)
