"""Writes synthetic exports of any size as a vendor delivers them, with defects where they are wanted. Streams.

Users come from the reference's population: nobody in them exists. The same numbers write the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from export_contracts.catalogue import plugins
from export_contracts.errors import ExportContractsError, UsageError
from export_contracts.reference import buckets
from export_contracts.reference.draw import Draw

MILLION: Final = 1_000_000
IN_MEMORY: Final = 16 * 1024 * 1024


@dataclass(frozen=True)
class Defect:
    """A kind of defect, and how many users or files in a million have it."""

    kind: str
    per_million: int

    def strikes(self, seed: int, number: int) -> bool:
        """Whether it has user or file `number`."""
        return Draw(f"{seed}/{number}/{self.kind}").below(MILLION) < self.per_million


class Sampler(Protocol):
    """A vendor's module `sample`: `KINDS` says which defects it knows, and `files` writes."""

    KINDS: dict[str, str]

    def files(
        self, users: int, seed: int, defects: Sequence[Defect], as_of: str | None
    ) -> Iterator[tuple[str, bytes]] | Iterator[tuple[str, Iterator[bytes]]]:
        """Each file as (relative path, content): whole where it is small, else in parts that are taken in order.

        `as_of` is the month whose edition is written, `YYYY-MM`; None is the newest.
        """


def sampler(slug: str) -> Sampler:
    """The vendor's sampler."""
    try:
        return plugins.module(slug, "sample")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.endswith(".sample"):
            raise
        raise UsageError(f"There is no generator of exports for {slug} yet.") from None


def parse(words: Sequence[str], known: dict[str, str]) -> tuple[Defect, ...]:
    """Defects from `kind:rate`, the rate being from 0 to 1."""
    found = []
    for word in words:
        kind, _, rate = word.partition(":")
        if kind not in known:
            raise UsageError(f"There is no defect {kind!r}.", hint=f"Known: {', '.join(sorted(known))}.")
        try:
            share = float(rate)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise UsageError(f"{word!r} has no rate from 0 to 1.", hint=f"Write --defect {kind}:0.001")
        found.append(Defect(kind, round(share * MILLION)))
    return tuple(found)


def write(  # noqa: PLR0917 - what a sample is made of
    slug: str, to: str | Path, users: int, seed: int, defects: Sequence[Defect], as_of: str | None = None
) -> tuple[int, int]:
    """Write the files into a folder or a bucket, `s3://bucket/prefix`; how many they are, and how many bytes."""
    count = size = 0
    place = str(to)
    if not place.startswith("s3://") and ("://" in place or place == "-"):
        raise UsageError(f"Nothing can be written to {place}.", hint="Name a folder, or s3://bucket/prefix.")
    put = _bucket(place) if place.startswith("s3://") else _folder(Path(place))
    try:
        for name, body in sampler(slug).files(users, seed, defects, as_of):
            size += put(name, iter((body,)) if isinstance(body, bytes) else body)
            count += 1
    except OSError as error:
        raise ExportContractsError(
            f"{place} cannot be written: {error.strerror or error}.", hint="Give another folder."
        ) from None
    return count, size


Put = Callable[[str, Iterator[bytes]], int]


def _folder(root: Path) -> Put:
    def put(name: str, parts: Iterator[bytes]) -> int:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            return sum(file.write(part) for part in parts)

    return put


def _bucket(location: str) -> Put:
    """Objects come whole into the bucket; a part on the way lies in a temporary file."""
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    if not bucket:
        raise UsageError(f"{location} names no bucket.", hint="Write --to s3://bucket/prefix")
    client = buckets.client()

    def put(name: str, parts: Iterator[bytes]) -> int:
        from boto3.exceptions import S3UploadFailedError
        from botocore.exceptions import BotoCoreError, ClientError

        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            size = sum(file.write(part) for part in parts)
            file.seek(0)
            try:
                client.upload_fileobj(file, bucket, f"{prefix.rstrip('/')}/{name}".lstrip("/"))
            except (BotoCoreError, ClientError, S3UploadFailedError) as error:
                said = " ".join(str(error).split())[:200].rstrip(".")
                raise ExportContractsError(f"{location} cannot be written: {said}.") from None
        return size

    return put
