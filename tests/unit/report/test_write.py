import errno
import os

import pytest

from export_contracts.errors import ExportContractsError
from export_contracts.report.write import write


def test_a_report_replaces_the_one_before(tmp_path):
    path = tmp_path / "deep" / "results.json"
    write(path, "one")
    write(path, "two…")
    assert path.read_text(encoding="utf-8") == "two…"
    assert [one.name for one in path.parent.iterdir()] == ["results.json"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_full_disk_is_one_sentence_and_leaves_the_old_report(tmp_path, monkeypatch):
    path = tmp_path / "results.json"
    write(path, "old")

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportContractsError, match="cannot be written: No space left on device") as caught:
        write(path, "new")
    assert caught.value.exit_code == 3
    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["results.json"]


def test_a_file_in_the_way_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportContractsError, match="cannot be written"):
        write(tmp_path / "file" / "results.json", "x")
