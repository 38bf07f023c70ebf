"""Actions and readings that several browser tests share."""

import re
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from playwright.sync_api import expect


def titles(page):
    return page.locator("#grid .card-title").all_inner_texts()


def parameters(page):
    return parse_qs(urlsplit(page.url).query)


def wait_until_settled(page):
    """Until htmx serves the links and boxes of the last answer; a tap before loads a page of its own."""
    expect(page.locator(".htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def wait_until(page, expression, argument=None):
    """Until the expression is true. Playwright's ``wait_for_function`` fails where it is not so at once: it
    evaluates a text in the page again, which the Content-Security-Policy forbids.
    """
    for _ in range(1000):
        if page.evaluate(expression, argument):
            return
        page.wait_for_timeout(10)
    raise AssertionError(f"It never came true: {expression}")


def go_offline(page):
    """Once the page has all it asked for: what it still loads would fail too, and the console say so."""
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)


class Gate:
    """Holds the requests for some addresses back until it is opened."""

    def __init__(self, page, addresses):
        self.held = []
        self._page = page
        self._is_open = False
        page.route(re.compile(addresses), self._meet)

    def _meet(self, route):
        if self._is_open:
            route.continue_()
        else:
            self.held.append(route)

    def wait_for(self, count):
        """Until so many are held: a request is under way before it meets the gate."""
        for _ in range(1000):
            if len(self.held) >= count:
                return
            self._page.wait_for_timeout(10)
        raise AssertionError(f"{len(self.held)} of {count} requests came.")

    def open(self, *, leaving_out=0):
        """``leaving_out`` as many that the page gave up itself."""
        self._is_open = True
        for route in self.held[leaving_out:]:
            route.continue_()


def stop_the_clock(page):
    """Of the pages that are opened from now on; ``page.clock.run_for`` lets their timers run."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def search_with_photo(page, photo, words=""):
    page.goto("/")
    page.fill("#words", words)
    page.set_input_files("#picture", photo)
    page.wait_for_url(re.compile("image_id="))
    page.wait_for_selector("#grid")
    wait_until_settled(page)


def middle_of(picture):
    """The red, green and blue in the middle of a picture, as the screen shows it."""
    expect(picture).to_have_js_property("complete", True)
    shown = Image.open(BytesIO(picture.screenshot())).convert("RGB")
    return shown.getpixel((shown.width // 2, shown.height // 2))
