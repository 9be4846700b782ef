"""The engine behind `check`: choose what to play, play it, judge it, say why the rest was not judged.

Reports are made elsewhere. An empty or starved run is an error and never a pass.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue.contract import Contract
from export_contracts.check.run import Played, allowed, numbered, play_all, scenarios_of
from export_contracts.coverage import Coverage, measure
from export_contracts.errors import EngineError, UnreachableError
from export_contracts.judge import judge
from export_contracts.model import ClauseVerdict, Judgement, Party, Verdict
from export_contracts.targets.scenario import Scenario
from export_contracts.targets.venue import Venue, embedded_venue

NAMED = 3
"""Scenarios named in a reason; of more, their number is told."""

LARGE_ENOUGH = 12
"""Members of a large segment where nothing but its being exported matters."""
PROVIDER: tuple[Party, ...] = ("provider",)


@dataclass(frozen=True)
class Options:
    """How to run. `only` restricts to clause ids, `level` to clauses at least that binding."""

    seed: int = 0
    workers: int = 1
    only: frozenset[str] | None = None
    level: str = "may"


@dataclass(frozen=True)
class Outcome:
    """A run, judged. Times are seconds since the epoch; `complete` is False after an interruption."""

    contract: Contract
    venue: Venue
    options: Options
    played: Sequence[Played]
    judgement: Judgement
    coverage: Coverage
    started: float
    finished: float
    complete: bool = True
    left_out: dict[str, str] = field(default_factory=dict)
    cut_short: dict[str, str] = field(default_factory=dict)


def conduct(
    contract: Contract, venue: Venue, options: Options, watch: Callable[[Played], None] = lambda _: None
) -> Outcome:
    """Run and judge one target. Raises UnreachableError where nothing ever answered."""
    started = time.time()
    wanted = _wanted(contract, options)
    played, complete = _collected(contract, venue, wanted, options, watch)
    if complete:
        refuse_empty(venue, played)
    transcripts = [one.transcript for one in played]
    judgement = judge(contract, transcripts, parties=PROVIDER, features=venue.target.features, only=wanted)
    left_out = {one.scenario: one.left_out for one in played if one.left_out}
    cut_short = {one.scenario: one.cut_short for one in played if one.cut_short}
    verdicts = tuple(
        _explained(contract, one, {**left_out, **cut_short}, complete=complete) for one in judgement.verdicts
    )
    return Outcome(
        contract=contract,
        venue=venue,
        options=options,
        played=played,
        judgement=dataclasses.replace(judgement, verdicts=verdicts),
        coverage=measure(contract, judgement.transcripts),
        started=started,
        finished=time.time(),
        complete=complete,
        left_out=left_out,
        cut_short=cut_short,
    )


def _collected(
    contract: Contract, venue: Venue, wanted: frozenset[str], options: Options, watch: Callable[[Played], None]
) -> tuple[list[Played], bool]:
    """What was played, in the order of the scenarios, and whether that was all of it."""
    done: list[Played] = []

    def keep(one: Played) -> None:
        done.append(one)
        watch(one)

    complete = True
    try:
        _play(contract, venue, _chosen(contract, venue, wanted), options, keep)
    except KeyboardInterrupt:
        complete = False
    return list(numbered(sorted(done, key=lambda one: _order(contract, one.scenario)))), complete


def _wanted(contract: Contract, options: Options) -> frozenset[str]:
    levels = ("must", "should", "may")
    enough = levels[: levels.index(options.level) + 1]
    ids = {one.id for one in contract.clauses if one.level in enough}
    return frozenset(ids if options.only is None else ids & options.only)


def _chosen(contract: Contract, venue: Venue, wanted: Collection[str]) -> list[Scenario]:
    chosen = list(scenarios_of(contract.manifest.slug))
    if len(wanted) <= 5:
        useful = {name for one in wanted for name in exercised_by(contract.manifest.slug).get(one, ())}
        chosen = [one for one in chosen if one.name in useful] or chosen
    return allowed(chosen, venue.target)


def _play(
    contract: Contract, venue: Venue, chosen: Iterable[Scenario], options: Options, keep: Callable[[Played], None]
) -> None:
    if options.workers <= 1:
        play_all(contract, venue, chosen, seed=options.seed, watch=keep)
        return
    # Scenarios that start exports share a lane unless each has a reference of its own: the vendors
    # allow one export of a segment at a time.
    own_world = venue.target.origin == "reference"
    lanes = [[one] for one in chosen if own_world or one.exports == 0]
    shared = [one for one in chosen if not own_world and one.exports > 0]
    pool = ThreadPoolExecutor(options.workers)
    try:
        running = [
            pool.submit(play_all, contract, venue, lane, seed=options.seed, watch=keep)
            for lane in (shared, *lanes)
            if lane
        ]
        for one in running:
            one.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _order(contract: Contract, name: str) -> int:
    return [one.name for one in scenarios_of(contract.manifest.slug)].index(name)


def refuse_empty(venue: Venue, played: Sequence[Played]) -> None:
    """Raise EngineError where nothing was sent, UnreachableError where never a whole answer came."""
    exchanges = [exchange for one in played for exchange in one.transcript.exchanges]
    if not exchanges:
        raise EngineError(
            f"Nothing was sent to {venue.target.url}: no scenario could be played.",
            hint="; ".join(sorted({one.left_out for one in played if one.left_out})) or None,
        )
    if all(one.response is None for one in exchanges):
        raise UnreachableError(
            f"{venue.target.url} never gave a whole answer: {exchanges[0].trouble}.",
            hint="Check the address, and that the server is running and speaks HTTP there.",
        )


@cache
def exercised_by(slug: str) -> dict[str, tuple[str, ...]]:
    """Clause id to the scenarios that put it to the test, as observed on the embedded reference."""
    contract = contracts.load(slug)
    venue = embedded_venue(slug, large=LARGE_ENOUGH)
    played = play_all(contract, venue, scenarios_of(slug))
    judgement = judge(contract, [one.transcript for one in played])
    return {
        one.clause.id: tuple(dict.fromkeys(played[number].scenario for number, _ in sorted(one.touched)))
        for one in judgement.verdicts
    }


def _explained(
    contract: Contract, verdict: ClauseVerdict, unplayed: dict[str, str], *, complete: bool
) -> ClauseVerdict:
    """Why an unexercised clause was not exercised: the scenarios that would have, and what held them up."""
    if verdict.verdict is not Verdict.UNEXERCISED:
        return verdict
    if not complete:
        return dataclasses.replace(verdict, reason="the run was interrupted")
    useful = exercised_by(contract.manifest.slug).get(verdict.clause.id, ())
    played = [name for name in useful if name not in unplayed]
    if useful and not played:
        causes = (f"scenario {name}: {unplayed[name]}" for name in useful)
        return dataclasses.replace(verdict, reason="; ".join(causes))
    names = f"scenario {', '.join(played)}" if len(played) <= NAMED else f"{len(played)} scenarios"
    came = f" ({names} came to none)" if played else ""
    return dataclasses.replace(verdict, reason=f"the target gave no occasion to judge it{came}")
