"""What is chosen before the scripts are there, on a slow connection, is asked for once they are."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.steps import Gate, parameters, search_with_photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@contextmanager
def before_the_scripts(page, address):
    # What comes before the stylesheets is in the browser's cache from the page before.
    gate = Gate(page, r"(?<!/transitions)\.js$")
    page.goto(address, wait_until="commit")
    yield
    gate.open()


def test_an_order(open_page):
    with open_page() as page:
        with before_the_scripts(page, "/results?text=dress"):
            page.select_option("#sort", "price")
        page.wait_for_url(re.compile("sort=price"))
        expect(page.locator("#sort")).to_have_value("price")


def test_all_of_several_filters(open_page):
    with open_page() as page:
        with before_the_scripts(page, "/category/apparel/dress"):
            page.check("#colour-red")
            page.check("#size-m")
        page.wait_for_url(re.compile("colour=Red"))
        assert parameters(page) == {"colour": ["Red"], "size": ["M"]}
        expect(page.locator("#colour-red")).to_be_checked()


def test_a_price_only_once_it_is_complete(open_page):
    with open_page() as page:
        with before_the_scripts(page, "/results?text=dress"):
            page.locator("#price-max").press_sequentially("1")
        page.wait_for_load_state()
        page.keyboard.type("5")
        page.keyboard.press("Tab")
        page.wait_for_url(re.compile("price_max="))
        assert parameters(page)["price_max"] == ["15"]


def test_a_weight(open_page, photo):
    with open_page() as page:
        search_with_photo(page, photo, "dress")
        with before_the_scripts(page, page.url):
            page.locator(".slider").fill("0.9")
        page.wait_for_url(re.compile("weight=0.9"))


def test_a_picture(open_page, photo):
    with open_page() as page:
        with before_the_scripts(page, "/"):
            page.set_input_files("#picture", photo)
        page.wait_for_url(re.compile("image_id="))


def test_nothing_is_asked_for_where_nothing_was_chosen(open_page, photo):
    with open_page() as page:
        search_with_photo(page, photo, "dress")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        address = f"{page.url}&colour=Blue&price_max=15.50&weight=0.333&sort=price"
        page.goto(address)
        # Longer than the slider rests.
        page.wait_for_timeout(500)
        assert [url for url in asked if "/results" in url] == [address]


def test_what_was_left_half_done_is_not_asked_for_on_the_way_back(open_page):
    with open_page() as page:
        page.goto("/results?text=dress")
        page.fill("#price-max", "15")
        page.goto("/favorites")
        page.go_back()
        expect(page.locator("#price-max")).to_have_value("")
        assert "price_max" not in parameters(page)
