"""The bars of rows and breaches by file."""

from datetime import date

import pytest
from accounts import account

from export_contracts.checks.tally import Sum, Tally
from export_contracts.report import html
from export_contracts.report.html_files import chart
from export_contracts.report.results import document
from export_contracts.verify.histogram import MOST, Histogram
from export_contracts.verify.journal import Entry

HOSTILE = "a/\u202e</script><script>alert(1)</script>.zip"


def stretch(name, rows, unread=0, **broken):
    return {"name": name, "files": 1, "rows": rows, "unread": unread, "broken": broken}


@pytest.fixture
def drawn(sample):
    def draw(*stretches):
        run = account(sample, origin="delivered", files=stretches)
        results = document([run], today=date(2026, 11, 22), redact=str)
        return results, chart(results, results["runs"][0])

    return draw


def test_rows_go_up_and_breaches_down(drawn):
    _, found = drawn(stretch("x/a.zip", 10), stretch("b", 5, **{"SMP-001": 2}), stretch("c", 0, unread=1))
    assert (found.files, found.rows, found.breaches, found.unread) == (3, 15, 2, 1)
    assert [one.up for one in found.bars] == [110, 55, 0]
    assert [one.down for one in found.bars] == [0, 56, 0]
    assert [one.told for one in found.bars] == [
        "a.zip: 10 rows, 0 breaches",
        "b: 5 rows, 2 breaches",
        "c: 0 rows, 0 breaches, not read whole",
    ]
    assert [(one.name, one.breaches, one.clauses) for one in found.table] == [("b", 2, ("SMP-001",)), ("c", 0, ())]


def test_a_run_without_files_has_no_picture(drawn):
    results, found = drawn()
    assert found is None
    assert "Rows and breaches" not in html.report(results)


def test_four_hundred_bars_fit_and_hostile_names_are_inert(drawn):
    results, found = drawn(*(stretch(HOSTILE, 5, **{"SMP-001": 1}) for _ in range(400)))
    assert found.bars[-1].x + found.bars[-1].width <= 960
    assert len(found.table) + found.left_out == 400
    text = html.report(results)
    assert "<script>alert" not in text
    assert "\u202e" not in text


def test_files_that_follow_one_another_share_a_stretch():
    filled = Histogram(MOST * 2 + 1)
    for number in range(MOST * 2 + 1):
        broken = Tally({"X-1": Sum(broken=1), "X-2": Sum(kept=1)}).as_json()
        filled.take(str(number), None if number == 1 else Entry(3, number != 0, broken, (0, 0, 0), None))
    first, second, *_ = filled.done()
    assert len(filled.done()) <= MOST
    assert (first.name, first.files, first.rows, first.unread) == ("0", 3, 6, 2)
    assert first.as_json()["broken"] == {"X-1": 2}
    assert second.name == "3"
