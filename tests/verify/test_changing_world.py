"""What changes between two runs, or fails under one: files that come, go or may not be read, and a full disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from tests.verify.conftest import broken, findings, text, users

from export_contracts.vendors.braze import reference_files
from export_contracts.verify import journal
from export_contracts.verify.hash_spill import Spill


def test_files_that_came_went_or_changed_between_two_runs_are_told(verify, bucket):
    root = bucket(*(text(users(5, first=start)) for start in (0, 5, 10)))
    assert verify(root)[1]["runs"][0]["notes"] == ["15 users in 3 files."]
    first, second, third = sorted(root.rglob("*.zip"))
    first.unlink()
    third.rename(third.with_name("900.zip"))
    second.write_bytes(reference_files.zipped([("001.json", text(users(6, first=5)))]))
    code, results = verify(root)
    assert [one.split(":")[0] for one in results["runs"][0]["notes"]] == [
        "11 users in 2 files.",
        "Since the last run 1 file is new",
        "Since the last run 1 file is of another size",
        "Since the last run 2 files are gone",
    ]
    # One came and two went of an export of which others were there before and are there still; one was written over.
    assert (code, broken(results)) == (0, {"BRZ-178": 1, "BRZ-191": 1, "BRZ-192": 3})
    assert {one["got"] for one in findings(results, "BRZ-192")} == {"new", "gone"}
    again = verify(root)[1]
    assert (len(again["runs"][0]["notes"]), broken(again)) == (1, {"BRZ-178": 1})


def test_whole_exports_may_come_and_go_between_two_runs(verify, bucket, tmp_path):
    def lasting(*words):
        return [one["verdict"] for one in verify(*words)[1]["clauses"] if one["id"] in {"BRZ-191", "BRZ-192"}]

    root = bucket(text(users(5)), text(users(5, first=5)), segment="segment-1")
    assert lasting(root) == ["unexercised", "unexercised"]
    (root / "segment-export" / "segment-1").rename(root / "segment-export" / "segment-2")
    assert lasting(root) == ["unexercised", "unexercised"]
    assert lasting(root) == ["pass", "pass"]
    # From within the folder of one export, names tell as much.
    (inner,) = (root / "segment-export" / "segment-2").glob("*/*")
    words = (inner, "--report", tmp_path / "inner")
    assert verify(*words)[0] == 0
    next(inner.iterdir()).unlink()
    assert broken(verify(*words)[1]) == {"BRZ-192": 1}


def test_a_file_that_goes_away_is_trouble_and_the_rest_is_told(verify, bucket, monkeypatch):
    root = bucket(text(users(5)), text(users(5, first=5)))
    listed = sorted(root.rglob("*.zip"))
    begin = journal.begin

    def vanish(*words):
        listed[0].unlink(missing_ok=True)
        return begin(*words)

    monkeypatch.setattr(journal, "begin", vanish)
    code, results = verify(root)
    assert (code, results["footer"]["complete"]) == (3, False)
    assert "000.zip could not be read: No such file" in results["footer"]["reason"]


def test_files_and_folders_that_may_not_be_read_are_trouble(bucket, verify, tmp_path, monkeypatch):
    root = bucket(text(users(5)), text(users(5, first=5)))
    first = min(root.rglob("*.zip"))
    closed, runs = {first}, [(), ("--workers", 2)]
    if os.geteuid() == 0:  # who may read everything has it played, which only a fork would inherit
        runs.pop()
        opened, scanned = Path.open, os.scandir
        monkeypatch.setattr(Path, "open", lambda path, *words, **more: opened(may(path, closed), *words, **more))
        monkeypatch.setattr(os, "scandir", lambda path=".": scanned(may(path, closed)))
    else:
        first.chmod(0)
    for number, words in enumerate(runs):
        code, results = verify(root, *words, "--report", tmp_path / f"report-{number}")
        assert "error" not in results, results
        assert (code, results["footer"]["complete"]) == (3, False)
        assert "000.zip could not be read: Permission denied" in results["footer"]["reason"]
    closed.add(first.parent)
    first.parent.chmod(0)
    code, results = verify(root)
    first.parent.chmod(0o700)
    assert (code, "cannot be listed: Permission denied" in results["error"]) == (3, True)


def may(path, closed):
    if not isinstance(path, int) and Path(path) in closed:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return path


def test_a_full_disk_ends_the_run_with_a_sentence(verify, bucket):
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    root = bucket(text(users(5)))
    begin = Spill.begin
    with pytest.MonkeyPatch.context() as patch:

        def full(self):
            begin(self)
            self._file.close()
            self._file = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 - closed by the spill

        patch.setattr(Spill, "begin", full)
        code, results = verify(root)
    assert code == 3
    assert "No space left" in results["error"]
