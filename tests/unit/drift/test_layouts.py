"""The same page in every layout of documentation sites is clean; a changed parameter shows once in each."""

import pytest
from tests.unit.drift import layouts

from export_contracts.catalogue import contract as contracts

PAGES = {"bloomreach": ("timezone", layouts.bloomreach), "braze": ("callback_endpoint", layouts.braze)}
CASES = [(slug, name) for slug in PAGES for name in layouts.LAYOUTS]


def without(name):
    return lambda rows: [row for row in rows if row[0] != name]


def beside(name):
    new = ("shoe_size", "integer", "Required", "A number.")
    return lambda rows: [one for row in rows for one in ((row, new) if row[0] == name else (row,))]


def altered(name, **changed):
    def alter(rows):
        return [(one, changed.get("kind", kind), changed.get("need", need), about) if one == name else
                (one, kind, need, about) for one, kind, need, about in rows]  # fmt: skip

    return alter


@pytest.mark.parametrize(("slug", "layout"), CASES)
def test_a_page_of_today_is_clean_in_every_layout(changes, slug, layout):
    found, unread = changes(slug, PAGES[slug][1](layouts.LAYOUTS[layout](), contracts.load(slug)))
    assert found == []
    assert [one for one in unread if "nothing was read" in one] == []


@pytest.mark.parametrize(("slug", "layout"), CASES)
def test_each_change_of_a_parameter_shows_once(changes, slug, layout):
    name, page = PAGES[slug]
    contract, drawn = contracts.load(slug), layouts.LAYOUTS[layout]()
    for change, expected in (
        (without(name), ("request", "gone", name)),
        (beside(name), ("request", "new-required", "shoe_size")),
        (altered(name, kind="boolean"), ("request", "type-changed", name)),
        (altered(name, need="Required"), ("request", "now-required", name)),
    ):
        assert changes(slug, page(drawn, contract, change))[0] == [expected]


LOST = """Export all customers
post https://api.exponea.com/data/v2/projects/{projectToken}/customers/export
Private access GDPR > Export customers
Path Params
projectToken
string
required
Which project.
Body Params
attributes
object
What of them.
filter
object
Which of them.
execution_time
int32
When.
timezone
string
Defaults to UTC
Where.
format
string
enum
required
Defaults to csv
How.
Allowed:
Responses
Indexed from 0, the rest at segment_index -1.
"""


def test_parameters_whose_boxes_are_lost_are_read_line_by_line(changes):
    found, unread = changes("bloomreach", LOST)
    assert found == []
    assert not [one for one in unread if "request" in one or "path" in one]
    assert changes("bloomreach", LOST.replace("timezone\nstring", "timezone\nobject"))[0] == [
        ("request", "type-changed", "timezone")
    ]
    assert changes("bloomreach", LOST.replace("execution_time\nint32\nWhen.\n", ""))[0] == [
        ("request", "gone", "execution_time")
    ]
    assert changes("bloomreach", LOST.replace("Defaults to UTC", "required"))[0] == [
        ("request", "now-required", "timezone")
    ]
