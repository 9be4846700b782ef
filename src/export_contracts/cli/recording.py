"""What `record` does between its options and its cassettes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from export_contracts.check import plan
from export_contracts.check.record import Recorded, record, recordable
from export_contracts.check.run import allowed
from export_contracts.cli import choose, venues
from export_contracts.cli.nearest import did_you_mean
from export_contracts.cli.progress import progress
from export_contracts.cli.venues import Aim
from export_contracts.errors import EXIT_KEPT, EXIT_UNREACHABLE, UsageError
from export_contracts.report.inert import inert
from export_contracts.targets.scenario import Scenario


@dataclass(frozen=True)
class Outcome:
    """What to tell, and the exit code: 3 where the target never answered or the user stopped it."""

    lines: tuple[str, ...]
    exit_code: int


@dataclass(frozen=True)
class Asked:
    """The options of `record`, as given."""

    aim: Aim
    to: str
    wanted: Sequence[str] = ()
    as_of: str | None = None
    dry: bool = False
    keep: bool = False


def run(asked: Asked) -> Outcome:
    """Play the scenarios wanted, or all that the target allows, and write their cassettes; `dry` only tells which."""
    aim, keep = asked.aim, asked.keep
    if len(aim.words.alone) != 1:
        raise UsageError("record takes one vendor.", hint="export-contracts record VENDOR --to DIR")
    contract = choose.load(aim.words.alone[0], asked.as_of)
    venue = venues.venue(aim, contract)
    wishes = _wanted(recordable(contract.manifest.slug), asked.wanted)
    if asked.dry:
        return Outcome(tuple(plan.lines(plan.plan(wishes, venue.target))), EXIT_KEPT)
    chosen = allowed(wishes, venue.target)
    today = datetime.now(UTC).date().isoformat()
    kept = keep or venue.target.origin == "reference"
    plays = record(contract, venue, chosen, Path(asked.to), recorded_at=today, seed=aim.seed, keep_bodies=kept)
    with progress(f"recording {contract.manifest.slug}") as say:
        done, interrupted = _taken(plays, say)
    lines = tuple(_line(one) for one in done)
    if interrupted:
        return Outcome((*lines, "interrupted; the cassettes named here are whole"), EXIT_UNREACHABLE)
    if not any(x.response is not None for one in done for x in one.played.transcript.exchanges):
        return Outcome((*lines, f"{venues.shown(venue)} never answered."), EXIT_UNREACHABLE)
    return Outcome((*lines, *_about(venue.target.origin, keep=keep)), EXIT_KEPT)


def _taken(plays: Iterable[Recorded], say: Callable[[str], None]) -> tuple[list[Recorded], bool]:
    """What was recorded, and whether Ctrl-C came before the end."""
    done: list[Recorded] = []
    try:
        for one in plays:
            done.append(one)
            say(one.scenario)
    except KeyboardInterrupt:
        return done, True
    return done, False


def _about(origin: str, *, keep: bool) -> tuple[str, ...]:
    if origin == "reference":
        return ()
    if keep:
        return ("warning: the cassettes hold what the target delivered, people's data included",)
    return ("what was delivered is disguised; --keep-bodies keeps it",)


def _wanted(known: Sequence[Scenario], wanted: Sequence[str]) -> list[Scenario]:
    names = [one.name for one in known]
    for name in wanted:
        if name not in names:
            raise UsageError(
                f"There is no scenario {name!r}.{did_you_mean(name, names)}", hint=f"Known: {', '.join(names)}."
            )
    return [one for one in known if not wanted or one.name in wanted]


def _line(one: Recorded) -> str:
    why = one.played.left_out or one.played.cut_short
    said = f": {inert(why)}" if why else ""
    if one.path is None:
        return f"left out  {one.scenario}{said}"
    return f"written   {one.path}{said}"
