"""Synthetic batches as Adobe's export jobs leave them in a data lake, and the job that tells of them. Some spoilt.

A file of up to `PER_FILE` profiles is made whole; there may be any number. Nothing is put anywhere here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from export_contracts.reference.draw import Draw
from export_contracts.reference.population import Population
from export_contracts.reference.striking import Striking
from export_contracts.vendors.adobe.reference_batches import EVERYTHING, row
from export_contracts.vendors.adobe.reference_editions import REWRITTEN
from export_contracts.vendors.adobe.reference_parquet import as_parquet

NOW: Final = 1_790_000_000
PER_FILE: Final = 20_000
KINDS: Final = {
    "lost": "a profile that the job counts is missing",
    "cut": "a file breaks off",
    "damaged": "a page of a file is damaged",
    "no-parquet": "a file is JSON",
}
OF_FILES: Final = frozenset({"cut", "damaged", "no-parquet"})


def files(
    users: int, seed: int, defects: Sequence[Striking], as_of: str | None
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The job as `job.json`, then each file as (path, parts); the job as its guide showed jobs in the month `as_of`."""
    batch = f"{Draw(f'{seed}/batch').hex(32)}"
    job = {
        "id": 24_101,
        "jobType": "BATCH",
        "status": "SUCCEEDED",
        "fields": ",".join(EVERYTHING),
        "destination": {"datasetId": Draw(f"{seed}/dataset").hex(24), "segmentPerBatch": False, "batchId": batch},
        "metrics": {} if as_of is not None and as_of < REWRITTEN else {"totalExportedProfileCounter": users},
    }
    yield "job.json", iter((json.dumps(job, indent=2).encode(),))
    people = Population(seed, users, NOW)
    for number, start in enumerate(range(0, max(users, 1), PER_FILE)):
        lost = [one for one in defects if one.kind == "lost"]
        rows = [
            row(one, EVERYTHING)
            for at, one in enumerate(people.people(start, start + PER_FILE), start)
            if not any(defect.strikes(seed, at) for defect in lost)
        ]
        struck = {one.kind for one in defects if one.kind in OF_FILES and one.strikes(seed, number)}
        yield f"{batch}/part-{number:05d}.parquet", iter((_spoilt(as_parquet(EVERYTHING, rows), struck),))


def _spoilt(body: bytes, struck: set[str]) -> bytes:
    if "no-parquet" in struck:
        return b'{"identities": []}\n'
    if "damaged" in struck:
        middle = len(body) // 3
        body = body[:middle] + bytes([body[middle] ^ 0x55]) + body[middle + 1 :]
    return body[:-40] if "cut" in struck else body
