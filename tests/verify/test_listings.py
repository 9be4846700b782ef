"""Listings: ordered whatever their size, small in memory, and quiet about what is no file."""

from __future__ import annotations

import os
import tracemalloc

import pytest

from export_contracts.checks.delivered import Named
from export_contracts.checks.readers import groups, marks, repeated
from export_contracts.verify import external_sort
from export_contracts.verify.listing import Listing
from export_contracts.verify.local import FolderPlace
from export_contracts.verify.storage import Skipped


def test_names_are_in_order_however_many(monkeypatch):
    monkeypatch.setattr(external_sort, "MOST", 10)
    names = [f"{number * 7919 % 1000:03d}-ä\n\udcff" for number in range(200)]
    for count in (0, 9, 10, 11, 200):
        assert list(external_sort.in_order(iter(names[:count]))) == sorted(names[:count])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_links_pipes_and_hidden_files_are_counted_and_left_out(tmp_path):
    inner = tmp_path / "a.zip"
    inner.mkdir()
    for path in (tmp_path / "b.zip", inner / "c.zip", tmp_path / ".hidden", inner / "d.part"):
        path.write_bytes(b"x")
    os.mkfifo(inner / "pipe.zip")
    (tmp_path / "self").symlink_to(tmp_path)
    (inner / "gone").symlink_to("nowhere")
    skipped = Skipped()
    found = [one.name for one in FolderPlace(tmp_path).files(skipped)]
    assert found == ["b.zip", "a.zip/c.zip"]
    assert skipped.reasons == {
        "hidden": 1,
        "links are not followed": 2,
        "no regular file": 1,
        "the name says that it is unfinished": 1,
    }


def test_of_a_listed_file_sixteen_bytes_stay_in_memory(tmp_path):
    files = 20_000
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        listing = Listing(tmp_path / "l", ((0, Named(f"name {number}" * 5, "path", number)) for number in range(files)))
        assert sum(1 for _ in listing.names) == len(listing) == files
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert held < 30 * files
    assert (listing[7].number, listing[7].named.size, listing.size) == (7, 7, files * (files - 1) // 2)
    listing.close()


def test_names_that_belong_together_are_found():
    found = marks(["b", "a", "c", "a", "b", "d", "b"])
    assert list(groups(found)) == [[0, 4, 6], [1, 3]]
    assert len(repeated(found)) == 2
