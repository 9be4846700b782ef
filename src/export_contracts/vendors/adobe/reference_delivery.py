"""What a job's batches put into the bucket. No request is read here and none answered."""

from __future__ import annotations

from collections.abc import Sequence

from export_contracts.model import Json
from export_contracts.reference.population import Population
from export_contracts.reference.server import Reference
from export_contracts.vendors.adobe import reference_batches as batches
from export_contracts.vendors.adobe.reference_parquet import as_parquet


class Delivering(Reference):
    """A server whose jobs deliver. Each step that a mutant may spoil is a method of its own."""

    def deliver(self, job: Json) -> None:
        """Put the files of the job's batches into the bucket, where there is one."""
        if self.world.bucket is None:
            return
        people = Population(self.world.seed, self.world.users, int(job["created"]) // 1000)
        paths, dataset = self.columns(job), job["order"]["destination"]["datasetId"]
        for batch, share in zip(self.batches(job), batches.shares(people, len(batches.batches(job))), strict=False):
            rows = [batches.row(one, paths) for one in share]
            for number, start in enumerate(range(0, max(len(rows), 1), batches.PER_FILE)):
                body = self.file(paths, rows[start : start + batches.PER_FILE])
                self.world.bucket.put(f"{dataset}/{batch}/part-{number:05d}.parquet", body)

    def columns(self, job: Json) -> list[str]:
        """The columns of the job's files."""
        return batches.columns(job["order"])

    def batches(self, job: Json) -> list[str]:
        """The batches that are delivered."""
        return batches.batches(job)

    def file(self, paths: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
        """One file."""
        return as_parquet(paths, rows)
