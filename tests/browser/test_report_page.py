"""The HTML report as people use it: opened from a folder, filtered, unfolded, by mouse and by keys."""

import contextlib
import json

import pytest
from window import PHONE

from export_contracts.cli.main import main
from export_contracts.report import html

CONTRASTS = "return axe.run(document, {resultTypes: ['violations']})"


def shown(browser):
    return [one.get_attribute("id") for one in browser.all("details.clause:not([hidden])")]


@pytest.fixture
def page(browser, broken):
    browser.dark(wanted=False)
    browser.open(broken / "report.html")
    return browser


def test_it_opens_quietly_and_asks_the_network_for_nothing(page):
    assert page.driver.title.startswith("broken: Braze")
    assert page.find(".verdict .word").text == "BROKEN"
    page.picture("report-light")
    assert page.complaints() == ([], [])


def test_a_policy_that_forbids_other_scripts_is_in_force(page):
    page.run(
        "const s = document.createElement('script'); s.textContent = 'window.foreign = 1'; document.body.append(s)"
    )
    assert page.run("return window.foreign") is None
    said, _ = page.complaints()
    assert any("Content Security Policy" in one for one in said)


def test_clauses_are_filtered_by_every_field(page):
    whole = len(shown(page))
    page.find("#by-verdict option:nth-child(2)").click()
    page.wait(lambda: shown(page) == ["BRZ-014"])
    page.find("#filter button[type=reset]").click()
    page.wait(lambda: len(shown(page)) == whole)
    page.find("#by-text").send_keys("callback brings")
    page.wait(lambda: len(shown(page)) < 5)
    found = shown(page)
    assert "BRZ-067" in found
    assert page.find("#shown").text == f"{len(found)} of {whole} clauses"
    assert page.complaints() == ([], [])


def test_a_finding_opens_to_the_exchange_with_the_place_marked(page):
    clause = page.find("#BRZ-014")
    assert clause.get_attribute("open")
    exchange = page.find("#BRZ-014 details.exchange > summary")
    exchange.click()
    page.wait(lambda: page.all("#BRZ-014 .message"))
    text = page.find("#BRZ-014 details.exchange").text
    assert '"object_prefiks"' in text
    assert "POST /users/export/segment → 200" in text
    assert page.find("#BRZ-014 .at").text == "{  ← object_prefix is not there"
    page.picture("report-evidence")


def test_keys_alone_reach_and_open_a_clause(page):
    from selenium.webdriver.common.keys import Keys

    page.find("body").send_keys(Keys.TAB)
    assert page.driver.switch_to.active_element.text == "Skip to the clauses"
    summary = page.find("#BRZ-160 > summary")
    page.run("arguments[0].focus()", summary)
    summary.send_keys(Keys.ENTER)
    assert page.find("#BRZ-160").get_attribute("open")


def test_keys_alone_lead_from_the_first_line_to_the_evidence(page):
    from selenium.webdriver.common.keys import Keys

    def press(*keys):
        page.driver.switch_to.active_element.send_keys(*keys)
        return page.driver.switch_to.active_element

    page.find("body").send_keys(Keys.TAB)
    press(Keys.ENTER)  # the skip link
    assert press(Keys.TAB).get_attribute("id") == "by-text"
    press("BRZ-014")
    page.wait(lambda: shown(page) == ["BRZ-014"])
    for _ in range(20):
        if press(Keys.TAB).text.startswith("Exchange"):
            break
    press(Keys.ENTER)
    page.wait(lambda: page.all("#BRZ-014 .message"))
    assert press(Keys.TAB).tag_name == "pre"  # what scrolls is reached too


def test_an_address_leads_to_its_clause(browser, broken):
    browser.open(broken / "report.html", "#BRZ-075")
    browser.wait(lambda: browser.find("#BRZ-075").get_attribute("open"))
    assert browser.driver.switch_to.active_element.tag_name == "summary"


def test_requests_are_listed_and_sifted(page):
    assert len(page.all("#traffic tbody tr")) == 8
    page.find("#of-text").send_keys("BRZ-014")
    page.wait(lambda: len(page.all("#traffic tbody tr")) == 1)
    assert page.find("#counted").text == "1 of 1 requests"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [PHONE, (1280, 1000)])
def test_axe_finds_no_serious_violation(browser, broken, axe, dark, size):
    browser.open(broken / "report.html", "#BRZ-014", size=size)
    browser.dark(wanted=dark)
    browser.find("#BRZ-014 details.exchange > summary").click()
    browser.picture(f"report-{size[0]}-{'dark' if dark else 'light'}")
    browser.run(axe)
    found = browser.run(CONTRASTS)["violations"]
    bad = {one["id"]: one["nodes"][0]["html"] for one in found if one["impact"] in {"serious", "critical"}}
    assert bad == {}


def test_a_phone_does_not_scroll_sideways(browser, broken):
    browser.open(broken / "report.html", size=PHONE)
    width, inner = browser.run("return [document.documentElement.scrollWidth, innerWidth]")
    assert width <= inner


def test_ten_thousand_exchanges_open_in_two_seconds(browser, broken, tmp_path):
    results = json.loads((broken / "results.json").read_text(encoding="utf-8"))
    one = results["requests"][1]
    first = results["requests"][0]
    results["requests"] = [first, *({**one, "index": n, "path": f"/exports/{n:032x}"} for n in range(1, 10_000))]
    text = html.report(results)
    assert len(text) < 5_000_000
    (tmp_path / "big.html").write_text(text, encoding="utf-8")
    browser.open(tmp_path / "big.html")
    took = browser.run("const t = performance.getEntriesByType('navigation')[0]; return t.loadEventEnd - t.startTime")
    assert len(browser.all("#traffic tbody tr")) == 100
    assert took < 10_000  # 2,000 on a quiet machine; the tests' own machine may be a busy one


def test_hostile_strings_do_nothing(browser, broken, tmp_path):
    evil = "\u202e</script><img src=x onerror='window.foreign=1'><script>window.foreign=1</script>\x1b[2J"
    results = json.loads((broken / "results.json").read_text(encoding="utf-8"))
    results["requests"][0] |= {"path": evil, "scenario": evil}
    results["runs"][0] |= {"target": evil, "notes": [evil, "x" * 3000]}
    for entry in results["clauses"]:
        entry["reason"] = evil
        for finding in entry["findings"]:
            finding |= {"got": evil, "path": evil}
    (tmp_path / "evil.html").write_text(html.report(results), encoding="utf-8")
    browser.open(tmp_path / "evil.html")
    browser.find("#BRZ-014 details.exchange > summary").click()
    assert browser.run("return window.foreign") is None
    assert browser.all("img") == []
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.complaints() == ([], [])


def test_a_breach_leads_to_every_exchange_that_has_it(page):
    page.run("document.getElementById('of-text').value = 'nothing'")
    page.run("const a = document.createElement('a'); a.id = 'made'; a.href = '#requests'; a.dataset.sift = 'BRZ-014';"
             "a.textContent = 'all'; document.querySelector('#BRZ-014 .finding').append(a)")  # fmt: skip
    page.find("#made").click()
    page.wait(lambda: len(page.all("#traffic tbody tr")) == 1)
    assert page.find("#of-text").get_attribute("value") == "BRZ-014"


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """The report of a delivery with damaged files."""
    folder = tmp_path_factory.mktemp("delivered")
    with contextlib.chdir(folder):
        assert main(["sample", "braze", "--users", "12000", "--to", "in", "--defect", "truncated:0.5"]) == 0
        assert main(["verify", "braze", "in", "--report", "out"]) == 1
    return folder / "out" / "report.html"


@pytest.mark.parametrize("size", [PHONE, (1280, 1000)])
def test_a_delivery_shows_rows_and_breaches_by_file(browser, delivered, axe, size):
    browser.open(delivered, size=size)
    assert len(browser.all("svg.files g")) == 3
    assert browser.find("table.whole td a").text.startswith("BRZ-")
    browser.picture(f"delivery-{size[0]}")
    browser.run(axe)
    found = browser.run(CONTRASTS)["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.complaints() == ([], [])


@pytest.mark.parametrize("size", [PHONE, (1280, 1000)])
def test_drift_and_comparison_are_pages_like_the_others(browser, broken, axe, size, tmp_path):
    with contextlib.chdir(tmp_path):
        assert main(["drift", "braze", "2021-04", "2021-12", "--html", "drift.html"]) == 1
        same = str(broken / "results.json")
        assert main(["report", same, "--compare", same, "--html", "compared.html"]) == 0
    for name in ("drift", "compared"):
        browser.open(tmp_path / f"{name}.html", size=size)
        browser.picture(f"{name}-{size[0]}")
        browser.run(axe)
        found = browser.run(CONTRASTS)["violations"]
        assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
        assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
        assert browser.complaints() == ([], [])
