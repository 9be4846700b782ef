"""A side of `drift` that is a target: probed now, by harmless scenarios within a budget. Other sides are files."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from export_contracts.catalogue.contract import Contract
from export_contracts.check import plan
from export_contracts.check.record import recordable
from export_contracts.check.run import Played, play_all
from export_contracts.cli.progress import progress
from export_contracts.drift import sides
from export_contracts.drift.sides import Side
from export_contracts.errors import UnreachableError
from export_contracts.targets import target_file
from export_contracts.targets.live import live_venue
from export_contracts.targets.target import Target


@dataclass(frozen=True)
class Care:
    """What the user allows: a URL beyond this machine, and how many exports."""

    live: bool = False
    max_exports: int | None = None


def is_target(side: str) -> bool:
    """Whether a side is a target file and no recording."""
    return Path(side).suffix.lower() == ".toml"


def planned(contract: Contract, side: str, care: Care) -> list[str]:
    """What the target would be sent."""
    return list(plan.lines(_plan(contract, _target(contract, side, care))))


def side(contract: Contract, path: str, care: Care) -> Side:
    """The side that a file is, or that a target turns out to be now; `UnreachableError` where it never answers."""
    if not is_target(path):
        return sides.load(contract, path)
    target = _target(contract, path, care)
    ahead = _plan(contract, target)
    with progress(f"probing {contract.manifest.slug}") as say:
        played = play_all(contract, live_venue(target), ahead.chosen, watch=lambda one: say(one.scenario))
    if not any(x.response is not None for one in played for x in one.transcript.exchanges):
        raise UnreachableError(f"{target.url} never answered.", hint="Look at url in the target file.")
    probed = sides.of(contract, [one.transcript for one in played], path)
    return dataclasses.replace(probed, untold=tuple(_untold(ahead, played)))


def _untold(ahead: plan.Plan, played: list[Played]) -> list[str]:
    cut = [(one.scenario, one.left_out or one.cut_short) for one in played]
    return [f"scenario {name}: {why}" for name, why in (*ahead.left_out, *cut) if why]


def _target(contract: Contract, path: str, care: Care) -> Target:
    return target_file.load(Path(path), vendor=contract.manifest.slug, live=care.live, max_exports=care.max_exports)


def _plan(contract: Contract, target: Target) -> plan.Plan:
    return plan.plan(recordable(contract.manifest.slug), target, harmless=True)
