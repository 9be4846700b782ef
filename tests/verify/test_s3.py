"""Exports that lie in a bucket: listed in pages, read, and told of in one sentence when they cannot be."""

from __future__ import annotations

import datetime as dt
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest
from moto.server import ThreadedMotoServer
from tests.verify.conftest import broken, text, users

from export_contracts.verify import s3
from export_contracts.verify.storage import Skipped


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
    monkeypatch.setattr(s3, "_clients", [])
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
    read = s3.S3Store.open

    def late(self, named):
        if named.path.endswith("000.zip"):
            store.delete_object(Bucket="exports", Key=named.path)
        return read(self, named)

    monkeypatch.setattr(s3.S3Store, "open", late)
    code, results = verify("s3://exports/segment-export/")
    assert (code, results["footer"]["complete"]) == (3, False)
    assert "was listed, but is gone" in results["footer"]["reason"]
    assert results["runs"][0]["notes"] == ["5 users in 1 file."]


LISTING = """<?xml version="1.0"?><ListBucketResult><Name>exports</Name><IsTruncated>false</IsTruncated>
<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>2026-09-22T00:00:00.000Z</LastModified></Contents>
</ListBucketResult>"""
ERROR = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>told by the test</Message></Error>"


class Moody:
    """A store of one object. `moods` are what comes of the first requests for it: an error's status and code, or
    None for an answer that breaks off; the last one goes on for ever where `lasting`."""

    def __init__(self, body, moods, *, listing=None, lasting=False):
        self.body, self.moods, self.listing, self.lasting = body, list(moods), listing, lasting
        self.asked = 0

    def mood(self):
        self.asked += 1
        if not self.moods:
            return ()
        return self.moods[0] if self.lasting and len(self.moods) == 1 else self.moods.pop(0)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        store = self.server.store
        if "list-type=2" in self.path:
            key = "segment-export/s/2026-09-22/p/000.zip"
            listing = LISTING.format(key=key, size=len(store.body)).encode()
            self.answer(*((200, listing) if store.listing is None else error(*store.listing)))
            return
        mood = store.mood()
        if mood is None:
            self.answer(200, store.body[: len(store.body) // 2], len(store.body))
            self.close_connection = True
        else:
            self.answer(*(error(*mood) if mood else (200, store.body)))

    def answer(self, status, body, length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def error(status, code):
    return status, ERROR.format(code=code).encode()


@pytest.fixture
def moody(monkeypatch, bucket):
    """Starts a store that fails as told; no wait between attempts takes time."""
    servers = []
    (path,) = bucket(text(users(5))).rglob("*.zip")

    def start(*moods, **how):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.store = Moody(path.read_bytes(), moods, **how)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        return server.store

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(s3, "_clients", [])
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


SLOW = (503, "SlowDown")


@pytest.mark.parametrize("moods", [[SLOW], [SLOW] * 4, [(500, "InternalError"), SLOW], [None], [None, SLOW, None]])
def test_a_store_that_slows_down_or_breaks_off_is_asked_again(moody, verify, moods):
    store = moody(*moods)
    code, results = verify("s3://exports")
    assert results["runs"][0]["notes"] == ["5 users in 1 file."]
    assert results["footer"]["complete"] is True
    assert (code in {0, 1}, store.asked) == (True, len(moods) + 1)


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        (SLOW, "asks to slow down, time and again"),
        ((403, "AccessDenied"), "access is denied"),
        ((404, "NoSuchKey"), "was listed, but is gone"),
        (None, "cannot be read"),
    ],
)
def test_what_cannot_be_had_in_the_end_is_one_sentence(moody, verify, mood, said):
    moody(mood, lasting=True)
    code, results = verify("s3://exports")
    assert (code, results["footer"]["complete"]) == (3, False)
    assert said in results["footer"]["reason"]


def test_a_bucket_that_may_not_be_listed_is_one_sentence(moody, verify):
    moody(listing=(403, "AccessDenied"))
    code, results = verify("s3://exports/braze")
    assert (code, results["error"].splitlines()[0]) == (
        3,
        "error: s3://exports/braze cannot be read: access is denied.",
    )


class Endless:
    """A client that lists 100,000 keys, a page at a time."""

    def __init__(self):
        self.pages = 0

    def get_paginator(self, _):
        return self

    def paginate(self, **_):
        when = dt.datetime(2026, 9, 22, tzinfo=dt.UTC)
        for page in range(100):
            self.pages += 1
            yield {"Contents": [{"Key": f"a/{page:03d}{n:03d}", "Size": 1, "LastModified": when} for n in range(1000)]}


def test_a_listing_of_a_hundred_thousand_keys_is_read_page_by_page(monkeypatch):
    client = Endless()
    monkeypatch.setattr(s3, "_clients", [client])
    listed = s3.S3Store("exports", "a/").files(Skipped())
    assert next(listed).path == "a/000000"
    assert client.pages == 1
    names = [one.path for one in listed]
    assert (len(names), names[-1], client.pages) == (99_999, "a/099999", 100)


def test_a_prefix_without_a_slash_is_a_folder_where_there_is_such_a_one(store, bucket, verify, tmp_path):
    archive = next(bucket(text(users(2))).rglob("*.zip")).read_bytes()
    for key in ("braze-old/a.zip", "braze/a.zip", "braze2.zip"):
        store.put_object(Bucket="exports", Key=key, Body=archive)
    for place, files in (("braze", 1), ("braze/", 1), ("bra", 3), ("braze2.zip", 1), ("braze-", 1)):
        code, results = verify(f"s3://exports/{place}", "--report", tmp_path / place.strip("/"))
        assert (place, results["runs"][0]["notes"][0]) == (
            place, f"{2 * files} users in {files} file{'s' * (files > 1)}."
        ), code  # fmt: skip


def test_a_key_may_hold_what_ends_the_path_of_a_url():
    place = s3.open_s3("s3://exports/a#1/b?c/d")
    assert (place.bucket, place.prefix) == ("exports", "a#1/b?c/d")
