"""What the tests in a real browser share: a whole house to visit, and the browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.whole.serving import Served, served


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Web, worker and simulator, as `python -m bot serve` starts them."""
    with served(tmp_path_factory.mktemp("house")) as found:
        yield found


@pytest.fixture
def browser(chromium_path: str) -> Iterator[Browser]:
    """A browser for one test, closed with all its pages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()
