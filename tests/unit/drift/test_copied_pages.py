"""Pages as people keep them: copied from a browser, wrapped in HTML, in the Internet archive, cut off at some line."""

import html

import pytest
from tests.unit.drift import layouts, pages
from tests.unit.drift.test_layouts import LOST

from export_contracts.catalogue import contract as contracts

BRAZE = contracts.load("braze")
BLOOMREACH = contracts.load("bloomreach")
TOOLBAR = (
    '<div id="wm-ipp-base"><table><tr><td>Jul</td><td>AUG</td></tr><tr><td>2021</td><td>2022</td></tr></table></div>'
)


class Copied:
    """As a browser gives it to the clipboard: cells with tabs between them, items behind bullets."""

    def __init__(self, apart="\n"):
        self.apart = apart

    def heading(self, text):
        return f"{text}\n"

    def para(self, text):
        return f"{text.replace('`', '')}\n"

    def code(self, text):
        return f"{text}\n"

    def names(self, several):
        return f" {self.apart}".join(f"• {one}" for one in several) + "\n"

    def table(self, several):
        lines = [f"{name}\t{kind}\t{about}\t{need}" for name, kind, need, about in several]
        return self.apart.join(["Field\tKind\tMeaning\tNeeded", *lines]).replace("`", "") + "\n"

    def page(self, parts):
        return "\n".join(("Export", *parts))


def wrapped(text):
    return f"<!DOCTYPE html>\n<html><body>{TOOLBAR}<pre>{html.escape(text)}</pre></body></html>\n"


def in_lines(text):
    lines = "<br>".join(html.escape(one) for one in text.split("\n"))
    return f"<!DOCTYPE html>\n<html><body>{TOOLBAR}<div>{lines}</div></body></html>\n"


def double_spaced(text):
    return text.replace("\n", "\n\n")


def plain(layout):
    return layouts.bloomreach(layout, BLOOMREACH)


KEPT = {
    "copied": plain(Copied()),
    "copied, lines apart": plain(Copied("\n\n")),
    "copied, double-spaced": double_spaced(plain(Copied())),
    "text in HTML": wrapped(plain(Copied())),
    "lines in HTML": in_lines(LOST),
    "Markdown in HTML": wrapped(plain(layouts.Markdown())),
}


@pytest.mark.parametrize("way", KEPT)
def test_a_page_kept_in_another_way_is_clean_and_its_changes_show(changes, way):
    found, unread = changes("bloomreach", KEPT[way])
    assert found == []
    assert [one for one in unread if "nothing was read" in one and "header" not in one] == []
    assert changes("bloomreach", KEPT[way].replace("timezone", "time_zone"))[0] == [
        ("request", "new", "time_zone"),
        ("request", "gone", "timezone"),
    ]


def test_names_behind_bullets_are_read(changes):
    page = layouts.braze(Copied(), BRAZE)
    assert changes("braze", page)[0] == []
    assert changes("braze", page.replace("• dob", "• birthday"))[0] == [
        ("field", "new", "birthday"),
        ("field", "gone", "dob"),
    ]


def test_names_with_escaped_underscores_are_the_same_names(changes):
    page = pages.markdown(BRAZE, "2021-12")
    assert changes("braze", page.replace("_", "\\_").replace("nav\\_title", "nav_title"), "2021-12")[0] == []


@pytest.mark.parametrize("name", ["callback_endpoint", "fields_to_export", "dob", "last_name"])
def test_a_page_cut_at_the_end_of_a_line_has_lost_nothing(changes, name):
    lines = pages.markdown(BRAZE, "2021-12").split("\n")
    mark = f"|`{name}`" if (name.count("_") == 1 and name != "last_name") or "export" in name else f"* `{name}`"
    end = next(number for number, line in enumerate(lines) if line.startswith(mark))
    found, unread = changes("braze", "\n".join(lines[: end + 1]) + "\n", "2021-12")
    assert found == []
    assert any("breaks off" in one for one in unread)


def test_a_list_that_lost_its_last_name_amid_a_page_has_lost_it(changes):
    page = pages.markdown(BRAZE, "2021-12")
    assert changes("braze", page.replace("* `user_aliases`\n", ""), "2021-12")[0] == [("field", "gone", "user_aliases")]
