"""Delivered files are listed with marks and read within bounds."""

import os

import pytest

from export_contracts.errors import UnreachableError, UsageError
from export_contracts.targets import delivered


def test_a_folder_is_listed_by_relative_keys(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "users.zip").write_bytes(b"PK")
    (tmp_path / "a" / ".hidden").write_bytes(b"x")
    (tmp_path / "half.zip.part").write_bytes(b"x")
    (tmp_path / "link").symlink_to("/etc/passwd")
    place = delivered.open_place({"url": tmp_path.as_uri()})
    assert list(place.listing()) == ["a/b/users.zip"]
    assert place.read("a/b/users.zip") == b"PK"
    assert place.read("../../etc/passwd") is None
    assert place.read("absent") is None


def test_a_changed_file_has_another_mark(tmp_path):
    (tmp_path / "x").write_bytes(b"1")
    os.utime(tmp_path / "x", ns=(1, 1))
    place = delivered.open_place({"url": str(tmp_path)})
    before = dict(place.listing())
    (tmp_path / "x").write_bytes(b"22")
    assert place.listing()["x"] != before["x"]


def test_a_file_too_large_for_a_check(tmp_path, monkeypatch):
    monkeypatch.setattr(delivered, "LARGEST", 3)
    (tmp_path / "x").write_bytes(b"1234")
    with pytest.raises(UnreachableError, match="larger than 3 bytes"):
        delivered.open_place({"url": str(tmp_path)}).read("x")


def test_a_folder_with_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(delivered, "MOST_FILES", 2)
    for name in "abc":
        (tmp_path / name).touch()
    with pytest.raises(UnreachableError, match="more than 2 files"):
        delivered.open_place({"url": str(tmp_path)}).listing()


@pytest.mark.parametrize("url", ["", "azure://x/y", "s3://", "/no/such/folder"])
def test_a_bucket_that_is_none(url):
    with pytest.raises(UsageError, match="bucket"):
        delivered.open_place({"url": url})
