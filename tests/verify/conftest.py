"""Small synthetic deliveries, laid out as a bucket is."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from export_contracts.cli.main import main
from export_contracts.model import Json
from export_contracts.reference.population import Population
from export_contracts.vendors.braze import reference_files
from export_contracts.vendors.braze.reference_users import BUILDERS, exported

NOW = 1_790_000_000
PREFIX = f"6d3ba6a8-5b9f-4d7a-8a1b-0123456789ab-{NOW}"
FIELDS = tuple(BUILDERS)


def users(count: int, first: int = 0, fields: Sequence[str] = FIELDS) -> list[dict[str, Json]]:
    return [exported(one, NOW, fields) for one in Population(7, count, NOW, first=first).people()]


def text(rows: Sequence[Json]) -> bytes:
    return reference_files.text(reference_files.line(one) for one in rows)


@pytest.fixture
def bucket(tmp_path: Path) -> Callable[..., Path]:
    """Writes each text as one archive and returns the folder."""
    root = tmp_path / "bucket"

    def deliver(*texts: bytes, segment: str = "segment-1", extension: str = "zip") -> Path:
        for number, body in enumerate(texts):
            path = root / reference_files.key(segment, NOW, PREFIX, f"{number:03d}.{extension}")
            path.parent.mkdir(parents=True, exist_ok=True)
            zipped = reference_files.zipped([(f"{number:03d}.json", body)])
            path.write_bytes(zipped if extension == "zip" else reference_files.gzipped(body))
        return root

    return deliver


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., tuple[int, dict[str, Json]]]:
    """Runs the command; exit code and results document."""

    def run(*words: object, vendor: str = "braze") -> tuple[int, dict[str, Json]]:
        report = () if "--report" in words else ("--report", tmp_path / "report")
        code = main(["verify", vendor, *map(str, (*words, *report)), "--json"])
        out = capsys.readouterr()
        return code, json.loads(out.out) if out.out else {"error": out.err}

    return run


def broken(results: dict[str, Json]) -> dict[str, int]:
    """Breaches by clause."""
    return {one["id"]: one["broken"] for one in results["clauses"] if one["broken"]}


def findings(results: dict[str, Json], clause: str) -> list[dict[str, Json]]:
    return next(one["findings"] for one in results["clauses"] if one["id"] == clause)
