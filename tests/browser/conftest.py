"""A browser without a window, as a person's own would show the pages."""

import shutil
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service as Driver

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_DRIVERS = ("chromedriver", "chromium.chromedriver")
_NOT_HERE = (
    "these tests need a browser, and {} is not on the PATH (Debian: apt-get install chromium chromium-driver)"
)
_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # root may not use it; the only pages that are opened are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1200,1000",
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for all tests, with a profile of its own; its console is kept to be read."""
    options = webdriver.ChromeOptions()
    options.binary_location = _found(_BROWSERS)
    for flag in (*_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # Both programs are named: selenium would look for others on the network.
    driver = Driver(executable_path=_found(_DRIVERS))
    with webdriver.Chrome(options=options, service=driver) as opened:
        opened.set_page_load_timeout(30)
        yield opened


def _found(names: tuple[str, ...]) -> str:
    """The program of one of these names; without it the test fails, for a skipped one would say nothing."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail(_NOT_HERE.format(names[0]), pytrace=False)
    return found
