"""Pictures in <tandem-search>, and the slider beside them, in a real browser."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import THEMES, WIDTHS
from tests.browser.test_every_page import violations
from tests.browser.web_component.steps import add_picture, ask, handed_over, slide, titles
from tests.factories import picture_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def test_of_two_pictures_the_one_that_was_chosen_last_counts(open_demo, photo):
    with open_demo() as page:
        page.evaluate(
            """([data]) => {
                const read = window.createImageBitmap;
                window.createImageBitmap = async (...given) => {
                    await new Promise((resolve) => (window.release = resolve));
                    return read(...given);
                };
                const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
                const image = new File([bytes], "first.bmp", { type: "image/bmp" });
                window.first = document.querySelector("tandem-search").search({ image });
            }""",
            [base64.b64encode(picture_bytes("red")).decode()],
        )
        add_picture(page, photo)
        page.evaluate("window.release(), window.first")
        expect(page.get_by_role("status")).to_contain_text("results")
        assert all(title.startswith("Blue") for title in titles(page)[:5])


def test_a_dropped_file_that_is_no_picture_leaves_the_page_where_it_is(open_demo):
    with open_demo() as page:
        page.locator("tandem-search [role=search]").evaluate(
            """(target) => {
                const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File(["ftypheic"], "photo.heic"));
                const options = { bubbles: true, cancelable: true, composed: true, dataTransfer };
                window.wasTaken = !target.dispatchEvent(new DragEvent("drop", options));
            }"""
        )
        expect(page.get_by_role("status")).to_contain_text("not a picture")
        assert page.evaluate("window.wasTaken")


def test_a_picture_stays_when_the_language_changes(open_demo, photo):
    with open_demo() as page:
        add_picture(page, photo)
        shown = titles(page)
        page.evaluate("document.querySelector('tandem-search').setAttribute('language', 'de')")
        expect(page.get_by_alt_text("Ihr Bild")).to_be_visible()
        expect(page.get_by_role("status")).to_contain_text("Treffer")
        assert titles(page) == shown


def test_a_picture_under_a_wrong_name_is_read_from_its_content(open_demo, tmp_path):
    misnamed = tmp_path / "photo.jpg"
    misnamed.write_bytes(picture_bytes("blue", (300, 400), kind="PNG"))
    with open_demo() as page:
        add_picture(page, misnamed)
        assert all(title.startswith("Blue") for title in titles(page)[:5])


def test_arrow_keys_on_the_slider_ask_once_they_rest(open_demo, photo):
    with open_demo() as page:
        add_picture(page, photo)
        ask(page, "red")
        asked = []
        page.on("request", lambda request: asked.append(request.url) if "recommend" in request.url else None)
        page.get_by_role("slider").focus()
        with page.expect_response(lambda answer: "recommend" in answer.url):
            for _ in range(10):
                page.keyboard.press("ArrowRight")
        page.wait_for_load_state("networkidle")
        assert len(asked) == 1
