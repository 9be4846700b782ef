"""Delivered files in a bucket: any S3-compatible store, with endpoint, profile and credentials as boto3 finds them.

An object is copied to a temporary file as it comes, for archives are read from their end; small ones stay in memory.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Final, cast

from export_contracts.checks.delivered import Named
from export_contracts.errors import UnreachableError
from export_contracts.verify.storage import UNFINISHED, Skipped

IN_MEMORY: Final = 4 * 1024 * 1024
STEP: Final = 1024 * 1024
ATTEMPTS: Final = 8
"""Times a request is made at most when a store slows down or breaks off; boto3 waits longer each time."""

RESTARTS: Final = 4
"""Times an object is read at most whose reading breaks off."""
PAUSE: Final = 0.25
"""Seconds; half of the wait before the second time."""


def open_s3(location: str) -> S3Store:
    """The place that an address like s3://bucket/prefix names."""
    # Not as a URL has it: a key may hold marks that end the path of one.
    bucket, _, prefix = location.partition("://")[2].partition("/")
    return S3Store(bucket, prefix.lstrip("/"))


@dataclass(frozen=True)
class S3Store:
    """Objects under a prefix."""

    bucket: str
    prefix: str

    def files(self, skipped: Skipped) -> Iterator[Named]:
        """Objects in the order of the store, page by page; markers of folders are left out."""
        with self._explained(""):
            pages = _client().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self._folder())
            for page in pages:
                for one in page.get("Contents", ()):
                    key = one["Key"]
                    if key.endswith("/"):
                        continue
                    if key.endswith(UNFINISHED):
                        skipped.add("the name says that it is unfinished")
                        continue
                    modified = one["LastModified"].timestamp()
                    yield Named(f"s3://{self.bucket}/{key}", key, one["Size"], modified, in_bucket=True)

    def _folder(self) -> str:
        """The prefix as a folder, where there is such a one: of `braze` the keys below `braze/`, not `braze-old/`."""
        if self.prefix and not self.prefix.endswith("/"):
            folder = f"{self.prefix}/"
            if _client().list_objects_v2(Bucket=self.bucket, Prefix=folder, MaxKeys=1).get("Contents"):
                return folder
        return self.prefix

    def open(self, named: Named) -> BinaryIO:
        """A copy of the object, gone once it is closed."""
        copy = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever asked for it closes it
        try:
            with self._explained(named.path):
                self._copy(named.path, copy)
        except BaseException:
            copy.close()
            raise
        return cast("BinaryIO", copy)

    def _copy(self, key: str, copy: IO[bytes]) -> None:
        """Copy the object; where the store breaks off within it, which boto3 does not mend, begin anew."""
        from botocore.exceptions import HTTPClientError, IncompleteReadError

        for attempt in range(1, RESTARTS + 1):
            body = _client().get_object(Bucket=self.bucket, Key=key)["Body"]
            try:
                while part := body.read(STEP):
                    copy.write(part)
            except (HTTPClientError, IncompleteReadError):
                if attempt == RESTARTS:
                    raise
                time.sleep(PAUSE * 2**attempt)
                copy.seek(0)
                copy.truncate()
            else:
                return

    @contextmanager
    def _explained(self, key: str) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        what = f"s3://{self.bucket}/{key or self.prefix}"
        try:
            yield
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            raise UnreachableError(f"{what} {_SAID.get(code, f'cannot be read: {code or error}')}.") from None
        except BotoCoreError as error:
            said = " ".join(str(error).split())[:200].rstrip(".")
            raise UnreachableError(
                f"{what} cannot be read: {said}.", hint="AWS_PROFILE and AWS_ENDPOINT_URL are heeded."
            ) from None


_SAID: Final = {
    "NoSuchKey": "was listed, but is gone",
    "NoSuchBucket": "cannot be read: there is no such bucket",
    "AccessDenied": "cannot be read: access is denied",
    "SlowDown": "cannot be read: the store asks to slow down, time and again",
}
_clients: list[Any] = []
# Two processes must not speak through the same connection.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_clients.clear)


def _client() -> Any:
    """One client for each process."""
    if not _clients:
        import boto3
        from botocore.config import Config

        retries: Any = {"max_attempts": ATTEMPTS, "mode": "standard"}
        _clients.append(boto3.client("s3", config=Config(retries=retries, connect_timeout=10, read_timeout=60)))
    return _clients[0]
