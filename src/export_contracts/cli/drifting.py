"""What `drift` does between its arguments and its report: finds out which of its comparisons is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from export_contracts.catalogue.contract import Contract
from export_contracts.cli import choose, probing
from export_contracts.drift import dating, documents, editions, sides, traffics
from export_contracts.drift.report import Report
from export_contracts.errors import UsageError
from export_contracts.judge import judge
from export_contracts.report import write
from export_contracts.transcript import traffic

HINT = "export-contracts drift --help shows the ways to ask."


@dataclass(frozen=True)
class Asked:
    """The arguments of `drift`, as given."""

    vendor: str
    sides: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    as_of: str | None = None
    to: str | None = None
    fail_on: str = "any"
    live: bool = False
    max_exports: int | None = None


def run(asked: Asked) -> Report | None:
    """The report asked for; None where only a shape was to be written."""
    contract = choose.load(asked.vendor, asked.as_of)
    if asked.documents:
        return documents.against_contract(contract, [*asked.documents, *asked.sides], fail_on=asked.fail_on)
    if len(asked.sides) == 1 and asked.to is not None:
        _keep(probing.side(contract, asked.sides[0], _aim(asked)), asked.to)
        return None
    if len(asked.sides) != 2:
        raise UsageError("Give two sides: BASELINE NEW, two months, or --document FILE.", hint=HINT)
    before, after = asked.sides
    if editions.is_month(before) and editions.is_month(after):
        if asked.as_of is not None:
            raise UsageError("Two months name their editions themselves; --as-of adds nothing to them.", hint=HINT)
        for month in (before, after):
            choose.load(asked.vendor, month)
        return editions.between(contract, before, after, fail_on=asked.fail_on)
    old, new = (probing.side(contract, one, _aim(asked)) for one in asked.sides)
    if asked.to is not None:
        _keep(new, asked.to)
    return traffics.compare(contract, old, new, fail_on=asked.fail_on)


def _aim(asked: Asked) -> probing.Care:
    return probing.Care(asked.live, asked.max_exports)


def plans(asked: Asked) -> list[str]:
    """What the sides that are targets would be sent."""
    contract = choose.load(asked.vendor, asked.as_of)
    targets = [one for one in asked.sides if probing.is_target(one)]
    if not targets:
        raise UsageError("--dry-run tells what a target would be sent, and no side is a target file.", hint=HINT)
    return [line for one in targets for line in probing.planned(contract, one, _aim(asked))]


def _keep(side: sides.Side, to: str) -> None:
    if side.shape is None:
        raise UsageError(f"{side.name} holds no traffic whose shape could be written.", hint=HINT)
    write.write(Path(to), json.dumps(side.shape, indent=1, ensure_ascii=True) + "\n")


def date(asked: Asked) -> tuple[Contract, dating.Dating]:
    """Which editions the traffic of the sides can be of."""
    if asked.as_of is not None:
        raise UsageError("--date looks at every edition; --as-of adds nothing to it.", hint=HINT)
    contract = choose.load(asked.vendor)
    transcripts = [one for path in asked.sides for one in traffic.load(path, contract.manifest.slug)]
    broken = {}
    for month in editions.editions(contract):
        verdicts = judge(choose.load(asked.vendor, month), transcripts).verdicts
        broken[month] = tuple(one.clause.id for one in verdicts if one.findings and one.clause.level == "must")
    return contract, dating.date(contract, sides.of(contract, transcripts, "").shape or {}, broken)
