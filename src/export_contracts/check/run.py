"""One run against one target: scenarios, then generated cases, each a transcript of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.model import Transcript
from export_contracts.targets.scenario import Scenario, scenarios_in
from export_contracts.targets.stage import Exhausted, Stage, Transport, Unsupported
from export_contracts.targets.target import Target


@dataclass
class Run:
    """What was played: transcripts in order, and why scenarios were left out or cut short."""

    contract: Contract
    target: Target
    transcripts: list[Transcript] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    cut_short: dict[str, str] = field(default_factory=dict)

    @property
    def next_index(self) -> int:
        """The index of the next exchange of this run."""
        return sum(len(one.exchanges) for one in self.transcripts)


def scenarios_of(slug: str) -> tuple[Scenario, ...]:
    """The scenarios of a vendor."""
    return scenarios_in(plugins.module(slug, "scenarios"))


def play(run: Run, transport: Transport, chosen: Sequence[Scenario]) -> Iterator[Transcript]:
    """Play the chosen scenarios one after another; each yields its transcript, complete or cut short."""
    for one in chosen:
        missing = [name for name in one.needs if name not in run.target.features]
        if missing:
            run.left_out[one.name] = f"the target declares no {missing[0]}"
            continue
        yield _record(run, transport, one.name, one.play)


def _record(run: Run, transport: Transport, name: str, action: Callable[[Stage], None]) -> Transcript:
    stage = Stage(run.contract, run.target, transport, name, run.next_index)
    try:
        action(stage)
    except Unsupported as error:
        run.left_out[name] = error.sentence
    except Exhausted as error:
        run.cut_short[name] = error.sentence
    transcript = stage.transcript()
    run.transcripts.append(transcript)
    return transcript
