"""What `gate` does between its options and its results. Prints nothing but the command's own output."""

from __future__ import annotations

import dataclasses
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from export_contracts.catalogue.contract import Contract
from export_contracts.cli import choose
from export_contracts.errors import UsageError
from export_contracts.gate.gate import gate
from export_contracts.gate.upstream import checked
from export_contracts.gate.verdict import CONSUMER, Judged
from export_contracts.judge import judge
from export_contracts.model import Json
from export_contracts.report.account import Account
from export_contracts.report.results import document
from export_contracts.targets import target_file
from export_contracts.targets.target import Deviation, Target
from export_contracts.transcript.redact_traffic import learn
from export_contracts.transcript.redaction import Redactor

FOLDER = "export-contracts-report"


@dataclass(frozen=True)
class Behind:
    """Who answers behind the gate: `upstream` is `reference` or `live`, `target` the file of the account."""

    upstream: str = "reference"
    target: str | None = None
    max_exports: int | None = None


@dataclass(frozen=True)
class Asked:
    """The options of `gate`, as given. `words` is the command."""

    vendor: str
    words: tuple[str, ...]
    expect: str | None = None
    awkward: str | None = None
    seed: int = 0
    timeout: float | None = None
    quiet: bool = False
    behind: Behind = Behind()


def run(asked: Asked) -> dict[str, Json]:
    """Gate the command and return the results document."""
    contract = choose.load(asked.vendor, None)
    words = asked.words[1:] if asked.words[:1] == ("--",) else asked.words
    if not words:
        raise UsageError("There is no command to run.", hint=f"export-contracts gate {asked.vendor} -- npm test")
    deviations = _expected(asked, contract)
    seeds = _seeds(asked.awkward)
    target = _upstream(asked.behind, contract, seeds)
    started = datetime.now(UTC)
    passed = gate(
        contract, words, seed=asked.seed, awkward=seeds, target=target, timeout=asked.timeout, quiet=asked.quiet
    )
    account = dataclasses.replace(_account(asked, contract, words, passed, started), deviations=deviations)
    if target is not None:
        account = dataclasses.replace(account, notes=(f"{target.url} answered, not the reference.", *account.notes))
    redact = learn(Redactor(_secrets(contract, target)), [one.passage.transcript for one in passed]).text
    return document([account], today=started.date(), redact=redact)


def _expected(asked: Asked, contract: Contract) -> tuple[Deviation, ...]:
    if asked.expect is None:
        return ()
    return target_file.load_deviations(Path(asked.expect), contract.manifest.slug)


def _upstream(behind: Behind, contract: Contract, seeds: tuple[int, ...]) -> Target | None:
    """The account to pass requests on to; None for the reference."""
    if behind.upstream == "reference":
        for option, given in (("--target", behind.target), ("--max-exports", behind.max_exports)):
            if given is not None:
                raise UsageError(f"{option} belongs to --upstream live.", hint="Add --upstream live.")
        return None
    if behind.target is None:
        raise UsageError("--upstream live needs the account to pass requests on to.", hint="Add --target FILE.")
    if seeds:
        raise UsageError("A live account is as awkward as it is: --awkward belongs to the reference.")
    path, most = Path(behind.target), behind.max_exports
    return checked(contract, target_file.load(path, vendor=contract.manifest.slug, live=True, max_exports=most))


def _secrets(contract: Contract, target: Target | None) -> frozenset[str]:
    settings = contract.manifest.settings
    named = {} if target is None else target.settings
    return frozenset(str(value) for name, value in named.items() if name in settings and settings[name].secret)


def _seeds(text: str | None) -> tuple[int, ...]:
    try:
        return tuple(int(one) for one in text.split(",")) if text else ()
    except ValueError:
        raise UsageError(f"--awkward takes numbers, not {text!r}.", hint="--awkward 1,2,3") from None


def _account(
    asked: Asked, contract: Contract, words: tuple[str, ...], passed: list[Judged], started: datetime
) -> Account:
    transcripts = [one.passage.transcript for one in passed]
    repeat = ["--seed", str(asked.seed), *(["--awkward", asked.awkward] if asked.awkward else [])]
    if asked.behind.target is not None:
        repeat = ["--upstream", "live", "--target", asked.behind.target]
    return Account(
        contract=contract,
        judgement=judge(contract, transcripts, parties=CONSUMER),
        target=shlex.join(words),
        origin="gate",
        started=started,
        finished=datetime.now(UTC),
        seed=asked.seed,
        played=tuple(one.name for one in transcripts),
        coverage=_together(passed),
        command=("gate", contract.manifest.slug, *repeat, "--", *words),
        failures=tuple(sentence for one in passed for sentence in one.broken),
        notes=tuple(dict.fromkeys(sentence for one in passed for sentence in one.notes)),
    )


def _together(passed: list[Judged]) -> dict[str, Json]:
    """What all passages met between them."""
    kinds = passed[0].met
    met = {kind: {name for one in passed for name in one.met[kind]["met"]} for kind in kinds}
    known = {kind: {*kinds[kind]["met"], *kinds[kind]["missed"]} for kind in kinds}
    return {kind: {"met": sorted(met[kind]), "missed": sorted(known[kind] - met[kind])} for kind in kinds}
