"""What `check` does between its options and its results: venues, runs, accounts, files. Prints only progress."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from export_contracts.catalogue.contract import Contract
from export_contracts.check.conduct import Options, Outcome, conduct
from export_contracts.check.run import GENERATED
from export_contracts.check.secrecy import redactor
from export_contracts.check.shortfall import shortfalls
from export_contracts.cli import choose, loose, venues
from export_contracts.cli.interruption import watched
from export_contracts.cli.progress import progress
from export_contracts.cli.venues import Aim
from export_contracts.drift.shape import SOME_ROWS, infer
from export_contracts.errors import EngineError, ExportContractsError, UnreachableError, UsageError
from export_contracts.model import Clause, Json, Judgement, Transcript
from export_contracts.report.account import Account
from export_contracts.report.results import document
from export_contracts.targets.venue import Venue
from export_contracts.transcript.redaction import Redactor

FOLDER = "export-contracts-report"
DEBUG = "EXPORT_CONTRACTS_DEBUG"


@dataclass(frozen=True)
class Asked:
    """The options of `check`, as given."""

    aim: Aim
    only: tuple[str, ...] = ()
    level: str = "may"
    workers: int = 1
    as_of: str | None = None


def run(asked: Asked) -> dict[str, Json]:
    """Check each vendor asked for and return the results document."""
    contracts = _contracts(asked)
    only = choose.clause_ids(asked.only, contracts) if asked.only else None
    _refuse_clients(only, contracts)
    contracts = _in_force(asked, contracts, only)
    options = Options(seed=asked.aim.seed, workers=asked.workers, only=only, level=asked.level)
    accounts: list[Account] = []
    redact = Redactor()
    complete = True
    with watched() as interruption:
        for contract in contracts:
            if only is not None and not only & {one.id for one in contract.clauses}:
                continue
            venue = venues.venue(asked.aim, contract)
            account, complete = _check(asked, contract, venue, options)
            accounts.append(account)
            redact = _learned(redact, account, venue)
            if interruption.seen or not complete:
                break
    interrupted = interruption.seen or not complete
    return document(accounts, today=datetime.now(UTC).date(), redact=redact.text, interrupted=interrupted)


def _refuse_clients(only: frozenset[str] | None, contracts: list[Contract]) -> None:
    """Clauses that bind clients say nothing of a server, and a run for their sake would judge nothing."""
    binding = {clause.id: clause.party for one in contracts for clause in one.clauses if clause.id in (only or ())}
    if binding and "provider" not in binding.values():
        raise UsageError(
            f"{', '.join(sorted(binding))} binds clients, and check judges servers.",
            hint=f"export-contracts gate {contracts[0].manifest.slug} --, or judge with recorded traffic.",
        )


def _in_force(asked: Asked, contracts: list[Contract], only: frozenset[str] | None) -> list[Contract]:
    """The contracts that bind servers at their date: nothing is sent for the sake of one that does not."""
    if asked.as_of is None:
        return contracts
    wanted = [one for one in contracts if any(_binds(one, clause, only) for clause in one.clauses)]
    if wanted:
        return wanted
    if only is not None:
        raise UsageError(f"{', '.join(sorted(only))} did not bind in {asked.as_of}.", hint="Give a later --as-of.")
    names = ", ".join(one.manifest.slug for one in contracts)
    raise UsageError(f"No clause of {names} bound a server in {asked.as_of}.", hint="Give a later --as-of.")


def _binds(contract: Contract, clause: Clause, only: frozenset[str] | None) -> bool:
    """Whether a server of that date is judged by the clause; the clauses of all vendors alone make no edition."""
    own = clause.id in only if only is not None else clause.vendor_prefix == contract.manifest.prefix
    return own and clause.party == "provider" and contract.is_active(clause)


def _learned(redact: Redactor, account: Account, venue: Venue) -> Redactor:
    """The redactor, knowing also what is secret of this run. All invented, its placeholders repeat to the byte."""
    of_run = redactor(account.contract, venue.target, account.judgement.transcripts)
    return Redactor(redact.secrets | of_run.secrets, of_run.key)


def _contracts(asked: Asked) -> list[Contract]:
    alone = asked.aim.words.alone
    if len(alone) > 1:
        raise UsageError(f"check takes one vendor, not {len(alone)}: {' '.join(alone)}.")
    if not alone and asked.aim.is_given:
        raise UsageError("A target belongs to one vendor; say which.", hint="export-contracts check VENDOR --url URL")
    return choose.several(alone[0] if alone else None, asked.as_of)


def _check(asked: Asked, contract: Contract, venue: Venue, options: Options) -> tuple[Account, bool]:
    slug = contract.manifest.slug
    started = datetime.now(UTC)
    try:
        with progress(f"checking {slug}") as say:
            outcome = conduct(contract, venue, options, lambda played: say(played.scenario))
    except (UnreachableError, EngineError) as error:
        trouble = " ".join(filter(None, (error.sentence, error.hint)))
        return _nothing(asked, contract, venue, started, trouble), True
    except ExportContractsError:
        raise
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        trouble = f"engine error: {type(error).__name__}: {error}; {DEBUG}=1 shows where."
        return _nothing(asked, contract, venue, started, trouble), True
    return _account(asked, outcome), outcome.complete


def _account(asked: Asked, outcome: Outcome) -> Account:
    unplayed = {**outcome.left_out, **outcome.cut_short}
    target = outcome.venue.target
    return Account(
        contract=outcome.contract,
        judgement=outcome.judgement,
        target=venues.shown(outcome.venue),
        origin=target.origin,
        started=datetime.fromtimestamp(outcome.started, UTC),
        finished=datetime.fromtimestamp(outcome.finished, UTC),
        seed=asked.aim.seed,
        played=tuple(one.scenario for one in outcome.played if one.scenario not in unplayed),
        left_out=outcome.left_out,
        cut_short=outcome.cut_short,
        broke=tuple(shortfalls(outcome.contract, target, outcome.played)),
        coverage=outcome.coverage.as_json(),
        deviations=target.deviations,
        environment=loose.environment(asked.aim.token_env, outcome.contract.manifest),
        command=_command(asked, outcome.contract),
        shape=infer(outcome.contract, _scripted(outcome), SOME_ROWS),
    )


def _scripted(outcome: Outcome) -> list[Transcript]:
    """What the scenarios made: drawn cases differ by the seed, and their shape with them."""
    return [one for one in outcome.judgement.transcripts if one.name != GENERATED]


def _nothing(asked: Asked, contract: Contract, venue: Venue, started: datetime, trouble: str) -> Account:
    slug = contract.manifest.slug
    return Account(
        contract=contract,
        judgement=Judgement(slug, (), ()),
        target=venues.shown(venue),
        origin=venue.target.origin,
        started=started,
        finished=datetime.now(UTC),
        seed=asked.aim.seed,
        command=_command(asked, contract),
        trouble=trouble,
    )


def _command(asked: Asked, contract: Contract) -> tuple[str, ...]:
    """The arguments that repeat this run, without where it reports and which clauses it keeps to."""
    edition = ("--as-of", asked.as_of) if asked.as_of else ()
    return ("check", contract.manifest.slug, *venues.repeatable(asked.aim, contract), *edition)
