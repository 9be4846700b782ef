"""What playing against a target would do: which scenarios, how many exports, how fast. Sends nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from export_contracts.check.run import allowed
from export_contracts.targets.scenario import Scenario
from export_contracts.targets.target import Target


@dataclass(frozen=True)
class Plan:
    """The scenarios that would be played, in their order, and those that would not."""

    target: Target
    chosen: tuple[Scenario, ...]
    left_out: tuple[tuple[str, str], ...]
    """(scenario, why)"""

    @property
    def exports(self) -> int:
        """How many exports would be started at most."""
        return sum(one.exports for one in self.chosen)


def plan(scenarios: Sequence[Scenario], target: Target, *, harmless: bool = False) -> Plan:
    """The plan for some scenarios. `harmless`: keep to what live accounts allow, wherever the target is."""
    careful = harmless or target.live
    within = allowed(scenarios, dataclasses.replace(target, live=careful))
    chosen = tuple(one for one in within if all(name in target.features for name in one.needs))
    out = tuple((one.name, _why(one, target, careful=careful)) for one in scenarios if one not in chosen)
    return Plan(target, chosen, out)


def _why(one: Scenario, target: Target, *, careful: bool) -> str:
    missing = next((name for name in one.needs if name not in target.features), None)
    if careful and not one.harmless:
        return "it is not harmless"
    return f"the target declares no {missing}" if missing else "it would start more exports than the budget allows"


def lines(one: Plan) -> Iterator[str]:
    """The plan for a person."""
    pace = one.target.pace
    yield f"would send to {one.target.url}"
    for scenario in one.chosen:
        yield f"  {scenario.name}: {scenario.exports} exports at most. {scenario.about}"
    for name, why in one.left_out:
        yield f"  left out {name}: {why}"
    yield f"{len(one.chosen)} scenarios, one after the other; at most {one.exports} exports, one at a time"
    yield f"looks at a job every {pace.poll:g} s for at most {pace.deadline:g} s, and waits as long as answers ask for"
