"""One run against one target: scenarios, then generated cases, each a transcript of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.check import generate
from export_contracts.errors import ExportContractsError
from export_contracts.model import Intent, Transcript
from export_contracts.targets.scenario import Scenario, scenarios_in
from export_contracts.targets.stage import Exhausted, Stage, Unsupported
from export_contracts.targets.target import Target
from export_contracts.targets.venue import Venue
from export_contracts.targets.waiting import IN_VAIN, Deadlines

GENERATED = "generated"
"""The name of the transcript that holds generated cases."""


@dataclass(frozen=True)
class Played:
    """One scenario's outcome: its transcript, and why it was left out or cut short, if it was.

    `broke` says that the scenario itself broke, over an answer it had not foreseen: what it had seen until then
    is judged, and the run cannot be called kept. `starved`: it did not wait for something, as nothing had come before.
    """

    scenario: str
    transcript: Transcript
    left_out: str | None = None
    cut_short: str | None = None
    interrupted: bool = False
    broke: str | None = None
    starved: bool = False


def scenarios_of(slug: str) -> tuple[Scenario, ...]:
    """The scenarios of a vendor, with the generated cases as the last one."""
    module = plugins.module(slug, "scenarios")
    at_rest = getattr(module, "at_rest", None)
    drawn = Scenario(GENERATED, lambda stage: generate.play(stage, at_rest), exports=3)
    return (*scenarios_in(module), drawn)


def allowed(chosen: Iterable[Scenario], target: Target) -> list[Scenario]:
    """All of them, or on a live account the harmless ones, within its budget of exports (3 if none is given)."""
    if not target.live:
        return list(chosen)
    budget = target.max_exports if target.max_exports is not None else 3
    kept = []
    for one in chosen:
        if one.harmless and one.exports <= budget:
            budget -= one.exports
            kept.append(one)
    return kept


def play(contract: Contract, venue: Venue, one: Scenario, *, seed: int = 0) -> Played:
    """Play one scenario on a freshly opened venue. Indices begin at 0. Of one that is interrupted nothing is kept."""
    played = _played(contract, venue, one, seed)
    if played.interrupted:
        raise KeyboardInterrupt
    return played


def _played(contract: Contract, venue: Venue, one: Scenario, seed: int) -> Played:
    missing = next((name for name in one.needs if name not in venue.target.features), None)
    if missing is not None:
        empty = Transcript(venue.target.vendor, one.name, venue.target.origin, facts=venue.target.settings)
        return Played(one.name, empty, left_out=_lacks(contract, missing))
    shared = venue.deadlines or Deadlines()
    stage = Stage(contract, venue.target, venue.open(), one.name, seed=seed, deadlines=shared)
    left_out = cut_short = broke = None
    interrupted = False
    try:
        one.play(stage)
    except Unsupported as error:
        left_out = ": ".join(filter(None, (error.sentence, error.hint)))
    except Exhausted as error:
        cut_short = error.sentence
    except KeyboardInterrupt:
        cut_short, interrupted = "the run was interrupted", True
    except ExportContractsError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a target answers, the other scenarios go on
        broke = f"scenario {one.name} broke over what the target answered: {type(error).__name__}: {error}"
        cut_short = broke
    if stage.unwaited and cut_short is None:
        cut_short = _impatient(venue.target)
    return Played(one.name, stage.transcript(), left_out, cut_short, interrupted, broke, starved=stage.unwaited)


def _impatient(target: Target) -> str:
    often = f"{IN_VAIN} times running nothing had come within the target's deadline of {target.pace.deadline:g} s"
    return f"{often}, so that nothing more was waited for"


def _lacks(contract: Contract, name: str) -> str:
    setting = contract.manifest.settings.get(name)
    return f"the target declares no {name}" + (f": add {setting.add}" if setting else "")


def numbered(played: Iterable[Played]) -> Iterator[Played]:
    """The same plays with exchange indices that are unique over the whole run."""
    first = 0
    for one in played:
        exchanges = tuple(
            dataclasses.replace(exchange, index=exchange.index + first, intent=_shifted(exchange.intent, first))
            for exchange in one.transcript.exchanges
        )
        yield dataclasses.replace(one, transcript=dataclasses.replace(one.transcript, exchanges=exchanges))
        first += len(exchanges)


def _shifted(intent: Intent | None, first: int) -> Intent | None:
    if intent is None or intent.twin is None:
        return intent
    return dataclasses.replace(intent, twin=intent.twin + first)


def play_all(
    contract: Contract,
    venue: Venue,
    chosen: Iterable[Scenario],
    *,
    seed: int = 0,
    watch: Callable[[Played], None] = lambda _: None,
) -> list[Played]:
    """Play the chosen scenarios one after another, numbered through; `watch` hears of each as it ends.

    An interruption is passed on only after `watch` has heard of what was played until then.
    """
    done: list[Played] = []
    for one in chosen:
        if one.name == GENERATED and _dead(done):
            break  # drawing takes seconds, and nobody is there
        played = _played(contract, venue, one, seed)
        watch(played)
        if played.interrupted:
            raise KeyboardInterrupt
        done.append(played)
    return list(numbered(done))


def _dead(done: Iterable[Played]) -> bool:
    """Whether requests were sent and not one of them was answered."""
    exchanges = [exchange for one in done for exchange in one.transcript.exchanges]
    return bool(exchanges) and all(one.response is None for one in exchanges)
