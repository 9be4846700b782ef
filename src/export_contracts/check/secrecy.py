"""The redactor of a run: it knows the target's secrets, and those its traffic shows. Used by every writer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Json, Transcript
from export_contracts.targets.target import Target
from export_contracts.transcript.redact_traffic import learn
from export_contracts.transcript.redaction import Redactor

REFERENCE_KEY = b"export-contracts reference"
"""The embedded reference's secrets are invented; a fixed key makes what is written of it repeat to the byte."""


def redactor(contract: Contract, target: Target | None = None, transcripts: Iterable[Transcript] = ()) -> Redactor:
    """A redactor for what is written about `target` and `transcripts`."""
    made = target is not None and target.origin == "reference"
    empty = Redactor(key=REFERENCE_KEY) if made else Redactor()
    known = empty.knowing(secrets_of(contract, target)) if target is not None else empty
    return learn(known, transcripts)


def secrets_of(contract: Contract, target: Target) -> Iterator[str]:
    """The values of the settings that the vendor's manifest calls secret."""
    for name, setting in contract.manifest.settings.items():
        if setting.secret:
            yield from _strings(target.settings.get(name))


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
