"""CSV and XLSX: the same table from both, each problem by its word, and no bytes that make a reader raise."""

import csv
import datetime as dt
import io
import time
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export_contracts.files.delimiters import DELIMITERS
from export_contracts.files.row_batches import LONGEST_ROW, Shape, csv_batches
from export_contracts.files.tables import read_csv, read_xlsx

CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)


def codes(table):
    return [problem.code for problem in table.problems]


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(body, change):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, change(info.filename, old.read(info)))
    return out.getvalue()


@given(
    st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=5)),
    st.sampled_from(DELIMITERS),
)
def test_csv_comes_back_as_it_went_in(rows, delimiter):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    table = read_csv(out.getvalue().encode(), delimiter=delimiter)
    assert [table.header, *table.rows] == [tuple(row) for row in rows]
    assert set(codes(table)) <= {"duplicate-column"}


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_delimiter_is_found_out(delimiter):
    body = f'key{delimiter}"a, b; c"\n1{delimiter}"x\ny"\n2{delimiter}é\n'.encode()
    assert read_csv(body).rows == (("1", "x\ny"), ("2", "é"))


def test_one_column_stays_one_column():
    assert read_csv(b"key\na\nb\n").rows == (("a",), ("b",))


@given(st.binary(max_size=300))
def test_no_bytes_make_a_reader_raise(body):
    read_csv(body)
    assert codes(read_xlsx(body)) != []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xef\xbb\xbfa,b\n1,2\n", "bom"),
        (b"a,b\n1,2,3\n", "ragged"),
        (b"a,a\n1,2\n", "duplicate-column"),
        (b"a,b\n\xe9,2\n", "invalid-utf8"),
        (b"a,b\n\n1,2\n", "empty-line"),
        (b"", "empty-table"),
        (b'a,b\n"1"x,2\n', "damaged"),
    ],
)
def test_each_problem_of_csv_has_its_word(body, code):
    assert codes(read_csv(body)) == [code]


def test_problems_of_csv_say_the_line():
    table = read_csv(b'a,b\n"1\n1",2\n3\n')
    assert [(one.code, one.line) for one in table.problems] == [("ragged", 4)]


def test_a_workbook_reads_like_the_csv_of_the_same_table():
    moment = dt.datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - a spreadsheet knows no zones
    table = read_xlsx(
        workbook([["key", "n", "x", "ok", "at"], ["é1", 7, 2.5, True, moment], ["0012", None, -3, False, None]])
    )
    body = "key,n,x,ok,at\né1,7,2.5,true,2026-01-02T03:04:05\n0012,,-3,false,\n".encode()
    assert table == read_csv(body)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_damage_to_a_workbook_is_told_or_does_no_harm(place, flip):
    body = bytearray(workbook([["a", "b"], [1, "x"]]))
    body[place % len(body)] ^= flip
    table = read_xlsx(bytes(body))
    assert table.problems or table == read_xlsx(workbook([["a", "b"], [1, "x"]]))


def test_what_is_no_workbook_is_told():
    assert codes(read_xlsx(b"a,b\n")) == ["not-xlsx"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", "b")
    assert codes(read_xlsx(out.getvalue())) == ["not-xlsx"]


def test_two_far_cells_do_not_fill_the_memory():
    def far(name, body):
        return body.replace(b'r="B2"', b'r="XFD1048576"') if name.endswith("sheet1.xml") else body

    assert codes(read_xlsx(repacked(workbook([["a", "b"], [1, 2]]), far))) == ["ragged"]


def test_broken_sheets_are_damage():
    def broken(name, body):
        return body[: len(body) // 2] if name.endswith("sheet1.xml") else body

    table = read_xlsx(repacked(workbook([["a", "b"], [1, 2]]), broken))
    assert codes(table) in (["damaged"], ["empty-table"])


def test_a_header_of_thousands_of_columns_is_looked_over_once():
    began = time.process_time()
    assert codes(read_csv(b"a," * 100_000 + b"b\n")) == ["duplicate-column"]
    assert time.process_time() - began < 10


def test_a_row_whose_cells_never_let_it_end_is_not_held():
    shape, given_out = Shape(), 0

    def endless():
        nonlocal given_out
        yield b"a,b\n1,2\n"
        while True:
            given_out += 300_000
            yield b'"\n",' * 60_000

    list(csv_batches(endless(), shape, delimiter=","))
    assert (shape.codes["damaged"], shape.whole) == (1, False)
    assert given_out < 2 * LONGEST_ROW
