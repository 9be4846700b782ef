"""Servers that spoil delivered batches, one defect each. No other logic."""

from __future__ import annotations

from collections.abc import Sequence

from export_contracts.model import Json
from export_contracts.vendors.adobe.reference_service import Adobe


class LosesProfile(Adobe):
    """Leaves the last profile of a batch out."""

    def file(self, paths: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
        return super().file(paths, rows[:-1])


class CutsFiles(Adobe):
    """Writes files that break off."""

    def file(self, paths: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
        return super().file(paths, rows)[:-20]


class WritesText(Adobe):
    """Writes JSON where Parquet should be."""

    def file(self, paths: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
        del paths
        return "\n".join(map(str, rows)).encode()


class ForgetsBatch(Adobe):
    """Delivers all batches of a job but the last."""

    def batches(self, job: Json) -> list[str]:
        found = super().batches(job)
        return found[:-1] if len(found) > 1 else found


class ForgetsField(Adobe):
    """Leaves the last field that was asked for out of the files."""

    def columns(self, job: Json) -> list[str]:
        found = super().columns(job)
        return found[:-1] if job["order"].get("fields") else found
