"""The list under the search field: recent searches, categories and products, by key and by pointer."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANSWER = {
    "suggestions": [{"text": "red dress", "kind": "phrase"}, {"text": "red bag", "kind": "phrase"}],
    "categories": [
        {"name": "Dress", "path": "Apparel > Dress", "url": "/category/apparel/dress", "count": 15}
    ],
}


def search_for(page, *queries):
    for query in queries:
        page.goto("/favorites")
        page.fill("#masthead-words", query)
        page.press("#masthead-words", "Enter")
        page.wait_for_url(re.compile("/results"))


def kept(page, key):
    return page.evaluate("key => localStorage.getItem(key)", key)


def stub_answer(page, product):
    products = [
        {
            "product_id": product.product_id,
            "title": product.title,
            "brand": product.brand,
            "price": "10.00",
            "currency": "EUR",
            "url": product.get_absolute_url(),
            "image": "",
        }
    ]
    page.route("**/api/v1/suggest*", lambda route: route.fulfill(json={**ANSWER, "products": products}))


def active_option(page):
    return page.locator(f"#{page.get_attribute('#masthead-words', 'aria-activedescendant')}")


def test_recent_searches_are_offered_before_anything_is_typed(open_page):
    with open_page() as page:
        search_for(page, "blue shirt", "red  dress")
        page.goto("/favorites")
        page.focus("#masthead-words")
        options = page.locator(".suggestions-group--recent [role=option]")
        expect(options.nth(0)).to_contain_text("red dress")
        expect(options.nth(1)).to_contain_text("blue shirt")


def test_a_recent_search_is_removed_by_key_and_by_pointer(open_page):
    with open_page() as page:
        search_for(page, "blue shirt", "green bag", "red dress")
        page.goto("/favorites")
        page.focus("#masthead-words")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Delete")
        expect(page.locator(".suggestions >> text=red dress")).to_have_count(0)
        page.locator(".suggestions [data-remove]").first.click()
        expect(page.locator(".suggestions >> text=green bag")).to_have_count(0)
        assert kept(page, "searches") == '["blue shirt"]'
        page.click(".suggestions >> text=Clear recent searches")
        assert kept(page, "searches") == "[]"


def test_the_list_is_walked_by_keyboard_through_its_groups(open_page, shop):
    with open_page() as page:
        stub_answer(page, shop[0])
        page.goto("/favorites")
        page.fill("#masthead-words", "re")
        page.wait_for_selector(".suggestions-group--products")
        walked = []
        for _ in range(4):
            page.keyboard.press("ArrowDown")
            walked.append(active_option(page).inner_text())
        assert walked[:3] == ["red dress", "red bag", "Dress"]
        assert shop[0].title in walked[3]
        assert page.locator(".suggestions [aria-selected=true]").count() == 1
        page.keyboard.press("ArrowDown")
        assert page.get_attribute("#masthead-words", "aria-activedescendant") is None
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{shop[0].get_absolute_url()}")


def test_a_suggested_category_leads_to_its_page(open_page, shop):
    with open_page() as page:
        stub_answer(page, shop[0])
        page.goto("/favorites")
        page.fill("#masthead-words", "re")
        page.click(".suggestions-group--categories li")
        page.wait_for_url("**/category/apparel/dress")


def test_escape_closes_the_list_and_keeps_the_words(open_page, shop):
    with open_page() as page:
        stub_answer(page, shop[0])
        page.goto("/favorites")
        page.fill("#masthead-words", "re")
        page.wait_for_selector(".suggestions-group--products")
        page.keyboard.press("Escape")
        expect(page.locator(".suggestions")).to_be_hidden()
        assert page.input_value("#masthead-words") == "re"
        assert page.get_attribute("#masthead-words", "aria-expanded") == "false"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_the_open_list_fits_and_moves_nothing(open_page, shop, width, theme):
    with open_page(width=width, theme=theme) as page:
        search_for(page, "red dress")
        stub_answer(page, shop[0])
        page.goto("/favorites")
        before = page.locator("main h1").bounding_box()
        page.fill("#masthead-words", "re")
        page.wait_for_selector(".suggestions-group--products")
        assert page.locator("main h1").bounding_box() == before
        box = page.locator(".suggestions").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_the_shop_itself_suggests_products_with_pictures(open_page):
    with open_page() as page:
        page.goto("/favorites")
        page.fill("#masthead-words", "red dre")
        page.wait_for_selector(".suggestions-group--products img")
        first = page.locator(".suggestions-group--products li").first
        assert "dress" in first.inner_text()
        first.click()
        page.wait_for_url(re.compile("/products/"))


def test_a_phone_shows_what_the_suggested_products_are(open_page, shop):
    with open_page(width=360) as page:
        stub_answer(page, shop[0])
        page.goto("/results?text=dress")
        page.fill("#words", "red")
        expect(page.locator(".suggestions-group--products")).to_be_visible()
        around, listed = (page.locator(each).bounding_box() for each in (".search-form", ".suggestions"))
        assert listed["width"] == pytest.approx(around["width"], abs=1)
        is_whole = "all => all.map(each => each.scrollWidth <= each.clientWidth)"
        assert page.locator(".suggestions-names span").evaluate_all(is_whole) == [True, True]
