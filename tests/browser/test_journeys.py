"""Whole journeys through the shop in a real browser."""

import base64
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import EXPECTED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long walk by the sea 7"


def titles(page):
    return page.locator("#grid .card-title").all_inner_texts()


def parameters(page):
    return parse_qs(urlsplit(page.url).query)


def search_with_photo(page, photo, words=""):
    page.goto("/")
    page.fill("#words", words)
    page.set_input_files("#picture", photo)
    page.wait_for_url(re.compile("image_id="))
    page.wait_for_selector("#grid")


def test_words_find_what_they_name(open_page):
    with open_page() as page:
        page.goto("/")
        page.fill("#words", "red dress")
        page.press("#words", "Enter")
        page.wait_for_selector("#grid")
        assert parameters(page)["text"] == ["red dress"]
        assert titles(page)[0].startswith("Red dress")


def test_a_dropped_picture_finds_its_colour(open_page, photo):
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


def test_sliding_reorders_at_once_and_the_address_follows(open_page, photo):
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


def test_a_crop_is_part_of_the_address_and_shown_again(open_page, photo):
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
        assert page.locator(".well .thumbnail").first.get_attribute("viewBox") != "0.0 0.0 300.0 400.0"


def test_the_crop_box_moves_by_keys(open_page, photo):
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


def test_a_filter_narrows_shows_a_chip_and_comes_off_again(open_page):
    with open_page() as page:
        page.goto("/results?text=red")
        before = page.inner_text("#results-title")
        page.check("#category-dress")
        page.wait_for_selector(".chip:has-text('Dress')")
        assert parameters(page)["category"] == ["Dress"]
        count = page.locator("label:has(#category-dress) .choice-count").inner_text()
        assert page.inner_text("#results-title").split()[0] == count
        assert page.evaluate("document.activeElement.id") == "category-dress"
        page.click(".chip:has-text('Dress')")
        page.wait_for_selector(".chip:has-text('Dress')", state="detached")
        assert page.inner_text("#results-title") == before
        # Said once the swap has settled.
        page.wait_for_selector(f"#announcer:text-is('{before}')", state="attached")


def test_a_row_of_empty_cards_stands_in_for_more_pieces_only_while_they_come(open_page):
    with open_page() as page:
        held = []
        page.route(re.compile("offset="), lambda route: held.append(route))
        page.goto("/results?text=dress&top_k=4")
        skeleton = page.locator(".skeleton")
        expect(skeleton).to_be_hidden()
        page.click(".more .button")
        expect(skeleton).to_be_visible()
        held[0].continue_()
        expect(page.locator("#grid > .card")).to_have_count(8)
        expect(skeleton).to_be_hidden()


def test_the_filters_stay_scrolled_to_what_was_chosen(open_page):
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


def test_going_back_brings_the_whole_page_back(open_page):
    with open_page() as page:
        page.goto("/results?text=red")
        page.check("#category-dress")
        page.wait_for_url(re.compile("category=Dress"))
        page.go_back()
        page.wait_for_load_state("networkidle")
        assert "category" not in parameters(page)
        assert page.locator(".masthead").count() == 1
        assert not page.is_checked("#category-dress")


def test_a_shared_address_shows_the_same_answer_to_someone_else(open_page, photo):
    with open_page() as page:
        search_with_photo(page, photo, "dress")
        address, found = page.url, titles(page)
    with open_page() as page:
        page.goto(address)
        assert titles(page) == found
        assert page.locator(".well.has-picture").count() == 1


def test_registering_keeps_hearts_and_one_comes_back_to_them(open_page):
    with open_page(expected=[EXPECTED]) as page:
        page.goto("/results?text=red+dress")
        page.click("#grid .heart >> nth=0")
        kept = page.locator("#grid .card").first.get_attribute("data-product-id")
        page.goto("/auth/register")
        page.fill("#id_name", "Ada")
        page.fill("#id_email", "not an address")
        page.fill("#id_password", PASSWORD)
        page.focus("#id_name")
        page.fill("#id_email", "ada@example.com")
        page.click("main form button")
        page.wait_for_selector("a[href='/auth/account']")
        page.goto("/favorites")
        assert page.locator(f"[data-product-id='{kept}']").count() == 1
        page.goto("/auth/account")
        page.click("form[action='/auth/logout'] button")
        page.wait_for_selector("a[href='/auth/login']")
        page.goto("/favorites")
        page.fill("#id_email", "ada@example.com")
        page.fill("#id_password", PASSWORD)
        page.click("main form button")
        page.wait_for_url(re.compile("/favorites"))
        assert page.locator(f"[data-product-id='{kept}']").count() == 1
        page.click(f"[data-product-id='{kept}'] .heart")
        page.wait_for_selector(f"[data-product-id='{kept}'] .heart[aria-pressed=false]")


def test_a_weak_password_is_told_by_the_servers_own_rules(open_page):
    with open_page() as page:
        page.goto("/auth/register")
        page.fill("#id_password", "12345")
        page.focus("#id_name")
        page.wait_for_selector("#problem-id_password .error")
        assert page.get_attribute("#id_password", "aria-invalid") == "true"
        assert page.input_value("#id_password") == "12345"


def test_a_product_leads_to_more_like_it_and_to_the_same_but_different(open_page, shop):
    with open_page() as page:
        page.goto(shop[0].get_absolute_url())
        page.wait_for_selector("#similar .card")
        assert page.locator(f"#similar [data-product-id='{shop[0].product_id}']").count() == 0
        page.fill(".but input[name=text]", "green")
        page.press(".but input[name=text]", "Enter")
        page.wait_for_selector("#grid")
        assert parameters(page)["image_id"] == [f"product:{shop[0].product_id}"]
        assert page.locator(".well.has-picture").count() == 1


def test_everything_works_without_javascript(open_page, photo):
    with open_page(java_script_enabled=False) as page:
        page.goto("/")
        page.fill("#words", "red")
        page.click(".capsule-go")
        assert titles(page)[0].startswith("Red")
        page.check("#category-boots")
        page.click("#filters-form button")
        assert parameters(page)["category"] == ["Boots"]
        page.goto("/results?text=red&top_k=5")
        page.click(".pages a:has-text('2')")
        assert parameters(page)["offset"] == ["5"]
        page.goto("/")
        page.set_input_files("#picture", photo)
        page.click(".capsule-go")
        assert titles(page)[0].startswith("Blue")
        page.click("#grid .heart >> nth=0")
        assert "/auth/login" in page.url


def test_a_search_is_made_and_weighed_by_keyboard_alone(open_page, shop):
    with open_page() as page:
        page.goto(shop[0].get_absolute_url())
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip-link"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        while page.evaluate("document.activeElement.name") != "text":
            page.keyboard.press("Tab")
        page.keyboard.type("red")
        page.keyboard.press("Enter")
        page.wait_for_selector("#grid")
        while not page.evaluate("document.activeElement.matches('.slider')"):
            page.keyboard.press("Tab")
        with page.expect_response(re.compile("weight=1")):
            page.keyboard.press("End")
        page.wait_for_selector("#results[data-weight='1.0']")
        assert page.evaluate("document.activeElement.matches('.slider')")
        while not page.evaluate("document.activeElement.matches('.why-open')"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".why-text:popover-open")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.matches('.why-open')")


@pytest.mark.parametrize(
    "address",
    [
        "/results?text=" + 10 * "Donaudampfschifffahrtsgesellschaft",
        "/results?text=" + 100 * "word+",
        "/results?text=%F0%9F%91%97%F0%9F%94%B4",
        "/results?text=%3Cscript%3Ealert(1)%3C/script%3E",
        "/results?text=red&brand=" + 60 * "Long",
        "/results?text=red&price_min=1e400",
        "/results?text=red&sort=upwards&weight=nan&crop=1",
        "/results?text=%00%FF",
    ],
)
def test_an_odd_address_is_a_page_that_fits_a_phone_and_leads_on(open_page, address):
    with open_page(width=375, expected=[EXPECTED]) as page:
        assert page.goto(address).status in (200, 400)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.fill("#words", "red")
        page.press("#words", "Enter")
        page.wait_for_url(re.compile(r"text=red"))


def test_finding_nothing_offers_what_is_popular(open_page):
    with open_page() as page:
        page.goto("/results?text=red&price_min=99999")
        assert page.locator("#results .row .card").count() > 0
        page.click(".state .button")
        page.wait_for_selector("#grid")


def test_the_theme_is_kept_and_painted_by_the_server(open_page):
    with open_page() as page:
        page.goto("/")
        page.click("[data-theme-toggle]")
        page.goto("/auth/login")
        assert page.get_attribute("html", "data-theme") == "dark"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 17, 16)"


def test_losing_the_network_is_said_and_nothing_is_lost(open_page):
    with open_page(expected=["ERR_INTERNET_DISCONNECTED", EXPECTED, "htmx:"]) as page:
        page.goto("/results?text=red")
        page.context.set_offline(True)
        page.check("#category-dress")
        page.wait_for_selector("#notice .notice")
        assert page.locator("#grid .card").count() > 0
        page.context.set_offline(False)
