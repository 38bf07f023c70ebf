"""Browsing without a query, and what the browser keeps: sizes and products that were viewed."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import parameters, titles, wait_until_settled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_TRACKING = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"


def search_for(page, *queries):
    for query in queries:
        page.goto("/favorites")
        page.fill("#masthead-words", query)
        page.press("#masthead-words", "Enter")
        page.wait_for_url(re.compile("/results"))


def kept(page, key):
    return page.evaluate("key => localStorage.getItem(key)", key)


def test_from_the_home_page_into_a_category_and_back_by_its_breadcrumbs(open_page):
    with open_page() as page:
        page.goto("/")
        page.click(".tile:has-text('Dress')")
        page.wait_for_url("**/category/apparel/dress")
        assert all("dress" in title for title in titles(page))
        page.click(".breadcrumbs >> text=Apparel")
        page.wait_for_url("**/category/apparel")
        page.click(".breadcrumbs >> text=Home")
        page.wait_for_selector(".tiles")


def test_filters_and_sorting_of_a_category_stay_in_it(open_page):
    with open_page() as page:
        page.goto("/category/apparel/dress")
        page.check("#colour-red")
        page.wait_for_url("**/category/apparel/dress?colour=Red")
        page.wait_for_selector(".chip:has-text('Red')")
        page.select_option("#sort", "price")
        page.wait_for_url("**/category/apparel/dress?colour=Red&sort=price")
        expect(page.locator("h1")).to_have_text("Dress")
        page.click(".chip:has-text('Red')")
        page.wait_for_url("**/category/apparel/dress?sort=price")


def show_more_of_apparel(page):
    """Open the category, show its second four, and return the titles of all eight."""
    page.goto("/category/apparel?top_k=4")
    page.click("#more a.button")
    expect(page.locator("#grid > li")).to_have_count(8)
    return titles(page)


def test_more_of_a_category_is_shown_and_found_again_on_the_way_back(open_page):
    with open_page() as page:
        before = show_more_of_apparel(page)
        page.locator("#grid .card-link").nth(5).click()
        page.wait_for_url(re.compile("/products/"))
        page.go_back()
        expect(page.locator("#grid > li")).to_have_count(8)
        assert titles(page) == before


def test_more_that_was_shown_is_there_again_behind_a_filter(open_page):
    with open_page() as page:
        before = show_more_of_apparel(page)
        page.check("#colour-red")
        page.wait_for_url("**colour=Red*")
        expect(page.locator("#grid > li")).to_have_count(4)
        page.go_back()
        expect(page.locator("#grid > li")).to_have_count(8)
        assert titles(page) == before


def test_more_of_a_filtered_answer_is_there_again_on_the_way_forward(open_page):
    with open_page() as page:
        page.goto("/category/apparel?top_k=4")
        page.check("#colour-red")
        page.wait_for_url("**colour=Red*")
        wait_until_settled(page)
        # The way back may come before the new cards have settled.
        page.evaluate("htmx.config.defaultSettleDelay = 10_000")
        page.click("#more a.button")
        expect(page.locator("#grid > li")).to_have_count(8)
        page.go_back()
        expect(page.locator("#colour-red")).not_to_be_checked()
        page.go_forward()
        expect(page.locator("#colour-red")).to_be_checked()
        expect(page.locator("#grid > li")).to_have_count(8)


def test_skipping_to_the_content_does_not_forget_what_was_shown(open_page):
    with open_page() as page:
        page.goto("/category/apparel?top_k=4")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**#main")
        page.click("#more a.button")
        expect(page.locator("#grid > li")).to_have_count(8)
        page.locator("#grid .card-link").nth(5).click()
        page.wait_for_url(re.compile("/products/"))
        page.go_back()
        expect(page.locator("#grid > li")).to_have_count(8)


def test_words_typed_in_a_category_offer_to_keep_it(open_page):
    with open_page() as page:
        page.goto("/category/apparel/dress")
        page.fill("#words", "red")
        page.press("#words", "Enter")
        page.wait_for_url(re.compile(r"/results\?text=red"))
        assert "category" not in parameters(page)
        page.click(".chip--offer:has-text('Dress')")
        page.wait_for_url(re.compile("category="))
        assert parameters(page)["category"] == ["Apparel > Dress"]


def test_a_category_works_without_javascript(open_page):
    with open_page(java_script_enabled=False) as page:
        page.goto("/category/apparel/dress")
        page.check("#colour-red")
        page.click("#filters-form .without-script button")
        assert "/category/apparel/dress?" in page.url
        assert all(title.startswith("Red dress") for title in titles(page))


def test_viewed_products_are_shown_on_the_next_pages_until_switched_off(open_page, shop):
    with open_page() as page:
        for product in shop[:2]:
            page.goto(product.get_absolute_url())
        row = page.locator("[data-viewed] .card-title")
        expect(row).to_have_text([shop[0].title])
        page.goto("/")
        expect(row).to_have_text([shop[1].title, shop[0].title])
        page.click("[data-viewed-off-switch]")
        expect(row).to_have_count(0)
        page.goto(shop[3].get_absolute_url())
        page.goto("/")
        expect(page.locator("[data-viewed-on-switch]")).to_be_visible()
        assert kept(page, "viewed") == "off"
        page.click("[data-viewed-on-switch]")
        page.goto(shop[4].get_absolute_url())
        page.goto("/")
        expect(row).to_have_text([shop[4].title])


def test_nothing_is_kept_for_a_browser_that_objects(open_page, shop):
    with open_page() as page:
        page.goto("/")
        page.evaluate("localStorage.setItem('searches', '[\"red dress\"]')")
        page.add_init_script(NO_TRACKING)
        search_for(page, "blue shirt")
        page.check("#size-m")
        page.wait_for_url(re.compile("size=M"))
        page.goto(shop[0].get_absolute_url())
        page.goto("/")
        page.focus("#words")
        assert page.locator(".suggestions").is_hidden()
        assert page.locator("[data-viewed]").is_hidden()
        assert [kept(page, key) for key in ("searches", "viewed", "sizes")] == [None, None, None]


def test_a_size_is_offered_again_and_applied_by_one_tap(open_page):
    with open_page(width=375) as page:
        page.goto("/results?text=red")
        page.click(".open-filters")
        page.check("#size-m")
        page.wait_for_url(re.compile("size=M"))
        page.goto("/results?text=blue")
        offer = page.locator("[data-size-offer]")
        expect(offer).to_contain_text("M")
        assert "size" not in parameters(page)
        offer.click()
        page.wait_for_url(re.compile("size=M"))
        page.wait_for_selector(".chip:has-text('Size M')")
        expect(page.locator("[data-size-offer]")).to_be_hidden()


def test_a_size_that_no_result_has_is_not_offered(open_page):
    with open_page() as page:
        page.goto("/")
        page.evaluate("localStorage.setItem('sizes', '[\"58\"]')")
        page.goto("/results?text=blue")
        expect(page.locator("#results-title")).to_be_visible()
        assert page.locator("[data-size-offer]").is_hidden()
