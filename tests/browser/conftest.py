"""A small shop on a live server, and a real Chromium; anything its console logs fails the test."""

import os
import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

from tests.search.shop import colour_encoder, kept_pictures, picture, shop  # noqa: F401 - fixtures

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Chromium logs this for every 4xx and 5xx, also where a test causes one on purpose.
EXPECTED = "Failed to load resource"


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium (apt-get install chromium)")
    # Playwright's event loop runs in this thread; Django would refuse its synchronous queries there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def unlimited(settings):
    settings.RATE_LIMIT = "100000/m"


@pytest.fixture
def open_page(chromium, live_server, shop, unlimited):  # noqa: F811 - the fixture
    """``with open_page(width=375, theme="dark") as page``: fails if the console logs an error or warning."""

    @contextmanager
    def opened(*, width=1440, theme="light", expected=(), **options):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, color_scheme=theme, **options
        )
        logged = []
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on(
            "console",
            lambda message: logged.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: logged.append(str(error)))
        try:
            yield page
            page.wait_for_load_state("networkidle")
            assert [text for text in logged if not any(part in text for part in expected)] == []
        finally:
            context.close()

    return opened


@pytest.fixture
def photo(tmp_path):
    """A shopper's photo of something blue."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(picture("blue", (300, 400)))
    return path
