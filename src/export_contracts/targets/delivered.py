"""Reads what a target delivered: an S3-compatible bucket or a folder, bounded in number and size."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import unquote, urlsplit

from export_contracts.errors import UnreachableError, UsageError
from export_contracts.model import Json
from export_contracts.targets import links

MOST_FILES: Final = 10_000
"""Objects that are listed; a bucket with more wants a prefix."""

LARGEST: Final = 512 * 1024 * 1024
"""Bytes of one file that are read in a check; `verify` streams larger ones."""

_UNFINISHED = (".tmp", ".part", ".partial", ".crc", ".swp")


class Delivered(Protocol):
    """Where files arrive."""

    def listing(self) -> Mapping[str, str]:
        """Keys, each with a mark that differs when the content does."""

    def read(self, key: str) -> bytes | None:
        """The content; None where the file has gone."""


def open_place(bucket: Mapping[str, Json]) -> Delivered:
    """The place a `[bucket]` table names by `url`: `s3://name/prefix`, `file:///folder` or a path."""
    url = str(bucket.get("url", ""))
    split = urlsplit(url)
    if split.scheme == "s3" and split.netloc:
        return S3Place(split.netloc, split.path.lstrip("/"), bucket)
    if split.scheme == "file":
        return FolderPlace(Path(unquote(split.path)))
    if url and "://" not in url:
        return FolderPlace(Path(url))
    raise UsageError(
        f"The bucket's url {url!r} is not understood.", hint='Write url = "s3://name/prefix" or url = "file:///folder".'
    )


class FolderPlace:
    """A folder, keys relative to it; links that lead out of it and unfinished or hidden files are left out."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        if not self._root.is_dir():
            raise UsageError(f"The bucket's folder {root} does not exist.", hint="Create it, or correct [bucket] url.")

    def listing(self) -> Mapping[str, str]:
        """Keys, each with size and time of change."""
        found = {}
        for path in self._paths():
            try:
                stat = path.stat()
            except OSError:
                continue
            found[path.relative_to(self._root).as_posix()] = f"{stat.st_size} {stat.st_mtime_ns}"
        return dict(sorted(found.items()))

    def read(self, key: str) -> bytes | None:
        """The content."""
        path = (self._root / key).resolve()
        if not path.is_relative_to(self._root):
            return None
        try:
            _bounded(key, path.stat().st_size)
            return path.read_bytes()
        except OSError:
            return None

    def _paths(self) -> Iterator[Path]:
        count = 0
        for folder, folders, names in os.walk(self._root):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            for name in sorted(names):
                path = Path(folder, name)
                if name.startswith(".") or name.endswith(_UNFINISHED) or not path.is_file() or path.is_symlink():
                    continue
                count += 1
                if count > MOST_FILES:
                    raise UnreachableError(
                        f"{self._root} holds more than {MOST_FILES} files.", hint="Name a subfolder."
                    )
                yield path


class S3Place:
    """A bucket reached through boto3, with the credentials boto3 finds or the environment names given."""

    def __init__(self, name: str, prefix: str, options: Mapping[str, Json]) -> None:
        self._name, self._prefix = name, prefix
        self._client: Any = _client(options)

    def listing(self) -> Mapping[str, str]:
        """Keys under the prefix, each with its ETag and size."""
        found: dict[str, str] = {}
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=self._prefix)
        with _explained(self._name):
            for page in pages:
                for one in page.get("Contents", ()):
                    found[one["Key"]] = f"{one.get('ETag', '')} {one.get('Size', 0)}"
                    if len(found) > MOST_FILES:
                        raise UnreachableError(
                            f"The bucket {self._name} holds more than {MOST_FILES} objects.",
                            hint='Add a prefix: url = "s3://name/prefix".',
                        )
        return found

    def read(self, key: str) -> bytes | None:
        """The content."""
        with _explained(self._name):
            try:
                answer = self._client.get_object(Bucket=self._name, Key=key)
            except self._client.exceptions.NoSuchKey:
                return None
            _bounded(key, answer["ContentLength"])
            body: bytes = answer["Body"].read()
            return body


def _bounded(key: str, size: int) -> None:
    if size > LARGEST:
        raise UnreachableError(f"{key} is larger than {LARGEST} bytes.", hint="export-contracts verify streams it.")


class _explained:  # noqa: N801 - reads as a statement
    """Turns boto3's errors into one sentence."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        if isinstance(error, BotoCoreError | ClientError):
            raise UnreachableError(
                f"The bucket {self._name} cannot be read: {' '.join(str(error).split())[:200]}",
                hint="Look at endpoint, region, profile and credentials under [bucket].",
            ) from None


def _client(options: Mapping[str, Json]) -> Any:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    endpoint = options.get("endpoint")
    keys: dict[str, Any] = {
        name: os.environ.get(str(options[option]))
        for name, option in (
            ("aws_access_key_id", "access_key_env"),
            ("aws_secret_access_key", "secret_key_env"),
            ("aws_session_token", "session_token_env"),
        )
        if option in options
    }
    config = Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 2}, s3={"addressing_style": "path"})
    try:
        session = boto3.Session(profile_name=options.get("profile"), region_name=options.get("region"), **keys)
        if endpoint and links.is_loopback(str(endpoint)) and session.get_credentials() is None:
            # an S3 on this machine seldom looks at credentials, but boto3 insists on having some
            session = boto3.Session("local", "local", region_name=options.get("region") or "us-east-1")
        region = None if session.region_name or not endpoint else "us-east-1"
        return session.client("s3", endpoint_url=endpoint, config=config, region_name=region)
    except (BotoCoreError, ValueError) as error:
        raise UsageError(f"The bucket's settings do not fit: {error}.", hint="Look at the [bucket] table.") from None
