"""One side of a comparison of traffic: cassette, HAR, folder of them, results document or shape. Opens files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from export_contracts.catalogue.clauses import meta_validator
from export_contracts.catalogue.contract import Contract
from export_contracts.drift import shape
from export_contracts.errors import TrafficError
from export_contracts.judge import judge
from export_contracts.model import Json, Transcript
from export_contracts.report import load as results
from export_contracts.report.inert import inert
from export_contracts.transcript import traffic

RESULTS: Final = "export-contracts/results/1"


@dataclass(frozen=True)
class Side:
    """What is known of one side; None for what such a file cannot tell.

    `broken`: clauses with findings and their level. `readings`: by clause, which readings were met.
    """

    name: str
    shape: Mapping[str, Json] | None
    broken: Mapping[str, str] | None
    readings: Mapping[str, frozenset[str]] | None = None
    untold: tuple[str, ...] = ()
    """What a probe left out or could not finish, in words."""


def load(contract: Contract, path: str) -> Side:
    """The side that a file is; `TrafficError` in one sentence where it is none."""
    data = _json(Path(path))
    if isinstance(data, dict) and data.get("format") == shape.FORMAT:
        return _shape(contract, _checked(contract, data, path), path)
    if isinstance(data, dict) and data.get("format") == RESULTS:
        return _results(contract, results.load(Path(path)), path)
    return of(contract, traffic.load(path, contract.manifest.slug), path)


def of(contract: Contract, transcripts: Iterable[Transcript], name: str) -> Side:
    """The side that some transcripts are."""
    several = tuple(transcripts)
    verdicts = judge(contract, several).verdicts
    broken = {one.clause.id: one.clause.level for one in verdicts if one.findings}
    readings = {one.clause.id: frozenset(one.readings) for one in verdicts if one.readings}
    judged = {"broken": broken, "readings": {at: sorted(many) for at, many in sorted(readings.items())}}
    return Side(name, {**shape.infer(contract, several), "judged": judged}, broken, readings)


def _shape(contract: Contract, data: dict[str, Json], path: str) -> Side:
    """The side that a shape is. Clauses of which it was judged by are those that the contract still has."""
    judged = data.get("judged")
    if judged is None:
        return Side(path, data, None)
    known = {one.id for one in contract.clauses}
    broken = {at: str(level) for at, level in judged["broken"].items() if at in known}
    return Side(path, data, broken, {at: frozenset(many) for at, many in judged["readings"].items() if at in known})


def _json(path: Path) -> Json:
    if not path.is_file() or path.suffix not in {".json", ".shape"}:
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None


def _checked(contract: Contract, data: dict[str, Json], path: str) -> dict[str, Json]:
    if data.get("vendor") != contract.manifest.slug:
        raise TrafficError(f"{path} is the shape of {data.get('vendor')!r}, not of {contract.manifest.slug}.")
    wrong = next(meta_validator("shape").violations(data), None)
    if wrong is not None:
        raise TrafficError(
            f"{path} is no whole shape: {wrong.expected} expected at {inert(wrong.pointer or '/', 200)}.",
            hint="export-contracts drift VENDOR TRAFFIC --to FILE writes one.",
        )
    return data


def _results(contract: Contract, data: dict[str, Json], path: str) -> Side:
    mine = [one for one in data["clauses"] if one["vendor"] == contract.manifest.slug]
    broken = {one["id"]: one["level"] for one in mine if one.get("findings")}
    readings = {one["id"]: frozenset(one["observed"]) for one in mine if one["observed"]}
    runs = (one for one in data["runs"] if one["vendor"] == contract.manifest.slug)
    shapes = [one["shape"] for one in runs if "shape" in one]
    if not shapes:  # of delivered files, or written before results told of their traffic
        return Side(path, None, broken, readings)
    judged = {"broken": broken, "readings": {at: sorted(many) for at, many in sorted(readings.items())}}
    return Side(path, {**_checked(contract, shapes[0], path), "judged": judged}, broken, readings)
