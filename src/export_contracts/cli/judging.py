"""What `judge` does between its arguments and its results. Prints nothing and sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from export_contracts.catalogue.contract import Contract
from export_contracts.cli import choose
from export_contracts.coverage import measure
from export_contracts.drift.shape import SOME_ROWS, infer
from export_contracts.judge import judge
from export_contracts.model import Json, Party
from export_contracts.report.account import Account
from export_contracts.report.results import document
from export_contracts.transcript import traffic
from export_contracts.transcript.redact_traffic import learn
from export_contracts.transcript.redaction import Redactor

PARTIES: tuple[Party, ...] = ("provider", "consumer")


@dataclass(frozen=True)
class Asked:
    """The arguments of `judge`, as given."""

    vendor: str
    files: tuple[str, ...]
    party: str | None = None
    only: tuple[str, ...] = ()
    as_of: str | None = None


def run(asked: Asked) -> dict[str, Json]:
    """Judge the recordings and return the results document."""
    started = datetime.now(UTC)
    contract = choose.load(asked.vendor, asked.as_of)
    only = choose.clause_ids(asked.only, [contract]) if asked.only else None
    transcripts = [one for file in asked.files for one in traffic.load(file, contract.manifest.slug)]
    parties = tuple(one for one in PARTIES if asked.party in {None, one})
    judgement = judge(contract, transcripts, parties=parties, only=only)
    account = Account(
        contract=contract,
        judgement=judgement,
        target=", ".join(asked.files),
        origin=", ".join(sorted({one.origin for one in transcripts})),
        started=started,
        finished=datetime.now(UTC),
        played=tuple(one.name for one in transcripts),
        coverage=measure(contract, judgement.transcripts).as_json(),
        command=_command(asked, contract),
        shape=infer(contract, judgement.transcripts, SOME_ROWS),
    )
    redact = learn(Redactor(), transcripts).text
    return document([account], today=started.date(), redact=redact)


def _command(asked: Asked, contract: Contract) -> tuple[str, ...]:
    words = ["judge", contract.manifest.slug, *asked.files]
    for name, value in (("--party", asked.party), ("--as-of", asked.as_of)):
        words += [name, value] if value else []
    return tuple(words)
