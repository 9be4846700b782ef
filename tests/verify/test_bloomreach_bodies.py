"""Bloomreach's saved bodies: each defect is told by its clause, at its row; what the documents leave open is none."""

from __future__ import annotations

import csv
import errno
import gzip
import json

import pytest
from tests.verify.conftest import broken, findings

from export_contracts.reference.population import Population
from export_contracts.vendors.bloomreach import delivered_bodies, delivered_documents, delivered_pairs
from export_contracts.vendors.bloomreach.reference_customers import IDS, PROPERTIES, customers
from export_contracts.vendors.bloomreach.reference_request import Column
from export_contracts.vendors.bloomreach.reference_tables import Style, as_csv, as_native_json, as_table_json

COLUMNS = [*(Column("id", name) for name in IDS), *(Column("property", name) for name in PROPERTIES)]
HEADER = [one.name for one in COLUMNS]


def table(count: int) -> list[list]:
    people = customers(Population(3, count, 1_790_000_000))
    return [[*(one.ids[name] for name in IDS), *map(one.properties.get, PROPERTIES)] for one in people]


ROWS = table(40)
CSV = as_csv(COLUMNS, ROWS, Style())
TABLE = as_table_json(COLUMNS, ROWS, Style())
NATIVE = as_native_json(COLUMNS, ROWS, Style())


def changed(row: int, cell: int, value: object) -> list[list]:
    rows = [list(one) for one in ROWS]
    rows[row][cell] = value
    return rows


@pytest.fixture
def judged(verify, tmp_path):
    """Breaches by clause of files with these names and bytes."""

    def judge(files: dict[str, bytes], *words: object) -> dict[str, int]:
        root = tmp_path / "export"
        root.mkdir(exist_ok=True)
        for name, body in files.items():
            (root / name).write_bytes(body)
        code, results = verify(root, *words, vendor="bloomreach")
        assert "error" not in results, results
        found = broken(results)
        levels = {one["level"] for one in results["clauses"] if one["broken"]}
        assert code == (1 if "must" in levels else 0)
        return found

    return judge


LEGAL = {
    "csv": {"e.csv": CSV},
    "table_json": {"e.json": TABLE},
    "native_json": {"e.json": NATIVE},
    "all three": {"e.csv": CSV, "e.table_json.json": TABLE, "e.native_json.json": NATIVE},
    "each under a name of its own": {"one.csv": CSV, "two.json": TABLE},
    "names that tell nothing": {"export-1": CSV, "export-2": TABLE},
    "rows before header": {"e.json": as_table_json(COLUMNS, ROWS, Style(rows_first=True, named=True))},
    "nothing as text": {"e.json": as_table_json(COLUMNS, ROWS, Style(absent=""))},
    "indented": {"e.json": json.dumps(json.loads(TABLE), indent=2).encode()},
    "wrapped": {"e.json": b'{"success": true, "results": ' + TABLE + b"}"},
    "a form of its own": {"e.json": json.dumps([{"registered": "a"}, {"registered": "b"}]).encode()},
    "everything in quotes, CRLF": {"e.csv": as_csv(COLUMNS, ROWS, Style(line_end="\r\n", quoting=csv.QUOTE_ALL))},
    "utf-16": {"e.csv": CSV.decode().encode("utf-16")},
    "latin-1": {"e.csv": b"registered,name\nkunde-1,J\xfcrgen\nkunde-2,\n"},
    "backslashes before quotes": {"e.csv": b'registered,remark\na,"the \\"best\\", they say"\nb,""\n'},
    "no quoting at all": {"e.csv": b'registered,remark\na,5" nail\nb,"open\n'},
    "no customer": {"e.csv": as_csv(COLUMNS, [], Style()), "e.json": as_table_json(COLUMNS, [], Style())},
    "gzip": {"e.json.gz": gzip.compress(TABLE), "e.csv.gz": gzip.compress(CSV)},
    "byte order marks": {"e.csv": b"\xef\xbb\xbf" + CSV, "e.json": b"\xef\xbb\xbf" + TABLE},
    "two projects": {"a.json": TABLE, "b.json": as_table_json(COLUMNS, ROWS[:7], Style())},
}


@pytest.mark.parametrize("files", LEGAL.values(), ids=LEGAL)
def test_what_is_legal_is_no_finding(judged, files):
    assert judged(files) == {}


DOUBLED = [*ROWS[:9], ROWS[3], *ROWS[9:]]
ILLEGAL = {
    "a failure": ({"e.json": b'{"success": false, "errors": ["no permission"]}'}, {"BLR-002"}),
    "a failure in words": ({"e.csv": b"no permission\n"}, {"BLR-002"}),
    "JSON for CSV": ({"e.csv": TABLE}, {"BLR-003"}),
    "no CSV at all": ({"e.csv": b""}, {"BLR-003"}),
    "bytes that are no text": ({"e.csv": b"\x00\x01\x02" * 50}, {"BLR-003"}),
    "a page": ({"e.csv": b"<html><body>502</body></html>\n"}, {"BLR-003"}),
    "a page for JSON": ({"e.json": b"<!doctype html>\n<title>502</title>\n"}, {"BLR-004"}),
    "CSV for JSON": ({"e.json": CSV}, {"BLR-004"}),
    "JSON that breaks off": ({"e.json": TABLE[:-500]}, {"BLR-004"}),
    "a value that is none": ({"e.json": TABLE.replace(b"null", b"NaN", 1)}, {"BLR-004"}),
    "a key twice": ({"e.json": TABLE[:-1] + b', "header": []}'}, {"BLR-004"}),
    "bytes that are not UTF-8": ({"e.json": TABLE.replace(b'"customer', b'"\xffcustomer', 1)}, {"BLR-004"}),
    "UTF-16 cut within a character": ({"e.csv": CSV.decode().encode("utf-16")[:-1]}, {"BLR-003"}),
    "gzip cut off": ({"e.json.gz": gzip.compress(TABLE)[:-20]}, {"BLR-004"}),
    "a cell too many": ({"e.json": as_table_json(COLUMNS, [*ROWS, [*ROWS[0], 1]], Style())}, {"BLR-005", "BLR-006"}),
    "a cell too few": ({"e.csv": CSV.replace(b"customer-0000003,", b"", 1)}, {"BLR-005"}),
    "a row that is no array": ({"e.json": as_native_json(COLUMNS, [*ROWS, {}], Style())}, {"BLR-005"}),
    "a customer twice": ({"e.json": as_table_json(COLUMNS, DOUBLED, Style())}, {"BLR-006"}),
    "no header": ({"e.csv": CSV.split(b"\n", 1)[1]}, {"BLR-061"}),
    "a customer less": ({"e.csv": as_csv(COLUMNS, ROWS[:-3], Style()), "e.json": TABLE}, {"BLR-057"}),
    "another customer": ({"e.csv": as_csv(COLUMNS, changed(3, 0, "x-1"), Style()), "e.json": TABLE}, {"BLR-057"}),
    "another column": ({"e.csv": CSV.replace(b"country", b"land", 1), "e.json": TABLE}, {"BLR-059"}),
    "another text": ({"e.csv": as_csv(COLUMNS, changed(3, 2, "Zorro"), Style()), "e.json": TABLE}, {"BLR-060"}),
    "semicolons": ({"e.csv": CSV.replace(b",", b";")}, {"BLR-073"}),
    "one name for all": ({"e.csv": b"n,n,n\na,b,c\n"}, {"BLR-075"}),
    "success in quotes": ({"e.json": TABLE.replace(b'"success": true', b'"success": "true"')}, {"BLR-078"}),
    "a column less": (
        {"e.csv": as_csv(COLUMNS[:-1], [one[:-1] for one in ROWS], Style()), "e.json": TABLE},
        {"BLR-058"},
    ),
}


@pytest.mark.parametrize(("files", "clauses"), ILLEGAL.values(), ids=ILLEGAL)
def test_each_defect_breaks_its_clause_alone(judged, files, clauses):
    assert set(judged(files)) == clauses


def test_rows_are_told_by_pointer_or_line(verify, tmp_path):
    rows = [*ROWS[:5], [*ROWS[5], 1], *ROWS[6:]]
    for name, body in (("e.json", as_native_json(COLUMNS, rows, Style())), ("e.csv", as_csv(COLUMNS, rows, Style()))):
        (tmp_path / name).write_bytes(body)
    (found,) = findings(verify(tmp_path / "e.json", vendor="bloomreach")[1], "BLR-005")
    assert (found["at"], found["file"]) == ("/data/5", str(tmp_path / "e.json"))
    (found,) = findings(verify(tmp_path / "e.csv", vendor="bloomreach")[1], "BLR-005")
    assert found["line"] > 6  # cells hold line breaks


def test_number_and_columns_are_held_to(judged, tmp_path):
    assert judged({"e.json": NATIVE}, "--expect-count", 40, "--fields", ",".join(HEADER)) == {}
    assert set(judged({"e.json": NATIVE}, "--expect-count", 41)) == {"BLR-038"}
    assert set(judged({"e.json": NATIVE}, "--fields", "registered,cookie")) == {"BLR-024"}
    assert set(judged({"e.json": NATIVE}, "--fields", ",".join([*HEADER[::-1]]))) == {"BLR-025"}
    (tmp_path / "r.json").write_text('{"format": "native_json"}')
    turned = [one[::-1] for one in ROWS]
    assert judged({"e.json": NATIVE}, "--request", tmp_path / "r.json") == {}
    late = as_native_json(COLUMNS[::-1], turned, Style())
    assert set(judged({"e.json": late}, "--request", tmp_path / "r.json")) == {"BLR-027"}


def test_members_of_a_segment_are_counted(judged, tmp_path):
    chosen = {"type": "segment", "segmentation_id": "606488856f8cf6f848b20af8", "segment_index": 0}
    (tmp_path / "r.json").write_text(json.dumps({"format": "csv", "filter": chosen}))
    assert set(judged({"e.csv": CSV}, "--request", tmp_path / "r.json", "--expect-count", 41)) == {"BLR-037"}


def test_a_full_disk_ends_a_comparison_with_a_sentence(verify, tmp_path, monkeypatch):
    (tmp_path / "x").mkdir()
    for name, body in (("e.csv", CSV), ("e.json", TABLE)):
        (tmp_path / "x" / name).write_bytes(body)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("export_contracts.vendors.bloomreach.delivered_pairs._flush", full)
    code, results = verify(tmp_path / "x", vendor="bloomreach")
    assert (code, "No space left on device" in results["error"]) == (3, True)


def test_a_file_that_went_away_is_not_compared(verify, tmp_path, monkeypatch):
    (tmp_path / "x").mkdir()
    for name, body in (("e.csv", CSV), ("e.json", TABLE)):
        (tmp_path / "x" / name).write_bytes(body)
    found = delivered_pairs.pair_evidence

    def late(totals):
        (tmp_path / "x" / "e.csv").unlink()
        return found(totals)

    monkeypatch.setattr("export_contracts.vendors.bloomreach.verify.pair_evidence", late)
    code, results = verify(tmp_path / "x", vendor="bloomreach")
    kept = {one["id"]: one["kept"] for one in results["clauses"]}
    assert (code, kept["BLR-058"], kept["BLR-057"]) == (0, 1, 0)


def test_a_way_of_quoting_that_does_not_fit_is_given_up_at_once(verify, tmp_path, monkeypatch):
    read: list[str] = []
    batches = delivered_bodies.csv_batches

    def counting(parts, shape, **dialect):
        for batch in batches(parts, shape, **dialect):
            read.append(str(dialect.get("quoting")))
            yield batch

    monkeypatch.setattr(delivered_bodies, "csv_batches", counting)
    path = tmp_path / "e.csv"
    path.write_bytes(b'registered,City\n"a,b\n' + b"x\n" * 50_000)
    code, results = verify(path, vendor="bloomreach")
    assert (code, "BLR-003" in broken(results)) == (1, True)
    assert read.count(str(csv.QUOTE_NONE)) == 1


def test_members_without_end_near_the_top_of_a_document_are_not_all_held(monkeypatch):
    monkeypatch.setattr(delivered_documents, "MOST_MEMBERS", 3)
    more = b",".join(b'"k%d": %d, "l%d": [%d]' % (one, one, one, one) for one in range(20))
    found = delivered_documents.read_document([b'{"header": ["a"], "rows": [["x"]], ', more, b', "success": true}'])
    assert (found.rows_path, found.success, found.problems) == (("rows",), b"true", [])
    failed = delivered_documents.read_document([b"{", more, b', "errors": ["no"], "success": false}'])
    assert (failed.form.name, failed.failure) == ("FAILURE", "k0: 0, k1: 1, k2: 2, success: false")
