"""A desk from which tests speak to a reference: requests, time, and what came of them."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from functools import cached_property

from export_contracts.model import Headers, Request
from export_contracts.reference.server import Reference
from export_contracts.reference.world import Clock, MemoryBucket, World
from export_contracts.vendors.braze.reference_service import Braze

START = 1_767_225_600.0
EXPORT, CANCEL = "/users/export/segment", "/export/segment/cancel"


@dataclass
class Desk:
    reference: Reference

    @cached_property
    def facts(self):
        return self.reference.facts()

    @property
    def bucket(self):
        return self.reference.world.bucket.stored

    def send(self, method, url, body=b"", *, key="token", **headers):
        fields = {"Content-Type": "application/json"}
        if key is not None:
            fields["Authorization"] = f"Bearer {self.facts.get(key, key)}"
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        base = "" if url.startswith("http") else self.reference.world.base_url
        sent = Headers.of({name: value for name, value in fields.items() if value is not None})
        return self.reference.answer(Request(method, base + url, sent, body))

    def export(self, segment="segment_id", *, key="token", fields=("external_id",), **more):
        body = {"segment_id": self.facts.get(segment, segment), "fields_to_export": list(fields), **more}
        return self.send("POST", EXPORT, body, key=key)

    def get(self, url):
        return self.send("GET", url, key=None)

    def wait(self, seconds=3600.0):
        self.reference.world.clock.advance(seconds)
        self.reference.settle(self.reference.world.clock.now())

    def rows(self, *, key="token", **order):
        """The rows of an export, in the order of its files."""
        before = set(self.bucket)
        answer = self.export(key=key, **order)
        assert answer.status == 200, answer.body
        self.wait(600.0)
        url = json.loads(answer.body).get("url")
        if url:
            return [row for text in unzipped(self.get(url).body).values() for row in lines(text)]
        new = [self.bucket[name] for name in sorted(set(self.bucket) - before)]
        return [row for body in new for row in lines(unpacked(body))]


def desk(*, users=40, seed=0, awkward=None, bucket=True, server=Braze, storage=None):
    world = World(
        seed=seed,
        clock=Clock(start=START, frozen=True),
        bucket=MemoryBucket() if bucket else None,
        awkward=awkward,
        base_url="http://braze.test",
        users=users,
    )
    return Desk(server(world, storage) if storage else server(world))


def told(answer):
    return json.loads(answer.body)


def unzipped(body):
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def unpacked(body):
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else b"".join(unzipped(body).values())


def lines(text):
    return [json.loads(line) for line in text.decode().split("\n") if line]
