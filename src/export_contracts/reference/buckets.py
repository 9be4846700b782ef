"""Real places that exports are delivered to: an S3-compatible bucket or a folder.

boto3 is imported when a bucket is opened, never before: a server without one starts in a blink.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from export_contracts.errors import UsageError
from export_contracts.reference.world import Bucket

REGION: Final = "us-east-1"


def open_bucket(
    url: str, *, endpoint: str | None = None, region: str | None = None, profile: str | None = None
) -> Bucket:
    """The bucket that `s3://name/prefix`, `file:///folder` or a path names."""
    split = urlsplit(url)
    if split.scheme == "s3" and split.netloc:
        return S3Bucket(client(endpoint, region, profile), split.netloc, split.path.strip("/"))
    if split.scheme == "file":
        return FolderBucket(Path(unquote(split.path)))
    if url and "://" not in url:
        return FolderBucket(Path(url))
    raise UsageError(f"The bucket {url!r} is not understood.", hint="Write s3://name/prefix or file:///folder.")


class FolderBucket:
    """A folder in which each key is a file; written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"The folder {root} cannot be made: {error.strerror}.") from None

    def put(self, key: str, body: bytes) -> None:
        """Store an object."""
        path = self._place(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + ".part")
        unfinished.write_bytes(body)
        unfinished.replace(path)

    def get(self, key: str) -> bytes | None:
        """The object, None where there is none."""
        path = self._place(key)
        return path.read_bytes() if path.is_file() else None

    def _place(self, key: str) -> Path:
        """Where the object lies: never outside of the folder, whatever ids a client has put into the key."""
        parts = ("%2E" * len(part) if part in {".", ".."} else part.replace("\0", "%00") for part in key.split("/"))
        return self._root.joinpath(*filter(None, parts))

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Keys that begin with `prefix`, in order."""
        found = (path.relative_to(self._root).as_posix() for path in self._root.rglob("*") if path.is_file())
        yield from sorted(key for key in found if key.startswith(prefix) and not key.endswith(".part"))

    def objects(self, prefix: str = "") -> Iterator[tuple[str, bytes]]:
        """Objects whose key begins with `prefix`, by key."""
        for key in self.keys(prefix):
            yield key, (self._root / key).read_bytes()


class S3Bucket:
    """A bucket of any S3-compatible storage; `prefix` is a folder in it that keys are relative to."""

    def __init__(self, s3: Any, name: str, prefix: str = "") -> None:
        self._s3, self.name = s3, name
        self._prefix = f"{prefix}/" if prefix else ""

    def put(self, key: str, body: bytes) -> None:
        """Store an object."""
        self._s3.put_object(Bucket=self.name, Key=self._prefix + key, Body=body)

    def get(self, key: str) -> bytes | None:
        """The object, None where there is none."""
        try:
            body: bytes = self._s3.get_object(Bucket=self.name, Key=self._prefix + key)["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            return None
        return body

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Keys that begin with `prefix`, in order."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self._prefix + prefix)
        for page in pages:
            yield from (one["Key"].removeprefix(self._prefix) for one in page.get("Contents", ()))

    def objects(self, prefix: str = "") -> Iterator[tuple[str, bytes]]:
        """Objects whose key begins with `prefix`, by key."""
        for key in self.keys(prefix):
            body = self.get(key)
            if body is not None:
                yield key, body


def client(endpoint: str | None = None, region: str | None = None, profile: str | None = None) -> Any:
    """boto3's S3 client, with the credentials boto3 finds."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    config = Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 2}, s3={"addressing_style": "path"})
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        place = session.region_name or REGION
        return session.client("s3", endpoint_url=endpoint, config=config, region_name=place)
    except (BotoCoreError, ValueError) as error:
        raise UsageError(f"The bucket cannot be reached: {error}.", hint="Look at endpoint, region, profile.") from None
