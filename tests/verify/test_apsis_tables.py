"""APSIS One's files: each defect is told by its clause, at its line; what the documents leave open is none."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from tests.verify.conftest import broken, findings

from export_contracts.vendors.apsis.reference_sheet import as_csv, as_xlsx
from export_contracts.verify import journal

HEADER = ["Export key", "City", "Email"]


def profiles(count: int) -> list[dict[str, str]]:
    towns = itertools.cycle(("Oslo", "Malmö, öst", "Årø\nby", 'the "Hague"', ""))
    return [
        {"Export key": f"6d3ba6a8-5b9f-4d7a-8a1b-{at:012d}", "City": town, "Email": f"a.{at}@example.com"}
        for at, town in zip(range(count), towns, strict=False)
    ]


CSV = as_csv(HEADER, profiles(20))
XLSX = as_xlsx(HEADER, profiles(20))


@pytest.fixture
def judged(verify, tmp_path):
    """Breaches by clause of files with these names and bytes."""

    def judge(files: dict[str, bytes], *words: object) -> dict[str, int]:
        root = tmp_path / "export"
        for name, body in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(body)
        code, results = verify(root, *words, vendor="apsis")
        assert "error" not in results, results
        found = broken(results)
        assert code == (1 if found else 0)
        return found

    return judge


def dialect(**options: object) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, **options)
    writer.writerow(HEADER)
    writer.writerows(list(row.values()) for row in profiles(20))
    return out.getvalue().encode()


LEGAL = {
    "as documented": {"e.csv": CSV},
    "both formats and gzip": {"e.csv": CSV, "e.xlsx": XLSX, "e.csv.gz": gzip.compress(CSV)},
    "a lone pair of other names": {"download-1.csv": CSV, "download-2.xlsx": XLSX},
    "gzip around a workbook": {"e.xlsx.gz": gzip.compress(XLSX)},
    "gzip in several members": {"e.csv.gz": gzip.compress(CSV[:100]) + gzip.compress(CSV[100:])},
    "semicolons": {"e.csv": dialect(delimiter=";")},
    "tabs": {"e.csv": dialect(delimiter="\t")},
    "line feeds only": {"e.csv": dialect(lineterminator="\n")},
    "everything in quotes": {"e.csv": dialect(quoting=csv.QUOTE_ALL)},
    "a byte order mark": {"e.csv": b"\xef\xbb\xbf" + CSV},
    "no last line end": {"e.csv": CSV.rstrip()},
    "an empty export": {"e.csv": as_csv(HEADER, []), "e.xlsx": as_xlsx(HEADER, [])},
    "one column": {"e.csv": b"Export key\r\nk1\r\nk2\r\nk3\r\n"},
    "a key by another name": {"e.csv": b"profile_key;Age\n000123;44\n000124;45\n"},
    "numbers name columns": {"e.csv": b"Export key,2024\nk1,2025\nk2,2026\n"},
    "other rows first": {"e.csv": CSV, "e.xlsx": as_xlsx(HEADER, profiles(20)[::-1])},
    "other columns first": {"e.csv": CSV, "e.xlsx": as_xlsx(HEADER[::-1], profiles(20))},
    "two exports": {"monday/e.csv": CSV, "tuesday/e.csv": as_csv(HEADER, profiles(7))},
    "no name that tells": {"export-4711": CSV, "export-4712": XLSX},
    "control characters": {"e.csv": CSV.replace(b"Oslo", b"Os\x01lo")},
    "a request beside it": {"e.csv": CSV, "request.json": b"{}"},
}


@pytest.mark.parametrize("files", LEGAL.values(), ids=LEGAL)
def test_what_is_legal_is_no_finding(judged, files):
    assert judged(files) == {}


LINES = CSV.split(b"\r\n")
ILLEGAL = {
    "a byte of another encoding": ({"e.csv": CSV.replace("ö".encode(), b"\xf6", 1)}, "APS-019"),
    "latin-1 throughout": ({"e.csv": CSV.decode().encode("latin-1")}, "APS-019"),
    "utf-16": ({"e.csv": CSV.decode().encode("utf-16")}, "APS-019"),
    "a cell too many": ({"e.csv": CSV.replace(b"a.3@example.com", b"a.3@example.com,x")}, "APS-019"),
    "a row cut off": ({"e.csv": CSV[: CSV.rindex(b",")]}, "APS-019"),
    "cut off within quotes": ({"e.csv": CSV[: CSV.rindex(b'by"')]}, "APS-019"),
    "no header": ({"e.csv": b"\r\n".join(LINES[1:])}, "APS-019"),
    "nothing at all": ({"e.csv": b""}, "APS-019"),
    "a header again": (
        {"e.csv": CSV.replace(b"a.3@example.com\r\n", b"a.3@example.com\r\n" + LINES[0] + b"\r\n")},
        "APS-021",
    ),
    "a blank key": ({"e.csv": CSV.replace(b"6d3ba6a8-5b9f-4d7a-8a1b-000000000007", b"")}, "APS-021"),
    "a workbook damaged": ({"e.xlsx": XLSX[: len(XLSX) // 2]}, "APS-020"),
    "an empty workbook": ({"e.xlsx": b""}, "APS-020"),
    "a row less in the workbook": ({"e.csv": CSV, "e.xlsx": as_xlsx(HEADER, profiles(19))}, "APS-025"),
    "a column less in the workbook": ({"e.csv": CSV, "e.xlsx": as_xlsx(HEADER[:2], profiles(20))}, "APS-025"),
    "a cell differs": (
        {"e.csv": CSV, "e.xlsx": XLSX, "e.csv.gz": gzip.compress(CSV.replace(b"a.3@", b"b.3@"))},
        "APS-024",
    ),
    "a page": ({"e.csv": b"<!DOCTYPE html>\n<html><body>Bad Gateway</body></html>\n"}, "APS-019"),
    "an error": ({"e.csv": b'{"status": 404, "title": "Not Found", "detail": "no such export"}'}, "APS-019"),
    "gzip cut off": ({"e.csv.gz": gzip.compress(CSV)[:-20]}, "APS-018"),
    "gzip damaged": ({"e.csv.gz": gzip.compress(CSV)[:60] + b"\xff" * 40 + gzip.compress(CSV)[100:]}, "APS-018"),
    "gzip twice": ({"e.csv.gz": gzip.compress(gzip.compress(CSV))}, "APS-018"),
    "bytes after gzip": ({"e.csv.gz": gzip.compress(CSV) + b"more"}, "APS-018"),
    "no gzip in .gz": ({"e.csv.gz": CSV}, "APS-018"),
    "gzip in .csv": ({"e.csv": gzip.compress(CSV)}, "APS-017"),
    "a workbook in .csv": ({"e.csv": XLSX}, "APS-014"),
    "CSV in .xlsx": ({"e.xlsx": CSV}, "APS-014"),
}


@pytest.mark.parametrize(("files", "clause"), ILLEGAL.values(), ids=ILLEGAL)
def test_each_defect_breaks_its_clause_alone(judged, files, clause):
    assert set(judged(files)) == {clause}


def test_lines_are_told(verify, tmp_path):
    body = CSV.replace(b"a.3@example.com", b"a.3@example.com,x").replace(b"a.9@", b"a.\xff9@")
    (tmp_path / "e.csv").write_bytes(body)
    results = verify(tmp_path / "e.csv", vendor="apsis")[1]
    # Every third cell of the towns holds a line break.
    assert sorted(one["line"] for one in findings(results, "APS-019")) == [6, 13]


def test_the_number_announced_is_held_to(judged):
    assert judged({"e.csv": CSV, "e.xlsx": XLSX}, "--expect-count", 20) == {}
    assert set(judged({"e.csv": CSV, "e.xlsx": XLSX}, "--expect-count", 21)) == {"APS-026"}


def test_the_columns_asked_for_are_held_to(judged, tmp_path):
    assert judged({"e.csv": CSV}, "--fields", "email,City") == {}
    assert set(judged({"e.csv": CSV}, "--fields", "City,Mobile")) == {"APS-023"}
    (tmp_path / "r.json").write_text(
        '{"attributes": [{"field_name": "City"}, {"field_name": "Email"}, {"field_name": "x"}]}'
    )
    assert set(judged({"e.csv": CSV}, "--request", tmp_path / "r.json")) == {"APS-022", "APS-023"}


def test_rows_that_differ_are_named(verify, tmp_path):
    rows = profiles(3000)
    other = [{**row, "City": "Elsewhere"} if at == 1234 else row for at, row in enumerate(rows)]
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "e.csv").write_bytes(as_csv(HEADER, rows))
    (tmp_path / "x" / "e.csv.gz").write_bytes(gzip.compress(as_csv(HEADER, other)))
    found = findings(verify(tmp_path / "x", vendor="apsis")[1], "APS-024")
    assert "Elsewhere" in found[0]["got"]
    assert "without the row" in found[1]["got"]


def test_a_folder_without_tables_is_one_sentence(verify, tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "request.json").write_text("{}")
    code, results = verify(tmp_path / "x", vendor="apsis")
    assert code == 3
    assert "nothing to verify" in results["error"]
    assert "neither CSV nor XLSX" in results["error"]


def test_a_file_that_was_named_is_read_whatever_its_name(verify, tmp_path):
    Path(tmp_path / "e.log").write_bytes(CSV)
    assert verify(tmp_path / "e.log", vendor="apsis")[0] == 0


def test_an_interrupted_comparison_goes_on(verify, tmp_path, monkeypatch):
    root = tmp_path / "x"
    root.mkdir()
    for name, body in (("e.csv", CSV), ("e.xlsx", as_xlsx(HEADER, profiles(19)))):
        (root / name).write_bytes(body)
    whole = verify(root, vendor="apsis")
    add = journal.Journal.add

    def once(self, number, examined):
        if number == 1:
            raise KeyboardInterrupt
        add(self, number, examined)

    monkeypatch.setattr(journal.Journal, "add", once)
    code, told = verify(root, vendor="apsis")
    assert (code, "with --resume" in told["error"]) == (3, True)
    monkeypatch.setattr(journal.Journal, "add", add)
    code, results = verify(root, "--resume", vendor="apsis")
    assert (code, results["clauses"]) == (whole[0], whole[1]["clauses"])
    assert broken(results) == {"APS-025": 1}


HOSTILE = """
import gzip, sys
from pathlib import Path
from export_contracts.cli.main import main
path = Path(sys.argv[1]) / "e.csv.gz"
with gzip.open(path, "wb", 1) as file:
    file.write(sys.argv[2].encode())
    for _ in range(40):
        file.write(sys.argv[3].encode() * (1_000_000 // len(sys.argv[3])))
main(["verify", sys.argv[4], str(path), "--json"])
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of a process")
@pytest.mark.parametrize(
    ("head", "rest", "vendor"),
    [("key,b\n1,", "x", "apsis"), ('key,b\n1,"', "x\n", "apsis"), ('{"header": ["a"], "rows": [["', "x", "bloomreach")],
)
def test_what_never_ends_is_not_held(tmp_path, head, rest, vendor):
    words = [sys.executable, "-c", HOSTILE, str(tmp_path), head, rest, vendor]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert int(done.stderr.split()[-1]) < 150 * 1024, "kB"
    assert '"broken": 1' in done.stdout
