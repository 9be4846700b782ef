"""An S3 server of our own (moto) inside this process, and buckets that start it only once something is delivered."""

from __future__ import annotations

import atexit
import itertools
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Self

from export_contracts.model import Json
from export_contracts.reference.buckets import REGION, S3Bucket
from export_contracts.reference.world import Bucket


class EmbeddedS3:
    """An S3 server of our own (moto) on a free port of this machine, for as long as it is open."""

    def __init__(self) -> None:
        for name in ("werkzeug", "moto", "botocore"):
            logging.getLogger(name).setLevel(logging.ERROR)
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"
        self._numbers = itertools.count(1)
        self._s3: Any = None

    def bucket(self) -> S3Bucket:
        """A new, empty bucket."""
        if self._s3 is None:
            self._s3 = _local_client(self.endpoint)
        # moto keeps one store for the whole process: the port tells our buckets from another server's
        name = f"exports-{self.endpoint.rpartition(':')[2]}-{next(self._numbers)}"
        self._s3.create_bucket(Bucket=name)
        return S3Bucket(self._s3, name)

    def settings(self, bucket: S3Bucket) -> Mapping[str, Json]:
        """The `[bucket]` table that leads to `bucket`."""
        return {"url": f"s3://{bucket.name}", "endpoint": self.endpoint, "region": REGION}

    def close(self) -> None:
        """Stop the server."""
        if self._s3 is not None:
            self._s3.close()
        self._server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _local_client(endpoint: str) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=2, read_timeout=30, retries={"max_attempts": 1}, s3={"addressing_style": "path"})
    session = boto3.Session("local", "local", region_name=REGION)
    return session.client("s3", endpoint_url=endpoint, config=config)


class LateBucket:
    """A bucket made by `make` when the first object is put; empty until then. Safe for threads."""

    def __init__(self, make: Callable[[], Bucket]) -> None:
        self._make = make
        self._made: Bucket | None = None
        self._lock = threading.Lock()

    def open(self) -> Bucket:
        """The bucket itself."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def put(self, key: str, body: bytes) -> None:
        """Store an object."""
        self.open().put(key, body)

    def get(self, key: str) -> bytes | None:
        """The object, None where there is none."""
        return None if self._made is None else self._made.get(key)

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Keys that begin with `prefix`, in order."""
        yield from () if self._made is None else self._made.keys(prefix)

    def objects(self, prefix: str = "") -> Iterator[tuple[str, bytes]]:
        """Objects whose key begins with `prefix`, by key."""
        yield from () if self._made is None else self._made.objects(prefix)


_ONE_AT_A_TIME = threading.Lock()


def late_bucket() -> LateBucket:
    """A bucket of this process's own S3 server, reached over HTTP; the server starts with the first delivery."""

    def make() -> Bucket:
        with _ONE_AT_A_TIME:
            return _shared().bucket()

    return LateBucket(make)


@cache
def _shared() -> EmbeddedS3:
    server = EmbeddedS3()
    atexit.register(server.close)
    return server
