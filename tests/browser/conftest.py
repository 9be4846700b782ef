"""A headless chromium that keeps a record of what it said and asked for. Skipped, with the reason, where there is none.

Debian: `apt-get install chromium chromium-driver`. `EXPORT_CONTRACTS_SCREENSHOTS=DIR` keeps pictures of the pages.
"""

import contextlib
import shutil
import subprocess

import pytest
from window import Browser

from export_contracts.cli.main import main
from export_contracts.resources import cassettes

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="session")
def browser():
    if not (CHROMIUM and DRIVER):
        pytest.skip("chromium or chromedriver is not installed: apt-get install chromium chromium-driver")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=DRIVER))
    driver.set_page_load_timeout(60)
    yield Browser(driver)
    driver.quit()


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The text of axe-core, from npm."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed: axe-core cannot be had")
    folder = tmp_path_factory.mktemp("axe")
    patience = ["--fetch-timeout=20000", "--fetch-retries=1"]  # milliseconds: without a network it shall not hang
    words = [npm, "install", "--silent", "--no-audit", "--no-fund", *patience, "--prefix", str(folder), "axe-core@4"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip(f"axe-core could not be installed: {done.stderr[-200:]}")
    return script.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def broken(tmp_path_factory):
    """The report of a recording in which one member has lost its name."""
    folder = tmp_path_factory.mktemp("report")
    text = (cassettes() / "braze" / "reference-export_to_url.yaml").read_text(encoding="utf-8")
    (folder / "traffic.yaml").write_text(text.replace("object_prefix", "object_prefiks"), encoding="utf-8")
    with contextlib.chdir(folder):
        assert main(["judge", "braze", "traffic.yaml", "--report", "."]) == 1
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    assert main(["docs", str(folder)]) == 0
    return folder
