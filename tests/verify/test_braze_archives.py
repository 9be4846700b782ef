"""Braze's delivered archives: faultless ones are kept, and each defect is found where it is."""

from __future__ import annotations

import io
import json
import sys
import zipfile

import pytest
from tests.verify.conftest import broken, findings, text, users

from export_contracts.cli.main import main
from export_contracts.vendors.braze import reference_files


def test_a_faultless_export_is_kept(bucket, verify):
    code, results = verify(bucket(text(users(30)), text(users(30, first=30))), "--expect-count", 60)
    assert code == 0
    verdicts = {one["id"]: one for one in results["clauses"]}
    assert broken(results) == {}
    assert verdicts["BRZ-102"]["kept"] == 60
    assert verdicts["BRZ-151"]["verdict"] == "pass"
    assert results["runs"][0]["notes"] == ["60 users in 2 files."]


def test_gzip_and_a_single_file_and_standard_input_are_read(bucket, verify, monkeypatch):
    root = bucket(text(users(5)), extension="gz")
    (path,) = root.rglob("*.gz")
    assert verify(path)[0] == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    code, results = verify("-")
    assert (code, results["runs"][0]["notes"]) == (0, ["5 users in 1 file."])


def test_a_violation_is_told_with_file_line_and_pointer(bucket, verify):
    rows = users(40)
    rows[17]["apps"] = [{"sessions": "3"}, {"sessions": True}]
    code, results = verify(bucket(text(users(10, first=100)), text(rows)))
    assert code == 1
    assert broken(results) == {"BRZ-134": 1}
    (found,) = findings(results, "BRZ-134")
    assert found["file"].endswith("/001.zip!001.json")
    assert (found["line"], found["at"]) == (18, "/apps/1/sessions")


def test_a_wrong_count_is_told(bucket, verify):
    code, results = verify(bucket(text(users(30))), "--expect-count", 31)
    assert code == 1
    assert broken(results) == {"BRZ-151": 1}


def test_a_field_that_was_not_asked_for_is_told(bucket, verify, tmp_path):
    fields = ("external_id", "email", "braze_id", "push_subscribe")
    root = bucket(text(users(20, fields=fields)))
    assert verify(root, "--fields", ",".join(fields))[0] == 0
    code, results = verify(root, "--fields", "external_id,braze_id,push_subscribe")
    assert (code, broken(results)) == (1, {"BRZ-143": 18})  # two of twenty have no address
    request = tmp_path / "request.json"
    request.write_text(json.dumps({"segment_id": "another", "fields_to_export": list(fields)}))
    assert broken(verify(root, "--request", request)[1]) == {"BRZ-089": 1}


@pytest.mark.parametrize(
    ("spoil", "clause"),
    [
        (lambda body: body[:-30], "BRZ-080"),
        (lambda body: body[:200] + bytes(4) + body[204:], "BRZ-080"),
        (lambda _: b"", "BRZ-082"),
        (lambda _: reference_files.zipped([("../../evil.json", text(users(2)))]), "BRZ-080"),
        (lambda _: reference_files.gzipped(text(users(2))), "BRZ-082"),
        (lambda _: reference_files.zipped([("a.json", text(users(2)).replace(b"\n", b"\n\n[]\n"))]), "BRZ-084"),
        (lambda _: reference_files.zipped([("a.json", text(users(2)).replace(b'"', b"\xff", 1))]), "BRZ-085"),
    ],
)
def test_a_damaged_archive_is_told_and_the_others_are_read(bucket, verify, spoil, clause):
    root = bucket(text(users(20)), text(users(20, first=20)))
    first = min(root.rglob("*.zip"))
    first.write_bytes(spoil(first.read_bytes()))
    code, results = verify(root)
    assert code == 1
    assert clause in broken(results)
    assert all("000.zip" in one["file"] for one in findings(results, clause))


def test_encrypted_members_are_told(bucket, verify):
    root = bucket(text(users(3)))
    (path,) = root.rglob("*.zip")
    body = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        place = archive.start_dir
    body[6] |= 1
    body[place + 8] |= 1
    path.write_bytes(body)
    assert "BRZ-080" in broken(verify(root)[1])


def test_too_many_users_in_a_file_are_a_warning(bucket, verify):
    code, results = verify(bucket(b'{"external_id":"a"}\n' * 5501))
    assert (code, broken(results)["BRZ-086"]) == (0, 1)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("/nowhere/at/all",), 2, "does not exist"),
        (("https://example.com/x",), 2, "is not understood"),
        ((".", "--max-inflated", "much"), 2, "is no size"),
        ((".", "--request", "/nowhere"), 2, "cannot be read"),
    ],
)
def test_wrong_usage_is_one_sentence(verify, words, code, said):
    found, results = verify(*words)
    assert found == code
    assert said in results["error"]


def test_a_vendor_whose_files_are_not_read_yet_is_told(capsys, tmp_path, monkeypatch):
    def missing(*_: str) -> None:
        raise ModuleNotFoundError(name="stranger.verify")

    monkeypatch.setattr("export_contracts.catalogue.plugins.module", missing)
    assert main(["verify", "adobe", str(tmp_path)]) == 2
    assert "cannot be verified yet" in capsys.readouterr().err


def test_an_unknown_defect_is_wrong_usage(capsys, tmp_path):
    assert main(["sample", "braze", "--to", str(tmp_path), "--defect", "gremlins:0.1"]) == 2
    assert main(["sample", "braze", "--to", str(tmp_path), "--defect", "schema:2"]) == 2
    assert "no rate from 0 to 1" in capsys.readouterr().err


def test_a_folder_without_files_is_no_success(verify, tmp_path):
    (tmp_path / "empty").mkdir()
    code, results = verify(tmp_path / "empty")
    assert (code, "There is no file" in results["error"]) == (3, True)
