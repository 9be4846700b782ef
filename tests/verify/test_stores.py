"""Exports that lie in a bucket: listed in pages, read, and told of in one sentence when they cannot be."""

from __future__ import annotations

import boto3
import pytest
from moto.server import ThreadedMotoServer
from tests.verify.conftest import broken, text, users

from export_contracts.verify import stores


@pytest.fixture
def store(monkeypatch):
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "x"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setattr(stores, "_clients", [])
    client = boto3.client("s3")
    client.create_bucket(Bucket="exports")
    yield client
    server.stop()


def fill(client, root):
    for path in root.rglob("*.zip"):
        client.put_object(Bucket="exports", Key=path.relative_to(root).as_posix(), Body=path.read_bytes())


def test_a_bucket_is_verified_by_its_true_keys(store, bucket, verify):
    fill(store, bucket(text(users(20)), text(users(20, first=20))))
    code, results = verify("s3://exports/segment-export/", "--expect-count", 40)
    assert (code, broken(results)) == (0, {})
    assert {one["id"]: one["kept"] for one in results["clauses"]}["BRZ-087"] == 2
    store.put_object(
        Bucket="exports", Key="elsewhere/a.zip", Body=next(bucket(text(users(1))).rglob("*.zip")).read_bytes()
    )
    assert {"BRZ-087", "BRZ-088"} <= set(broken(verify("s3://exports")[1]))


@pytest.mark.usefixtures("store")
def test_a_missing_bucket_and_an_empty_prefix_are_one_sentence(verify):
    code, results = verify("s3://nowhere/x")
    assert (code, "there is no such bucket" in results["error"]) == (3, True)
    code, results = verify("s3://exports/nothing/")
    assert (code, "There is no file" in results["error"]) == (3, True)


def test_an_object_that_goes_between_listing_and_reading_is_trouble(store, bucket, verify, monkeypatch):
    fill(store, bucket(text(users(5)), text(users(5, first=5))))
    read = stores.S3Store.open

    def late(self, named):
        if named.path.endswith("000.zip"):
            store.delete_object(Bucket="exports", Key=named.path)
        return read(self, named)

    monkeypatch.setattr(stores.S3Store, "open", late)
    code, results = verify("s3://exports/segment-export/")
    assert (code, results["footer"]["complete"]) == (3, False)
    assert "was listed, but is gone" in results["footer"]["reason"]
    assert results["runs"][0]["notes"] == ["5 users in 1 file."]
