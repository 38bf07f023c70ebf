"""Searching in a real browser: words, pictures, the slider, the crop box, filters, paging."""

import base64
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import EXPECTED
from tests.browser.steps import (
    Gate,
    parameters,
    search_with_photo,
    stop_the_clock,
    titles,
    wait_until_settled,
)
from tests.search.shop import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_words_find_matching_products(open_page):
    with open_page() as page:
        page.goto("/")
        page.fill("#words", "red dress")
        page.press("#words", "Enter")
        expect(page.locator("#grid .card-title").first).to_have_text(re.compile("Red dress"))
        assert parameters(page)["text"] == ["red dress"]


def test_a_dropped_picture_finds_products_of_its_colour(open_page, photo):
    with open_page() as page:
        page.goto("/")
        page.evaluate(
            """(data) => {
                const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
                const transfer = new DataTransfer();
                transfer.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
                const options = { dataTransfer: transfer, bubbles: true, cancelable: true };
                document.dispatchEvent(new DragEvent("drop", options));
            }""",
            base64.b64encode(photo.read_bytes()).decode(),
        )
        page.wait_for_url(re.compile("image_id="))
        assert all(title.startswith("Blue") for title in titles(page)[:5])


def test_the_slider_reranks_at_once_and_updates_the_url(open_page, photo):
    with open_page() as page:
        search_with_photo(page, photo, "red")
        slide = "(value) => { const s = document.querySelector('.slider'); s.value = value;"
        page.evaluate(slide + "s.dispatchEvent(new Event('input', { bubbles: true })); }", 0)
        page.wait_for_selector("#grid > .card:first-child .card-title:text-matches('^Red')")
        assert "weight" not in parameters(page)
        with page.expect_response(re.compile("weight=1")):
            page.evaluate(slide + "s.dispatchEvent(new Event('change', { bubbles: true })); }", 1)
        page.wait_for_selector("#grid > .card:first-child .card-title:text-matches('^Blue')")
        assert parameters(page)["weight"] == ["1"]
        assert page.locator(".slider").get_attribute("aria-valuetext") == "picture only"


def test_arrow_keys_on_the_slider_ask_the_server_once_they_rest(open_page, photo):
    with open_page() as page:
        search_with_photo(page, photo, "red")
        stop_the_clock(page)
        page.reload()
        asked = []
        page.on("request", lambda request: asked.append(request.url) if "weight=" in request.url else None)
        page.focus(".slider")
        with page.expect_response(re.compile("weight=0.56")):
            for _ in range(6):
                page.keyboard.press("ArrowRight")
            page.clock.run_for(300)
        page.wait_for_url(re.compile("weight=0.56"))
        assert len([url for url in asked if "/results" in url]) == 1


def test_the_slider_keeps_the_cards_that_were_shown_more(open_page, photo):
    with open_page() as page:
        search_with_photo(page, photo, "red")
        page.goto(f"{page.url}&top_k=4")
        page.focus(".slider")
        page.click("#more .button")
        expect(page.locator("#grid > .card")).to_have_count(8)
        page.focus(".slider")
        ranked = """(value) => new Promise((done) => {
            const slider = document.querySelector(".slider");
            slider.value = value;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            requestAnimationFrame(() => done(document.querySelectorAll("#grid > .card").length));
        })"""
        assert page.evaluate(ranked, 0.9) == 8


def test_a_crop_is_part_of_the_url_and_shown_again(open_page, photo):
    with open_page() as page:
        search_with_photo(page, photo)
        page.click("[data-open=crop-dialog]")
        stage = page.locator("[data-stage]").bounding_box()
        page.mouse.move(stage["x"] + 20, stage["y"] + 20)
        page.mouse.down()
        page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2, steps=4)
        page.mouse.up()
        page.click("[data-use-crop]")
        page.wait_for_url(re.compile("crop="))
        x, y, width, height = map(float, parameters(page)["crop"][0].split(","))
        assert 0 < x < 0.3
        assert 0 < y < 0.3
        assert 0.2 < width < 0.6
        assert 0.2 < height < 0.6
        assert page.locator(".drop-zone .thumbnail").first.get_attribute("viewBox") != "0.0 0.0 300.0 400.0"


def test_arrow_keys_move_and_resize_the_crop_box(open_page, photo):
    with open_page() as page:
        search_with_photo(page, photo)
        page.click("[data-open=crop-dialog]")
        page.focus("[data-box]")
        for _ in range(10):
            page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("ArrowRight")
        page.click("[data-use-crop]")
        page.wait_for_url(re.compile("crop="))
        assert parameters(page)["crop"] == ["0.0200,0.0000,0.8000,1.0000"]


def test_another_picture_is_chosen_with_the_keyboard(open_page, photo):
    with open_page() as page:
        # Choosers are caught only some time after the first listener asks for them.
        page.on("filechooser", lambda _chooser: None)
        search_with_photo(page, photo)
        before = parameters(page)["image_id"]
        page.click("[data-open=crop-dialog]")
        page.get_by_role("button", name="Whole picture").focus()
        page.keyboard.press("Tab")
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        other = photo.with_name("other.jpg")
        other.write_bytes(picture("red", (300, 400)))
        chooser.value.set_files(other)
        page.wait_for_url(lambda address: "image_id=" in address and before[0] not in address)


def test_a_filter_narrows_the_results_until_its_chip_is_removed(open_page):
    with open_page() as page:
        page.goto("/results?text=red")
        before = page.inner_text("#results-title")
        page.check("input[name=category][value$='Dress']")
        page.wait_for_selector(".chip:has-text('Dress')")
        assert parameters(page)["category"][0].endswith("Dress")
        count = page.locator("label:has(input[name=category][value$='Dress']) .choice-count").inner_text()
        assert page.inner_text("#results-title").split()[0] == count
        assert page.evaluate("document.activeElement.value").endswith("Dress")
        page.click(".chip:has-text('Dress')")
        page.wait_for_selector(".chip:has-text('Dress')", state="detached")
        assert page.inner_text("#results-title") == before
        # Announced after htmx has settled.
        announced = page.get_attribute("#results", "data-total-label")
        page.wait_for_selector(f"#announcer:text-is('{announced}')", state="attached")


def test_a_price_that_is_being_typed_is_asked_once_it_is_complete(open_page):
    with open_page() as page:
        asked = []
        page.goto("/results?text=red")
        page.on("request", lambda request: asked.append(parse_qs(urlsplit(request.url).query)))
        gate = Gate(page, "/results.*category=")
        page.check("input[name=category][value$='Dress']")
        gate.wait_for(1)
        page.focus("#price-max")
        page.keyboard.type("4")
        gate.open()
        page.wait_for_selector(".chip:has-text('Dress')")
        page.keyboard.type("5")
        expect(page.locator("#price-max")).to_have_value("45")
        page.keyboard.press("Tab")
        page.wait_for_url(re.compile("price_max=45"))
        assert parameters(page)["category"][0].endswith("Dress")
        assert [each["price_max"] for each in asked if each.get("price_max", [""]) != [""]] == [["45"]]
        # The choices around it are those of the new answer, and work.
        page.check("input[name=colour][value=Red]")
        page.wait_for_url(re.compile("colour=Red.*price_max=45"))


def test_after_enter_a_price_is_typed_on_at_its_end(open_page):
    # The change of the field and its submission both ask: the second takes the place of the first.
    with open_page(expected=["htmx:afterRequest", "htmx:sendAbort"]) as page:
        page.goto("/results?text=red")
        page.focus("#price-max")
        page.keyboard.type("4")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("price_max=4"))
        wait_until_settled(page)
        page.keyboard.type("5")
        expect(page.locator("#price-max")).to_have_value("45")


@pytest.mark.parametrize("refusal", ["", "Bad gateway", "<html><title>Bad gateway</title></html>"])
def test_a_filter_that_was_refused_is_not_ticked_and_something_is_said(open_page, refusal):
    with open_page(expected=[EXPECTED, "Response Status Error Code 502"]) as page:
        page.goto("/results?text=red")
        answer = {"status": 502, "body": refusal, "content_type": "text/html"}
        page.route(re.compile("category="), lambda route: route.fulfill(**answer))
        page.click("input[name=category][value$='Dress']")
        expect(page.locator("#notice")).to_contain_text("That did not work.")
        expect(page.locator("input[name=category][value$='Dress']")).not_to_be_checked()


def test_a_placeholder_row_is_shown_only_while_more_results_load(open_page):
    with open_page() as page:
        gate = Gate(page, "offset=")
        page.goto("/results?text=dress&top_k=4")
        skeleton = page.locator(".skeleton")
        expect(skeleton).to_be_hidden()
        page.click(".more .button")
        gate.wait_for(1)
        expect(skeleton).to_be_visible()
        gate.open()
        expect(page.locator("#grid > .card")).to_have_count(8)
        expect(skeleton).to_be_hidden()


def test_the_filters_keep_their_scroll_position(open_page):
    with open_page() as page:
        page.set_viewport_size({"width": 1440, "height": 420})
        page.goto("/results?text=red")
        page.check("#in-stock")
        before = page.evaluate("document.getElementById('filters-panel').scrollTop")
        page.wait_for_url(re.compile("in_stock=true"))
        page.wait_for_selector(".chip:has-text('In stock')")
        assert before > 0
        assert page.evaluate("document.getElementById('filters-panel').scrollTop") == before


def test_filters_open_as_a_sheet_on_a_phone(open_page):
    with open_page(width=375) as page:
        page.goto("/results?text=red")
        page.click(".open-filters")
        page.check("#colour-red")
        page.wait_for_url(re.compile("colour=Red"))
        assert page.is_checked("#filter-sheet[open] #colour-red")
        page.click("[data-total-target]")
        assert page.locator("#filter-sheet[open]").count() == 0
        assert parameters(page)["colour"] == ["Red"]
