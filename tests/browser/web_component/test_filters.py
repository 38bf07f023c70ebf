"""Filters and prices in <tandem-search>, and the chips that remove them, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import EXPECTED
from tests.browser.web_component.steps import ask, titles

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def test_show_more_waits_for_the_filter_that_is_being_answered(open_demo):
    with open_demo(page_size="4") as page:
        ask(page, "red")
        held = []
        page.route("**/api/v1/recommend", lambda route: held.append(route))
        with page.expect_request("**/api/v1/recommend"):
            page.get_by_role("checkbox", name=re.compile("Dress")).check()
        page.get_by_role("button", name="Show more").click()
        held[0].continue_()
        expect(page.get_by_role("button", name="Remove Dress")).to_be_visible()
        assert len(held) == 1
        assert all("dress" in title for title in titles(page))


def test_without_filters_the_results_are_the_same(open_demo):
    with open_demo() as page:
        ask(page, "red")
        shown = titles(page)
        page.evaluate("document.querySelector('tandem-search').setAttribute('filters', 'off')")
        expect(page.get_by_role("checkbox").first).to_be_hidden()
        assert titles(page) == shown


def test_a_price_that_is_being_typed_is_asked_once_it_is_complete(open_demo):
    with open_demo() as page:
        ask(page, "red")
        held, asked = [], []
        page.route("**/api/v1/recommend", lambda route: held.append(route), times=1)
        with page.expect_request("**/api/v1/recommend"):
            page.get_by_role("checkbox", name=re.compile("Dress")).check()
        page.on("request", lambda request: asked.append(request.post_data_json))
        page.get_by_role("spinbutton", name="Price to").focus()
        page.keyboard.type("4")
        held[0].continue_()
        expect(page.get_by_role("button", name="Remove Dress")).to_be_visible()
        page.keyboard.type("5")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=re.compile("Remove up to"))).to_be_visible()
        assert [body["price_max"] for body in asked if body and "price_max" in body] == ["45"]


def test_after_enter_a_price_is_typed_on_at_its_end(open_demo):
    with open_demo() as page:
        ask(page, "red")
        field = page.get_by_role("spinbutton", name="Price to")
        field.focus()
        page.keyboard.type("4")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=re.compile("Remove up to"))).to_be_visible()
        page.keyboard.type("5")
        expect(field).to_have_value("45")


def test_a_filter_that_was_not_answered_is_not_ticked(open_demo):
    with open_demo(expected=[EXPECTED], page_size="4") as page:
        ask(page, "dress")
        page.route("**/api/v1/recommend", lambda route: route.abort(), times=1)
        page.get_by_role("checkbox", name=re.compile("Red")).click()
        expect(page.get_by_role("status")).to_contain_text("cannot be reached")
        expect(page.get_by_role("checkbox", name=re.compile("Red"))).not_to_be_checked()


def test_a_refused_filter_says_what_is_wrong_with_it(open_demo):
    with open_demo(expected=[EXPECTED]) as page:
        ask(page, "red")
        page.get_by_role("spinbutton", name="Price to").fill("12.3456")
        page.get_by_role("spinbutton", name="Price to").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("decimal")
