"""Plays scenarios and writes each as a redacted cassette. Judges nothing; `transcript.traffic` reads them back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes

from export_contracts.catalogue.contract import Contract
from export_contracts.catalogue.operations import resolve_operations
from export_contracts.check.run import GENERATED, Played, numbered, play, scenarios_of
from export_contracts.check.secrecy import redactor
from export_contracts.errors import ExportContractsError
from export_contracts.model import Json, Transcript
from export_contracts.targets.scenario import Scenario
from export_contracts.targets.venue import Venue
from export_contracts.transcript import cassette
from export_contracts.transcript.disguise import Disguise
from export_contracts.transcript.disguised_traffic import disguised
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
    contract: Contract,
    venue: Venue,
    chosen: Iterable[Scenario],
    folder: Path,
    *,
    recorded_at: str,
    seed: int = 0,
    keep_bodies: bool = True,
) -> Iterator[Recorded]:
    """Play each of `chosen` and write `folder/<origin>-<scenario>.yaml`; `recorded_at` is a date, YYYY-MM-DD.

    A cassette of the embedded reference bears the date of its frozen clock, and so repeats to the byte. Unless
    `keep_bodies`, what the target delivered is disguised before anything is written.
    """
    keeper = redactor(contract, venue.target)
    disguise = None if keep_bodies else Disguise(token_bytes(32), frozenset(enumerated(contract)))
    for one in chosen:
        played = next(numbered([play(contract, venue, one, seed=seed)]))
        if not played.transcript.exchanges:
            yield Recorded(one.name, None, played)
            continue
        day = _day(played.transcript) if venue.target.origin == "reference" else recorded_at
        heard = played.transcript
        if disguise is not None:
            heard = disguised(disguise, resolve_operations(contract, heard), exports(contract))
        body = written(contract, keeper, heard, about=one.about, recorded_at=day)
        yield Recorded(one.name, _write(folder, f"{venue.target.origin}-{one.name}.yaml", body), played)


def exports(contract: Contract) -> frozenset[str]:
    """Operations whose answers are exports themselves: `x-personal` in the OpenAPI file."""
    several = (item for path in contract.openapi.get("paths", {}).values() for item in path.values())
    return frozenset(str(one["operationId"]) for one in several if isinstance(one, dict) and one.get("x-personal"))


def enumerated(contract: Contract) -> Iterator[str]:
    """Every word that the contract enumerates: it says nothing of a person."""
    yield from _words([contract.openapi, *contract.schemas.values()])


def _words(value: Json) -> Iterator[str]:
    several = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    if isinstance(value, Mapping):
        listed = value.get("enum") if isinstance(value.get("enum"), list) else []
        yield from (one for one in (*(listed or ()), value.get("const")) if isinstance(one, str))
    for one in several:
        yield from _words(one)


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
        raise ExportContractsError(
            f"{folder} cannot be written: {error.strerror or error}.", hint="Give another folder."
        ) from None
    return path
