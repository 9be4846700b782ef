"""One behaviour of every bucket, over real HTTP where it is S3; and what the target side reads of it."""

import pytest

from export_contracts.errors import UnreachableError, UsageError
from export_contracts.reference.buckets import FolderBucket, open_bucket
from export_contracts.reference.embedded_s3 import EmbeddedS3, late_bucket
from export_contracts.reference.world import MemoryBucket
from export_contracts.targets import delivered


@pytest.fixture(scope="module")
def s3():
    with EmbeddedS3() as one:
        yield one


@pytest.fixture(params=["memory", "folder", "s3", "late"])
def bucket(request, tmp_path, s3):
    kinds = {
        "memory": MemoryBucket,
        "folder": lambda: FolderBucket(tmp_path / "b"),
        "s3": s3.bucket,
        "late": late_bucket,
    }
    return kinds[request.param]()


def test_what_is_put_is_found_again(bucket):
    assert list(bucket.objects()) == []
    for key, body in (("x/2", b"two"), ("x/1", b"\x00\xff"), ("y", b"")):
        bucket.put(key, body)
    assert list(bucket.keys()) == ["x/1", "x/2", "y"]
    assert list(bucket.objects("x/")) == [("x/1", b"\x00\xff"), ("x/2", b"two")]
    assert bucket.get("y") == b""
    assert bucket.get("z") is None


@pytest.mark.parametrize("key", ["../../out", "/etc/out", "a/../../../out", ".", "a//b", "a\0b"])
def test_no_key_leads_out_of_the_folder(key, tmp_path):
    bucket = FolderBucket(tmp_path / "x" / "b")
    bucket.put(key, b"1")
    assert bucket.get(key) == b"1"
    assert len(list(bucket.keys())) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["x"]
    assert [one.name for one in (tmp_path / "x").iterdir()] == ["b"]


def test_a_new_bucket_is_empty(s3):
    s3.bucket().put("k", b"v")
    assert list(s3.bucket().keys()) == []


def test_a_target_reads_what_was_delivered(s3, tmp_path):
    bucket = s3.bucket()
    bucket.put("segment-export/a.zip", b"PK")
    place = delivered.open_place(s3.settings(bucket))
    before = dict(place.listing())
    assert place.read("segment-export/a.zip") == b"PK"
    assert place.read("absent") is None
    bucket.put("segment-export/a.zip", b"other")
    assert place.listing() != before
    folder = open_bucket((tmp_path / "f").as_uri())
    folder.put("d/e", b"1")
    assert delivered.open_place({"url": str(tmp_path / "f")}).read("d/e") == b"1"


def test_a_prefix_is_a_folder_of_its_own(s3, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    whole = s3.bucket()
    part = open_bucket(f"s3://{whole.name}/team/exports", endpoint=s3.endpoint, region="us-east-1")
    part.put("a", b"1")
    assert list(whole.keys()) == ["team/exports/a"]
    assert list(part.objects()) == [("a", b"1")]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"url": "s3://no-such-bucket-here"}, UnreachableError),
        ({"url": "s3://x", "endpoint": "http://127.0.0.1:1"}, UnreachableError),
        ({"url": "s3://x", "endpoint": "no url"}, UsageError),
        ({"url": "s3://x", "profile": "no-such-profile"}, UsageError),
    ],
)
def test_a_bucket_that_cannot_be_read_is_one_sentence(s3, options, error):
    with pytest.raises(error, match="bucket"):
        delivered.open_place({"endpoint": s3.endpoint, "region": "us-east-1", **options}).listing()


@pytest.mark.parametrize("url", ["", "ftp://x/y", "s3://", "file:///proc/no/folder"])
def test_a_bucket_that_is_none(url):
    with pytest.raises(UsageError):
        open_bucket(url)
