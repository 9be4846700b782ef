"""A guide as Adobe keeps its own in Markdown: placeholders for parameters, lists inside cells, whole samples."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

GUIDE = (Path(__file__).parent / "guide-of-jobs.md").read_text(encoding="utf-8")

CHANGES = {
    "nothing": ("", "", []),
    "query gone": ("| `{OFFSET}` | From where. |\n", "", [("query", "gone", "offset")]),
    "query new": ("| `{OFFSET}` |", "| `{SORT}` | Order. |\n| `{OFFSET}` |", [("query", "new", "SORT")]),
    "query's values": (
        "&quot;NEW&quot;,",
        "&quot;NEW&quot;, &quot;PROCESSING&quot;,",
        [("query", "enumeration-grew", "status")],
    ),
    "member of a member new": (
        "<li>`datasetId`: **(Required)** The set.</li>",
        "<li>`datasetId`: **(Required)** The set.</li><li>`region`: Where.</li>",
        [("request", "new", "destination.region")],
    ),
    "member of a list gone": (
        "<li>`segmentNs` *(Optional)* Its namespace.</li>",
        "",
        [("request", "gone", "filter.segments[].segmentNs")],
    ),
    "may be left out": (
        "| `schema.name` | **(Required)**",
        "| `schema.name` | *(Optional)*",
        [("request", "now-optional", "schema.name")],
    ),
    "has to be sent": (
        "| `evaluationInfo.segmentation` | *(Optional)*",
        "| `evaluationInfo.segmentation` | **(Required)**",
        [("request", "now-required", "evaluationInfo.segmentation")],
    ),
    "values in a list inside a cell": (
        "In or out.</li></ul> |\n| `filter.segmentQ",
        '`["realized"]` or else `realized`, `exited`, `gone`.</li></ul> |\n| `filter.segmentQ',
        [("request", "enumeration-grew", "filter.segments[].status")],
    ),
    "values as a list of their own": (
        "In or out.</li></ul> |\n| `filter.segmentQ",
        "One of<ul><li>`realized`: in.</li><li>`left`: out.</li></ul></li></ul> |\n| `filter.segmentQ",
        [
            ("request", "enumeration-grew", "filter.segments[].status"),
            ("request", "enumeration-shrank", "filter.segments[].status"),
        ],
    ),
    "the same values": (
        "In or out.</li></ul> |\n| `filter.segmentQ",
        '`"realized"` and `"exited"`. The value `exiting` is out.</li></ul> |\n| `filter.segmentQ',
        [],
    ),
    "an object with members renamed": (
        "| `destination` | **(Required)**",
        "| `goal` | **(Required)**",
        [("request", "gone", "destination"), ("request", "new-required", "goal")],
    ),
    "sample of another type": ('"pageSize": 2', '"pageSize": "2"', []),
    "status": ("HTTP status 204", "HTTP status 202", [("status", "status-changed", "204")]),
    "section moved": ("## Next steps\n\nRead on.\n", "## Next steps\n", []),
    "another operation beside it": (
        "## Next steps\n",
        (
            "## Schedules\n\n```http\nPOST /config/schedules\n```\n\n| Property | Meaning |\n|---|---|\n"
            "| `name` | A name. |\n| `schema.name` | Another. |\n\nIt comes with HTTP status 201.\n\n## Next steps\n"
        ),
        [],
    ),
}


def as_html(text):
    body = MarkdownIt("commonmark").enable("table").render(text.partition("---\n\n")[2])
    return f"<!doctype html><html><head></head><body><main>{body}</main></body></html>"


@pytest.mark.parametrize("form", [str, as_html])
@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_the_guide_shows_once(changes, change, form):
    before, after, expected = CHANGES[change]
    assert before in GUIDE
    found, unread = changes("adobe", form(GUIDE.replace(before, after, 1) if before else GUIDE))
    assert found == expected
    assert [one for one in unread if "nothing was read" in one] == []


def test_a_section_that_is_gone_is_an_operation_no_longer_described(changes):
    start, end = GUIDE.index("## Cancel one"), GUIDE.index("## Next steps")
    found, _ = changes("adobe", GUIDE[:start] + GUIDE[end:])
    assert found == [("operation", "operation-undescribed", "cancelExportJob")]
