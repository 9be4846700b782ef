"""Workbooks row by row: read as a foreign reader reads them, and not impressed by hostile ones."""

from __future__ import annotations

import datetime as dt
import errno
import io
import resource
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from python_calamine import CalamineWorkbook

from export_contracts.files import sheet_rows, sheet_stream
from export_contracts.files.row_batches import Shape, shaped
from export_contracts.files.sheet_stream import sheet_batches
from export_contracts.files.streams import Limits
from export_contracts.vendors.apsis.reference_sheet import as_xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def read(body: bytes, **limits: float) -> tuple[Shape, list[list[str]]]:
    shape = Shape()
    batches = list(shaped(sheet_batches(io.BytesIO(body), shape, Limits(**limits)), shape))
    return shape, [row for one in batches for row in one.rows]


def saved(*rows: list[object], **more: object) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for name, value in more.items():
        sheet[name] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(sheet: str, *, strings: str = "", styles: str = "", relations: str = "", about: str = "") -> bytes:
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{about}<sheets>'
        '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" '
        f'Type="x/worksheet" Target="worksheets/sheet1.xml"/>{relations}</Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    parts |= {"xl/sharedStrings.xml": strings} if strings else {}
    parts |= {"xl/styles.xml": styles} if styles else {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def data(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>key</t></is></c><c r="B1" t="inlineStr"><is><t>n</t></is></c></row>'
RICH = CellRichText("plain ", TextBlock(InlineFont(b=True), "bold"))
SHEETS = {
    "texts": saved(["key", "City"], ["k1", "Årø & <sons>"], ["k2", " blank  "], ["k3", "a\nb"]),
    "numbers": saved(["key", "n"], ["k1", 1], ["k2", 1.5], ["k3", -0.001], ["k4", 12345678901], ["k5", 1e21]),
    "truth": saved(["key", "ok"], ["k1", True], ["k2", False]),
    "moments": saved(
        ["key", "when"],
        ["k1", dt.date(1980, 2, 29)],
        ["k2", dt.datetime(2026, 11, 22, 18, 30, 15)],  # noqa: DTZ001 - sheets know no zones
        ["k3", dt.time(6, 30)],
    ),
    "gaps": saved(["key", "a", "b"], ["k1", None, "x"], [None], ["k2", "y"]),
    "rich text": saved(["key", "text"], ["k1", RICH]),
    "the reference's": as_xlsx(["key", "n"], [{"key": f"k{one}", "n": "=1+1 & <2>"} for one in range(50)]),
}


@pytest.mark.parametrize("body", SHEETS.values(), ids=SHEETS)
def test_rows_are_those_of_a_foreign_reader(body):
    with CalamineWorkbook.from_filelike(io.BytesIO(body)) as book:
        header, *rows = [[plain(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    shape, found = read(body)
    assert list(shape.header) == header
    assert found == [row for row in rows if any(row)]
    assert not shape.codes


def plain(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, (dt.datetime, dt.date, dt.time)) else str(cell)


def test_lines_are_those_of_the_sheet():
    body = workbook(data(HEAD + '<row r="7"><c r="A7"><v>1</v></c></row><row><c><v>2</v></c></row>'))
    shape = Shape()
    lines = [line for one in shaped(sheet_batches(io.BytesIO(body), shape, Limits()), shape) for line in one.lines]
    assert lines == [7, 8]


def test_a_table_may_begin_anywhere():
    body = saved([], [None, "key", "n"], [None, "k1", 2])
    assert (read(body)[0].header, read(body)[1]) == (("key", "n"), [["k1", "2"]])


def test_more_cells_than_the_header_has_are_ragged():
    assert read(saved(["key", "n"], ["k1", 1, "more"]))[0].codes == {"ragged": 1}


def test_days_may_be_counted_from_1904():
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    relations = '<Relationship Id="rId2" Type="x/styles" Target="/xl/styles.xml"/>'
    sheet = data(HEAD + '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>1</v></c></row>')
    body = workbook(sheet, styles=styles, relations=relations)
    assert read(body)[1] == [["1", "1899-12-31"]]
    body = workbook(sheet, styles=styles, relations=relations, about='<workbookPr date1904="1"/>')
    assert read(body)[1] == [["1", "1904-01-02"]]


BOMB = data(HEAD + '<row r="2"><c r="A2" t="inlineStr"><is><t>' + " " * 60_000_000 + "</t></is></c></row>")
ENTITIES = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + data(HEAD.replace("key", "&b;"))
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + data(HEAD.replace("key", "&a;"))
HOSTILE = {
    "a bomb": (workbook(BOMB), "bomb-ratio"),
    "entities": (workbook(ENTITIES), "doctype"),
    "entities from outside": (workbook(OUTSIDE), "doctype"),
    "a row beyond all": (workbook(data('<row r="99999999"><c r="A1"><v>1</v></c></row>')), "damaged"),
    "a row that is no number": (workbook(data('<row r="x"><c r="A1"><v>1</v></c></row>')), "damaged"),
    "a column beyond all": (workbook(data('<row r="1"><c r="ZZZ1"><v>1</v></c></row>')), "damaged"),
    "a cell without end": (workbook(data(HEAD.replace("key", "x" * 2_000_000))), "damaged"),
    "a shared text without end": (
        workbook(data(HEAD), strings=f"<sst><si><t>{'x' * 2_000_000}</t></si></sst>"),
        "damaged",
    ),
    "a shared text that is not there": (workbook(data('<row><c t="s"><v>5</v></c></row>')), "damaged"),
    "a number that is none": (workbook(data("<row><c><v>five</v></c></row>")), "damaged"),
    "letters that nobody knows": (workbook('<?xml version="1.0" encoding="x-none"?>' + data(HEAD)), "damaged"),
    "XML that is none": (workbook(data("<row><c><v>5</row>")), "damaged"),
    "XML that breaks off": (workbook(data(HEAD)[:-30]), "damaged"),
    "no sheet": (workbook("x").replace(b"xl/worksheets", b"xl/worksheetz"), "not-xlsx"),
    "no workbook": (zipfile.ZipFile.__doc__.encode(), "not-xlsx"),
}


@pytest.mark.parametrize(("body", "code"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_workbooks_are_told_and_not_believed(body, code):
    shape, _ = read(body)
    assert list(shape.codes) == [code]
    assert not shape.whole


def test_millions_of_empty_cells_take_no_room():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    corner = '<row r="1048576"><c r="XFD1048576"/></row>'
    body = workbook(data(HEAD + '<row r="2"><c r="A2"/></row>' * 60_000 + corner), strings="<sst/>")
    shape, rows = read(body, ratio=10_000)
    assert (rows, shape.codes) == ([], {})
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KB


def test_many_shared_texts_lie_on_disk(monkeypatch):
    monkeypatch.setattr("export_contracts.files.sheet_parts.IN_MEMORY", 100)
    monkeypatch.setattr("export_contracts.files.sheet_parts.CACHED", 2)
    body = saved(["key", "n"], *([f"k{one}", f"text {one % 7}"] for one in range(40)))
    assert read(body)[1][13] == ["k13", "text 6"]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=8) | st.just("&#246;")
KINDS = st.sampled_from(['t="str"', 't="inlineStr"', 's="0"', 't="b"', 't="e"', ""])
NUMBERS = ("1", "1.5", "", "-3")
ODD = ("&amp;", "&#246;", "&#x1F600;", "&#13;", "a\rb", "<!-- x -->", "<![CDATA[x]]>", "&#2;", "\ufffe", "_x0041_")


def both_ways(body: bytes) -> None:
    shape, rows = read(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("export_contracts.files.sheet_quick.prolog", lambda _: None)
        slow_shape, slow_rows = read(body)
    assert (list(shape.codes)[-1:], shape.whole) == (list(slow_shape.codes)[-1:], slow_shape.whole)
    if shape.whole:  # Of what breaks off, the one way may have seen more than the other.
        found = rows, shape.header, shape.rows, list(shape.codes)
        assert found == (slow_rows, slow_shape.header, slow_shape.rows, list(slow_shape.codes))


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_both_ways_read_texts_alike(rows):
    names = [str(place) for place in range(4)]
    both_ways(as_xlsx(["key", *names], [dict(zip(names, row, strict=False)) for row in rows]))


@given(st.lists(st.tuples(KINDS, st.sampled_from(ODD + NUMBERS)), min_size=1, max_size=6), st.booleans())
def test_both_ways_read_what_is_spelt_oddly_alike(cells, apart):
    gap = "\n" if apart else ""
    rows = "".join(
        f'<row r="{line}"><c r="A{line}" {kind}><v>{text}</v></c></row>{gap}'.replace('" >', '">')
        for line, (kind, text) in enumerate(cells, start=2)
    )
    both_ways(workbook(data(HEAD + rows)))


CELLS = {
    "A": ['<c r="A{0}" t="inlineStr"><is><t>a{0}</t></is></c>', '<c r="A{0}"><v>{0}</v></c>', '<c r="A{0}"/>', ""],
    "B": ['<c r="B{0}"><v>1.50</v></c>', '<c r="B{0}" s="0"><v>{0}</v></c>', '<c r="B{0}" s="0"/>', ""],
    "C": ['<c r="C{0}" t="b"><v>1</v></c>', '<c r="C{0}" t="str"><v>x&amp;y</v></c>', '<c r="C{0}" t="b"><v>0</v></c>'],
    "odd": [
        *("", "", "", "", '<c r="B{0}"><v>2</v></c>', '<c r="D7"><v>2</v></c>', '<c r="ZZ{0}"><v>2</v></c>', "<c/>"),
        *('<c r="D{0}" t="n"><v>9</v></c>', '<c r="D{0}" t="inlineStr"><is><t>_x0041_</t></is></c>', "<!-- -->"),
        *('<c r="D{0}" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>', '<c r="d{0}"><v>2</v></c>'),
    ],
}


@settings(max_examples=60)
@given(
    st.lists(st.tuples(*(st.sampled_from(4 * cells[:1] + cells) for cells in CELLS.values())), min_size=3, max_size=25),
    st.sampled_from(['<row r="{0}">', '<row r="{0}" spans="1:4">', '<row r="{0}" ht="1&lt;">']),
    st.sampled_from(["", "\n"]),
)
def test_both_ways_read_rows_alike_that_are_written_alike(rows, head, gap):
    written = (head + "".join(cells) + "</row>" + gap for cells in rows)
    both_ways(workbook(data(HEAD + "".join(row.format(line) for line, row in enumerate(written, start=2)))))


@pytest.mark.parametrize("body", SHEETS.values(), ids=SHEETS)
def test_both_ways_read_what_others_write_alike(body):
    both_ways(body)


def test_a_full_disk_is_no_damage_of_the_workbook(monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("export_contracts.files.sheet_parts.Strings.read", full)
    with pytest.raises(OSError, match="No space"):
        read(SHEETS["texts"])


@pytest.mark.parametrize("spelt", ["", ' spelt="&lt;"'], ids=["in passing", "by the parser"])
def test_far_cells_with_nothing_before_them_are_not_held_as_wide_rows(spelt, monkeypatch):
    held = []
    packed = sheet_rows.packed
    monkeypatch.setattr(sheet_rows, "packed", lambda row: held.append(packed(row)) or held[-1])
    monkeypatch.setattr(sheet_stream, "CELLS", 50_000)
    far = "".join(f'<row r="{line}"{spelt}><c r="XFD{line}"><v>{line}</v></c></row>' for line in range(2, 22))
    shape = Shape()
    batches = list(sheet_batches(io.BytesIO(workbook(data(HEAD + far))), shape, Limits()))
    assert max(map(len, held)) == 2
    assert max(sum(map(len, batch.rows)) for batch in batches) < 50_000 + 16_384 + 1
    assert [(len(row), row[-1]) for batch in batches for row in batch.rows][1:] == [
        (16_384, str(line)) for line in range(2, 22)
    ]
    assert [line for batch in batches for line in batch.lines] == [*range(1, 22)]
