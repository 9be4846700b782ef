"""The site as people use it: from a folder, without a server."""

import pytest
from window import DESK, PHONE

PAGES = ("index.html", "braze/index.html", "braze/BRZ-014/index.html", "adobe/operations.html", "braze/fields.html",
         "apsis/life-cycle.html", "matrix.html", "search.html", "adobe/openapi.html", "braze/openapi.html",
         "braze/editions.html")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_kind_of_page_is_quiet_and_asks_nobody(browser, site, path):
    browser.dark(wanted=False)
    browser.open(site / path)
    assert browser.find("h1").text
    assert browser.run("return getComputedStyle(document.querySelector('header.site')).display") == "flex"
    browser.picture(f"site-{path.replace('/', '-')}")
    assert browser.complaints() == ([], [])


@pytest.mark.parametrize("place", range(len(PAGES)))
def test_axe_finds_no_serious_violation(browser, site, axe, place):
    path, dark, size = PAGES[place], place % 2 == 1, PHONE if place % 3 == 0 else DESK
    browser.open(site / path, size=size)
    browser.dark(wanted=dark)
    if path.endswith("openapi.html"):
        browser.wait(lambda: browser.all(".opblock-summary-control"))[0].click()
    browser.picture(f"site-{size[0]}-{'dark' if dark else 'light'}-{path.replace('/', '-')}")
    browser.run(axe)
    found = browser.run("return axe.run(document, {resultTypes: ['violations']})")["violations"]
    bad = {one["id"]: one["nodes"][0]["html"] for one in found if one["impact"] in {"serious", "critical"}}
    assert bad == {}


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_does_not_scroll_sideways(browser, site, path):
    browser.open(site / path, size=PHONE)
    width, inner = browser.run("return [document.documentElement.scrollWidth, innerWidth]")
    assert width <= inner


def test_the_viewer_opens_an_operation_and_asks_nobody(browser, site):
    browser.dark(wanted=False)
    browser.open(site / "braze" / "openapi.html")
    browser.wait(lambda: browser.all("#operations-Export-exportUsersBySegment .opblock-summary-control"))[0].click()
    text = browser.wait(lambda: [one.text for one in browser.all(".opblock-body") if "segment_id" in one.text])[0]
    assert "Resolver error" not in browser.find("#viewer").text
    assert "object_prefix" in text
    assert browser.all(".try-out") == []
    assert browser.complaints() == ([], [])


def test_search_leads_from_any_page_to_a_clause(browser, site):
    browser.open(site / "adobe" / "index.html")
    browser.find("#query").send_keys("names the prefix\n")
    first = browser.wait(lambda: browser.all("#results a"))[0]
    assert first.text == "BRZ-014"
    first.click()
    browser.wait(lambda: browser.driver.current_url.endswith("BRZ-014/index.html"))
    assert browser.find("h1").text.startswith("BRZ-014")
    assert browser.driver.current_url.endswith("braze/BRZ-014/index.html")
    assert browser.complaints() == ([], [])


def test_the_edition_slider_tells_what_was_in_force(browser, site):
    browser.open(site / "apsis" / "index.html")
    today = len(browser.all("ul.clauses li.out"))
    browser.run("const m = document.getElementById('month'); m.value = 0; m.dispatchEvent(new Event('input'))")
    assert browser.find("#month-shown").text == "2021-08"
    assert len(browser.all("ul.clauses li.out")) != today
    assert "clauses in force" in browser.find("#in-force").text
