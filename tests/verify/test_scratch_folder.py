"""What a run puts aside for itself goes with it, however it ends, and is nobody else's meanwhile."""

from __future__ import annotations

import io
import json
import sys

import pytest
from tests.verify.conftest import text, users

from export_contracts.catalogue import contract as contracts
from export_contracts.cli.main import main
from export_contracts.errors import UsageError
from export_contracts.verify import journal, scratch, verification
from export_contracts.verify.sample import write


def left(folder):
    return sorted(one.name for one in folder.rglob("*")) if folder.exists() else []


def test_a_copy_of_standard_input_does_not_outlive_a_run_that_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text(users(2)))))
    monkeypatch.setattr(verification, "examine_all", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    assert main(["verify", "braze", "-", "--report", str(tmp_path)]) == 3
    assert "stdin" not in left(tmp_path)
    assert "verify-journal" in left(tmp_path)


def test_a_location_that_is_not_there_leaves_nothing(tmp_path):
    assert main(["verify", "braze", str(tmp_path / "nothing"), "--report", str(tmp_path / "report")]) == 2
    assert left(tmp_path / "report") == []


def test_standard_input_cannot_be_taken_up_again(tmp_path, capsys):
    assert main(["verify", "braze", "-", "--resume", "--report", str(tmp_path)]) == 2
    assert "Standard input cannot be taken up again." in capsys.readouterr().err


def test_two_runs_do_not_share_a_folder(tmp_path):
    with scratch.folder(tmp_path / "mine") as mine:
        (mine / "stdin").write_bytes(b"x")
        with pytest.raises(UsageError, match="Another run is at work"), scratch.folder(tmp_path / "mine"):
            raise AssertionError
        assert left(mine) == ["lock", "stdin"]
    with scratch.folder(tmp_path / "mine"):
        assert left(tmp_path / "mine") == ["lock"]


def test_a_renewed_signature_is_no_other_location():
    braze = contracts.load("braze")
    marks = {
        journal.fingerprint(verification._parts(braze, verification.Order((f"az://c/p?sig={signature}",))))
        for signature in ("a", "b")
    }
    assert len(marks) == 1


@pytest.mark.parametrize("place", ["az://container/prefix", "gs://bucket/prefix", "-"])
def test_samples_are_not_written_into_a_folder_named_like_an_address(tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="Nothing can be written"):
        write("braze", place, 1, 0, ())
    assert left(tmp_path) == []


@pytest.mark.parametrize("report", [None, "report", ".", "deep/in/it"])
def test_what_a_run_puts_beside_an_export_is_no_part_of_it(tmp_path, monkeypatch, capsys, report):
    monkeypatch.chdir(tmp_path)
    assert main(["sample", "braze", "--users", "3", "--to", "."]) == 0
    words = ["verify", "braze", ".", *(("--report", report) if report else ())]
    assert [main(words), main(words)] == [0, 0]
    told = capsys.readouterr().out
    assert told.count("3 users in 1 file.") == 2
    assert "Since the last run" not in told


def test_a_report_in_a_folder_further_down_is_no_part_of_an_export(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["sample", "braze", "--users", "3", "--to", "."]) == 0
    assert main(["verify", "braze", ".", "--report", "of/monday"]) == 0
    (tmp_path / "of" / "tuesday" / "verify-journal").mkdir(parents=True)
    (tmp_path / "of" / "tuesday" / "verify-journal" / "journal.ndjson").write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert main(["verify", "braze", ".", "--report", "elsewhere"]) == 0
    told = capsys.readouterr().out
    assert ("3 users in 1 file." in told, "5 files were left out: of an earlier report." in told) == (True, True)
    (tmp_path / "of" / "monday" / "results.json").write_text("{}", encoding="utf-8")
    main(["verify", "braze", ".", "--report", "elsewhere"])
    assert "of an earlier report" not in capsys.readouterr().out


def test_the_command_that_repeats_a_run_holds_its_bounds(tmp_path, capsys):
    assert main(["sample", "braze", "--users", "3", "--to", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["verify", "braze", str(tmp_path), "--max-inflated", "3KB", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["runs"]
    assert told["command"][-2:] == ["--max-inflated", "3KB"]


def test_a_request_that_lies_beside_the_files_is_none_of_them(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["sample", "braze", "--users", "3", "--to", "."]) == 0
    (tmp_path / "order.json").write_text('{"segment_id": "s"}', encoding="utf-8")
    main(["verify", "braze", ".", "--request", "order.json", "--expect-count", "3"])
    told = capsys.readouterr().out
    assert "3 users in 1 file." in told
    assert "1 file was left out: it holds the request." in told
