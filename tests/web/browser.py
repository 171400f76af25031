"""One headless Chromium for a file of tests: the machine's own, with nothing of its own to say to the network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HERE = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What drives browsers; while there is one, nothing else in the process can run a loop of asyncio."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """The browser, with a profile that nobody used before. A machine without it fails: `apt-get install chromium`."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("chromium"),
        executable_path=CHROMIUM,
        args=list(QUIET),
        locale=HERE["locale"],
        timezone_id=HERE["timezone_id"],
    )
    yield context
    context.close()


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The same without a profile: each case opens a context as it needs it, as HERE is."""
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
    yield opened
    opened.close()
