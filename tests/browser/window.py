"""One window of a browser, and the checks that every page has to pass."""

import json
import os
import time
from pathlib import Path

PHONE, DESK = (390, 844), (1280, 1000)


class Browser:
    """One window; `open` and the checks that every page has to pass."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, path: Path, rest: str = "", size=DESK):
        self.driver.set_window_size(*size)
        self.driver.get_log("browser"), self.driver.get_log("performance")
        self.driver.get(f"{path.resolve().as_uri()}{rest}")

    def find(self, selector):
        return self.driver.find_element("css selector", selector)

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def run(self, script, *args):
        return self.driver.execute_script(script, *args)

    def wait(self, holds, seconds=10.0):
        """Until `holds()` is true; the page answers to typing a moment later."""
        end = time.monotonic() + seconds
        while not (found := holds()):
            assert time.monotonic() < end, "the page never came to it"
            time.sleep(0.05)
        return found

    def dark(self, wanted: bool):
        value = "dark" if wanted else "light"
        features = [{"name": "prefers-color-scheme", "value": value}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def complaints(self):
        """What the console holds, and every address asked for that is not a file of this machine."""
        said = [one["message"] for one in self.driver.get_log("browser")]
        events = (json.loads(one["message"])["message"] for one in self.driver.get_log("performance"))
        asked = [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]
        return said, [one for one in asked if not one.startswith(("file:", "data:"))]

    def picture(self, name):
        folder = os.environ.get("EXPORT_CONTRACTS_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.driver.save_screenshot(str(Path(folder) / f"{name}.png"))
