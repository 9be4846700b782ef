"""Plays scenarios and writes each as a redacted cassette. Judges nothing; `transcript.traffic` reads them back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from export_contracts.catalogue.contract import Contract
from export_contracts.check.run import GENERATED, Played, numbered, play, scenarios_of
from export_contracts.check.secrecy import redactor
from export_contracts.errors import UsageError
from export_contracts.model import Transcript
from export_contracts.targets.scenario import Scenario
from export_contracts.targets.venue import Venue
from export_contracts.transcript import cassette
from export_contracts.transcript.redact_traffic import redact
from export_contracts.transcript.redaction import Redactor


@dataclass(frozen=True)
class Recorded:
    """One scenario's outcome: the cassette's path, or None where there was nothing to write, and why."""

    scenario: str
    path: Path | None
    played: Played


def recordable(slug: str) -> tuple[Scenario, ...]:
    """The scripted scenarios of a vendor; generated cases are drawn anew and never replayed."""
    return tuple(one for one in scenarios_of(slug) if one.name != GENERATED)


def record(
    contract: Contract, venue: Venue, chosen: Iterable[Scenario], folder: Path, *, recorded_at: str, seed: int = 0
) -> Iterator[Recorded]:
    """Play each of `chosen` and write `folder/<origin>-<scenario>.yaml`; `recorded_at` is a date, YYYY-MM-DD.

    A cassette of the embedded reference bears the date of its frozen clock, and so repeats to the byte.
    """
    keeper = redactor(contract, venue.target)
    for one in chosen:
        played = next(numbered([play(contract, venue, one, seed=seed)]))
        if not played.transcript.exchanges:
            yield Recorded(one.name, None, played)
            continue
        day = _day(played.transcript) if venue.target.origin == "reference" else recorded_at
        body = written(contract, keeper, played.transcript, about=one.about, recorded_at=day)
        yield Recorded(one.name, _write(folder, f"{venue.target.origin}-{one.name}.yaml", body), played)


def _day(transcript: Transcript) -> str:
    return datetime.fromtimestamp(transcript.exchanges[0].started, UTC).date().isoformat()


def written(contract: Contract, keeper: Redactor, transcript: Transcript, *, about: str, recorded_at: str) -> bytes:
    """The cassette of a transcript, redacted by `keeper`; one for a whole recording keeps equal tokens equal."""
    clean = redact(keeper, transcript)
    hidden = {
        name: keeper.placeholder(transcript.facts[name])
        for name, setting in contract.manifest.settings.items()
        if setting.secret and isinstance(transcript.facts.get(name), str)
    }
    clean = dataclasses.replace(clean, facts={**clean.facts, **hidden})
    return cassette.dump(clean, recorded_at=recorded_at, about={"about": about} if about else {})


def _write(folder: Path, name: str, body: bytes) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(body)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written to: {error.strerror}.") from None
    return path
