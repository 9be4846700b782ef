"""What `check` does between its options and its results: venues, runs, accounts, files. Prints only progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.check.conduct import Options, Outcome, conduct
from export_contracts.cli import choose, loose
from export_contracts.cli.progress import progress
from export_contracts.errors import EngineError, UnreachableError, UsageError
from export_contracts.model import Json, Judgement
from export_contracts.reference.embedded_s3 import late_bucket
from export_contracts.report import folder as report_folder
from export_contracts.report.account import Account
from export_contracts.report.results import document
from export_contracts.targets import target_file
from export_contracts.targets.live import live_venue
from export_contracts.targets.target_options import from_options
from export_contracts.targets.venue import Venue, embedded_venue
from export_contracts.transcript.redact_traffic import learn
from export_contracts.transcript.redaction import Redactor

FOLDER = "export-contracts-report"


@dataclass(frozen=True)
class Asked:
    """The options of `check`, as given."""

    words: loose.Words
    builtin: tuple[str, ...] = ()
    token_env: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    level: str = "may"
    workers: int = 1
    seed: int = 0
    url: str | None = None
    target: str | None = None
    report: str | None = None
    as_json: bool = False
    live: bool = False
    max_exports: int | None = None
    as_of: str | None = None
    users: int = 40


def run(asked: Asked) -> dict[str, Json]:
    """Check each vendor asked for and return the results document."""
    contracts = _contracts(asked)
    only = choose.clause_ids(asked.only, contracts) if asked.only else None
    options = Options(seed=asked.seed, workers=asked.workers, only=only, level=asked.level)
    accounts: list[Account] = []
    interrupted = False
    for contract in contracts:
        if only is not None and not only & {one.id for one in contract.clauses}:
            continue
        account, complete = _check(asked, contract, options)
        accounts.append(account)
        if not complete:
            interrupted = True
            break
    return document(accounts, today=datetime.now(UTC).date(), redact=_redact(accounts), interrupted=interrupted)


def _redact(accounts: Sequence[Account]) -> Callable[[str], str]:
    """Removes the secrets that the targets declare and those that their traffic shows."""
    transcripts = [talk for one in accounts for talk in one.judgement.transcripts]
    secret = {
        str(value)
        for one in accounts
        for talk in one.judgement.transcripts
        for name, value in talk.facts.items()
        if name in one.contract.manifest.settings and one.contract.manifest.settings[name].secret
    }
    return learn(Redactor(frozenset(secret)), transcripts).text


def write(asked: Asked, results: dict[str, Json]) -> Path | None:
    """Write the report files; with --json only where a folder was asked for."""
    if asked.as_json and asked.report is None:
        return None
    where = Path(asked.report or FOLDER)
    report_folder.write_all(results, where)
    return where


def _contracts(asked: Asked) -> list[Contract]:
    alone = asked.words.alone
    if len(alone) > 1:
        raise UsageError(f"check takes one vendor, not {len(alone)}: {' '.join(alone)}.")
    if not alone and (asked.url or asked.target or asked.words.options):
        raise UsageError("A target belongs to one vendor; say which.", hint="export-contracts check VENDOR --url URL")
    return [choose.load(one, asked.as_of) for one in (alone or plugins.slugs())]


def _check(asked: Asked, contract: Contract, options: Options) -> tuple[Account, bool]:
    venue = _venue(asked, contract)
    slug = contract.manifest.slug
    started = datetime.now(UTC)
    try:
        with progress(f"checking {slug}") as say:
            outcome = conduct(contract, venue, options, lambda played: say(played.scenario))
    except (UnreachableError, EngineError) as error:
        trouble = " ".join(filter(None, (error.sentence, error.hint)))
        return _nothing(asked, contract, venue, started, trouble), True
    return _account(asked, outcome), outcome.complete


def _venue(asked: Asked, contract: Contract) -> Venue:
    slug = contract.manifest.slug
    loose.refuse_unknown(asked.words, contract.manifest, asked.builtin)
    if asked.url and asked.target:
        raise UsageError("--url and --target both say where the API is; give one of them.")
    if asked.target:
        if asked.words.options or asked.token_env:
            raise UsageError("A target file holds all of a target's settings; options cannot be added to it.")
        path = Path(asked.target)
        return live_venue(target_file.load(path, vendor=slug, live=asked.live, max_exports=asked.max_exports))
    if asked.url:
        options, live = asked.words.options, asked.live
        target = from_options(slug, asked.url, options, asked.token_env, live=live, max_exports=asked.max_exports)
        return live_venue(target)
    stray = next(iter((*asked.words.options, *(["--token-env"] if asked.token_env else []))), None)
    if stray:
        raise UsageError(f"{stray} describes a target, and none was given.", hint="Add --url URL or --target FILE.")
    return embedded_venue(slug, seed=asked.seed, users=asked.users, new_bucket=late_bucket)


def _account(asked: Asked, outcome: Outcome) -> Account:
    unplayed = {**outcome.left_out, **outcome.cut_short}
    target = outcome.venue.target
    return Account(
        contract=outcome.contract,
        judgement=outcome.judgement,
        target=_shown(outcome.venue),
        origin=target.origin,
        started=datetime.fromtimestamp(outcome.started, UTC),
        finished=datetime.fromtimestamp(outcome.finished, UTC),
        seed=asked.seed,
        played=tuple(one.scenario for one in outcome.played if one.scenario not in unplayed),
        left_out=outcome.left_out,
        cut_short=outcome.cut_short,
        coverage=outcome.coverage.as_json(),
        deviations=target.deviations,
        environment=loose.environment(asked.token_env, outcome.contract.manifest),
        command=_command(asked, outcome.contract),
    )


def _nothing(asked: Asked, contract: Contract, venue: Venue, started: datetime, trouble: str) -> Account:
    slug = contract.manifest.slug
    return Account(
        contract=contract,
        judgement=Judgement(slug, (), ()),
        target=_shown(venue),
        origin=venue.target.origin,
        started=started,
        finished=datetime.now(UTC),
        seed=asked.seed,
        command=_command(asked, contract),
        trouble=trouble,
    )


def _shown(venue: Venue) -> str:
    return "the embedded reference" if venue.target.origin == "reference" else venue.target.url


def _command(asked: Asked, contract: Contract) -> tuple[str, ...]:
    """The arguments that repeat this run, without where it reports and which clauses it keeps to; no secrets."""
    words = ["check", contract.manifest.slug]
    for name, value in (("--url", asked.url), ("--target", asked.target), ("--as-of", asked.as_of)):
        words += [name, value] if value else []
    for value in asked.token_env:
        words += ["--token-env", value]
    words += loose.repeatable(asked.words.options, contract.manifest)
    words += ["--live"] if asked.live else []
    return (*words, "--seed", str(asked.seed))
