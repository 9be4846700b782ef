"""Makes the results document of what went through the gate. Imported when the command has ended, not before."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from export_contracts.catalogue.contract import Contract
from export_contracts.check.secrecy import redactor
from export_contracts.drift.shape import SOME_ROWS, infer
from export_contracts.gate.verdict import CONSUMER, Judged
from export_contracts.judge import judge
from export_contracts.model import Json, Judgement, Verdict
from export_contracts.report.account import Account
from export_contracts.report.results import document
from export_contracts.targets.target import Deviation, Target


def results(
    contract: Contract,
    passed: Sequence[Judged],
    *,
    words: Sequence[str],
    options: Sequence[str],
    seed: int,
    deviations: tuple[Deviation, ...],
    target: Target | None,
    started: datetime,
    interrupted: bool = False,
) -> dict[str, Json]:
    """The document: `words` are the command, `options` those of `gate` that play the run again."""
    transcripts = [one.passage.transcript for one in passed]
    judgement = passed[0].judgement if len(passed) == 1 else judge(contract, transcripts, parties=CONSUMER)
    unmet = () if interrupted else _unmet(deviations, judgement)
    redact = redactor(contract, target, transcripts).text
    live = () if target is None else (f"{target.url} answered, not the reference.",)
    account = Account(
        contract=contract,
        judgement=judgement,
        target=shlex.join(words),
        origin="gate",
        started=started,
        finished=datetime.now(UTC),
        seed=seed,
        played=tuple(one.name for one in transcripts),
        coverage=_together(passed),
        command=("gate", contract.manifest.slug, *options, "--", *map(redact, words)),  # the command may hold a token
        failures=(*(sentence for one in passed for sentence in one.broken), *unmet),
        notes=tuple(dict.fromkeys((*live, *(sentence for one in passed for sentence in one.notes)))),
        deviations=deviations,
        shape=infer(contract, transcripts, SOME_ROWS),
    )
    return document([account], today=started.date(), redact=redact, interrupted=interrupted)


def _unmet(deviations: Sequence[Deviation], judgement: Judgement) -> Iterator[str]:
    """A sentence for each deviation that could not occur: what is expected of a client is strict."""
    untried = {one.clause.id for one in judgement.verdicts if one.verdict < Verdict.PASS}
    for one in deviations:
        if one.clause in untried:
            yield f"{one.clause} was expected to be broken, and nothing in this traffic concerns it; take it out."


def _together(passed: Sequence[Judged]) -> dict[str, Json]:
    """What all passages met between them."""
    kinds = passed[0].met
    met = {kind: {name for one in passed for name in one.met[kind]["met"]} for kind in kinds}
    known = {kind: {*kinds[kind]["met"], *kinds[kind]["missed"]} for kind in kinds}
    return {kind: {"met": sorted(met[kind]), "missed": sorted(known[kind] - met[kind])} for kind in kinds}
