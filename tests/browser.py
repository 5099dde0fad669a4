"""A headless Chromium, for tests of the page that `rasid report` writes."""

import contextlib
import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextlib.contextmanager
def start_browser():
    """A Chromium of this machine, driven by Playwright; skips aloud where there is none."""
    from playwright.sync_api import sync_playwright

    found = os.environ.get("RASID_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.skip("needs Chromium: apt-get install chromium, or set RASID_CHROMIUM to the program's path")
    with sync_playwright() as playwright:
        # As root, which CI often is, Chromium starts only without its sandbox.
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()


class Watched:
    """A page opened from a file, with what it said and asked."""

    def __init__(self, browser, path, **options):
        self.page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **options})
        self.errors, self.asked = [], []
        self.page.on("console", lambda message: self.errors.append(message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("#list > *")

    def wait(self, milliseconds):
        """By the page's own timers, which ring in order: however slow the machine, those set before have rung."""
        self.page.evaluate("pause => new Promise(done => setTimeout(done, pause))", milliseconds)

    def found(self):
        """How many articles meet the filters, as the page says."""
        self.wait(250)  # it waits for the last key
        return int(self.page.text_content("#figures dd").replace(",", ""))

    def titles(self):
        return self.page.locator("#list h3").all_text_contents()

    def reset(self):
        self.page.click("#filters [type=reset]")
        self.wait(50)
