"""<tandem-search> on a page of another origin, in a real browser."""

import base64
import re
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from analytics import recording
from analytics.models import ProductClick
from tests.browser.conftest import EXPECTED
from tests.browser.pages import THEMES, WIDTHS
from tests.browser.test_every_page import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = Path(__file__).resolve().parents[2] / "clients" / "web-component" / "demo"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        """Into no log."""


@pytest.fixture(scope="session")
def origin():
    """The demo page's own server: another port is another origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=PAGES))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def readable_elsewhere(route):
    """As WhiteNoise serves the module (tests/config/test_static.py); the live server leaves it out."""
    served = route.fetch()
    route.fulfill(response=served, headers={**served.headers, "access-control-allow-origin": "*"})


@pytest.fixture
def open_demo(open_page, origin, live_server, settings):
    """``with open_demo(width=375, language="de") as page``: the demo page, allowed to ask the shop."""
    settings.CORS_ALLOWED_ORIGINS = [origin]

    @contextmanager
    def opened(*, width=1280, theme="light", expected=(), **attributes):
        given = {name.replace("_", "-"): value for name, value in attributes.items()}
        with open_page(width=width, theme=theme, expected=expected) as page:
            page.route("**/static/tandem-search/*", readable_elsewhere)
            page.goto(f"{origin}/?{urlencode({'endpoint': live_server.url, **given})}")
            page.wait_for_selector("tandem-search [role=search]")
            yield page

    return opened


def titles(page):
    return page.locator(".results > .grid .title").all_inner_texts()


def ask(page, words):
    page.get_by_role("combobox").fill(words)
    page.get_by_role("combobox").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("results")


def add_picture(page, photo):
    page.set_input_files("tandem-search input[type=file] >> nth=0", photo)
    expect(page.get_by_alt_text("Your picture")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("results")


def slide(page, value, *events):
    page.get_by_role("slider").evaluate(
        "(slider, [value, events]) => { slider.value = value;"
        " for (const name of events) slider.dispatchEvent(new Event(name, { bubbles: true })); }",
        [value, events],
    )


def handed_over(page, photo, kind, name):
    """Drop or paste a picture, as a browser does."""
    page.locator("tandem-search [role=search]").evaluate(
        """(target, [data, kind, name]) => {
            const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
            const Kind = { DragEvent, ClipboardEvent }[kind];
            const init = { bubbles: true, cancelable: true, composed: true };
            const key = kind === "DragEvent" ? "dataTransfer" : "clipboardData";
            target.dispatchEvent(new Kind(name, { ...init, [key]: transfer }));
        }""",
        [base64.b64encode(photo.read_bytes()).decode(), kind, name],
    )


def test_words_find_products_from_another_origin_without_cookies(open_demo, live_server):
    with open_demo() as page:
        ask(page, "red dress")
        assert titles(page)[0].startswith("Red dress")
        image = page.locator(".frame img").first
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("each => each.naturalWidth") > 0
        assert page.context.cookies(live_server.url) == []


@pytest.mark.parametrize(("kind", "name"), [("DragEvent", "drop"), ("ClipboardEvent", "paste")])
def test_a_picture_that_is_dropped_or_pasted_finds_products_of_its_colour(open_demo, photo, kind, name):
    with open_demo() as page:
        handed_over(page, photo, kind, name)
        expect(page.locator(".results > .grid .title").first).to_contain_text("Blue")


def test_a_file_that_is_no_picture_is_refused_in_words(open_demo, tmp_path):
    file = tmp_path / "notes.heic"
    file.write_bytes(b"no picture")
    with open_demo() as page:
        page.set_input_files("tandem-search input[type=file] >> nth=0", file)
        expect(page.get_by_role("status")).to_contain_text("This file is not a picture")


def test_the_slider_ranks_here_while_it_moves_and_in_the_shop_when_it_is_released(open_demo, photo):
    with open_demo() as page:
        ask(page, "red dress")
        add_picture(page, photo)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        slide(page, "1", "input")
        expect(page.locator(".results > .grid .title").first).to_contain_text("Blue")
        slide(page, "0", "input")
        expect(page.locator(".results > .grid .title").first).to_contain_text("Red dress")
        assert [url for url in asked if "/api/" in url] == []
        assert page.get_by_role("slider").get_attribute("aria-valuetext") == "words only"
        here = titles(page)
        with page.expect_response(re.compile("/api/v1/recommend")) as answered:
            slide(page, "0", "input", "change")
        asked_again = answered.value.request.post_data_json
        assert (asked_again["weight"], asked_again["image_id"] != "") == (0, True)
        shop_titles = [hit["product"]["title"] for hit in answered.value.json()["results"]]
        assert here[:3] == shop_titles[:3]


def test_a_filter_narrows_the_results_until_its_chip_is_removed(open_demo):
    with open_demo() as page:
        ask(page, "red")
        before = page.get_by_role("status").inner_text()
        box = page.get_by_role("checkbox", name=re.compile("Dress"))
        box.check()
        chip = page.get_by_role("button", name="Remove Dress")
        expect(chip).to_be_visible()
        expect(box).to_be_focused()
        assert all("dress" in title for title in titles(page))
        chip.click()
        expect(page.get_by_role("status")).to_have_text(before)


def test_a_reading_of_the_words_is_a_chip_that_can_be_removed(open_demo):
    with open_demo() as page:
        ask(page, "dress under 30")
        chip = page.get_by_role("button", name=re.compile("Remove up to"))
        with page.expect_request(re.compile("/api/v1/recommend")) as asked:
            chip.click()
        assert asked.value.post_data_json["ignore"][0].startswith("price_max:")
        expect(chip).to_be_hidden()


def test_show_more_pages_the_very_answer_and_moves_the_focus_to_it(open_demo):
    with open_demo(page_size="4") as page:
        ask(page, "dress")
        first = titles(page)
        with page.expect_request(re.compile("/api/v1/recommend")) as asked:
            page.get_by_role("button", name="Show more").click()
        expect(page.locator(".results > .grid .title")).to_have_count(8)
        assert set(asked.value.post_data_json) == {"query_id", "offset"}
        assert titles(page)[:4] == first
        assert (
            page.evaluate("document.activeElement.shadowRoot.activeElement.textContent").find(titles(page)[4])
            >= 0
        )


def test_completions_are_chosen_with_the_keyboard(open_demo):
    with open_demo() as page:
        box = page.get_by_role("combobox")
        box.press_sequentially("dre")
        expect(page.get_by_role("option").first).to_be_visible()
        box.press("ArrowDown")
        first = page.get_by_role("option").first
        assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
        words = first.inner_text()
        box.press("Enter")
        expect(box).to_have_value(words)
        expect(page.get_by_role("option")).to_have_count(0)
        expect(page.get_by_role("status")).to_contain_text("results")


def test_an_opened_product_is_told_to_the_page_and_to_the_shop(open_demo, live_server):
    with open_demo() as page:
        ask(page, "red dress")
        page.evaluate(
            """document.addEventListener("tandem-select", (event) => {
                event.preventDefault();
                window.selected = event.detail;
            })"""
        )
        with page.expect_response(re.compile("/api/v1/events/click")) as answered:
            page.locator(".link").first.click()
        assert answered.value.status == 204
        selected = page.evaluate("window.selected")
        assert selected["url"] == f"{live_server.url}/products/{selected['product']['id']}"
        assert "?endpoint" in page.url
    recording.flush()
    assert ProductClick.objects.get().position == 1


def test_a_page_names_its_own_product_pages(open_demo, origin):
    with open_demo(product_url="/p/{id}") as page:
        ask(page, "red dress")
        assert re.fullmatch(rf"{origin}/p/[\w-]+", page.locator(".link").first.evaluate("link => link.href"))


def test_it_speaks_german(open_demo):
    with open_demo(language="de") as page:
        page.get_by_role("combobox", name="Was suchen Sie?").fill("red dress")
        page.get_by_role("button", name="Suchen").click()
        expect(page.get_by_role("status")).to_contain_text("Treffer")


def test_a_refusal_is_shown_in_the_words_of_the_shop_unless_the_page_shows_it(open_demo, settings):
    with open_demo(expected=[EXPECTED], language="en") as page:
        settings.RATE_LIMIT = "1/h"
        for _ in range(2):
            page.evaluate("document.querySelector('tandem-search').search({ text: 'red' })")
        expect(page.get_by_role("status")).to_contain_text("Too many requests")
        page.evaluate("document.addEventListener('tandem-error', (event) => event.preventDefault())")
        page.evaluate("document.querySelector('tandem-search').search({ text: 'red' })")
        expect(page.get_by_role("status")).to_be_empty()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_and_passes_axe(open_demo, photo, theme, width):
    with open_demo(width=width, theme=theme) as page:
        problems = violations(page)
        ask(page, "red dress under 50")
        add_picture(page, photo)
        if page.get_by_role("button", name="Filters").is_visible():
            page.get_by_role("button", name="Filters").click()
        page.wait_for_load_state("networkidle")
        problems += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert problems == []
